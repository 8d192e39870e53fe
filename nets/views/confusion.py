"""The confusion matrix: what is taken for what."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Literal

import numpy as np
from pydantic import Field

from nets.views.base import View, view
from nets.views.passages import shares_of

if TYPE_CHECKING:
    from nets.training import Training


@dataclass(frozen=True)
class Confusion:
    """``counts`` (K, K) int32: row the true class, column the predicted one.

    ``precision``, ``recall`` and ``f1`` (K,) float64, 0 where there is nothing to divide by; ``support`` (K,) int64
    counts the true examples of each class. ``accuracy`` and ``macro_f1``, the plain mean over the classes that occur
    or are predicted, are from 0 to 1. All are of the first ``looked_at`` of the ``available`` test examples.
    """

    counts: np.ndarray
    precision: np.ndarray
    recall: np.ndarray
    f1: np.ndarray
    support: np.ndarray
    accuracy: float
    macro_f1: float
    looked_at: int
    available: int


@view
class ConfusionView(View):
    """Counts of true and predicted classes over the test part."""

    kind: Literal["confusion"] = "confusion"
    count: Annotated[int, Field(ge=1, le=10_000)] = 2048
    """Test examples looked at, at most."""

    @property
    def every_seconds(self) -> float:
        """It looks at hundreds of examples at a time."""
        return 1.0

    def look(self, training: "Training") -> Confusion:
        """Return the counts and what follows from them.

        Raises:
            ValueError: if the data have no classes.
        """
        part = training.parts.test.first(self.count)
        shares = shares_of(training, part)
        classes = shares.shape[1]
        actual, predicted = part.labels.cpu().numpy(), shares.argmax(dim=1).numpy()
        counts = np.bincount(actual * classes + predicted, minlength=classes**2).reshape(classes, classes)
        right, said, support = counts.diagonal(), counts.sum(axis=0), counts.sum(axis=1)
        f1 = 2 * right / np.maximum(said + support, 1)
        return Confusion(
            counts.astype(np.int32),
            right / np.maximum(said, 1),
            right / np.maximum(support, 1),
            f1,
            support,
            float(right.sum() / len(part)),
            float(f1[said + support > 0].mean()),
            len(part),
            len(training.parts.test),
        )
