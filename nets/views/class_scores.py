"""How sure a network is of each class, for test rows: what ROC, precision-recall and calibration are drawn from."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Literal

import numpy as np
from pydantic import Field

from nets.views.base import View, view
from nets.views.rows import actual_of, answers_of

if TYPE_CHECKING:
    from nets.training import Training


@dataclass(frozen=True)
class ClassScores:
    """``scores`` (B, K) float32, shares of classes or labels, and ``actual`` (B, K) uint8, which of them are true.

    ``auc`` and ``precision`` (K,) are the areas under the ROC curve and under precision over recall; NaN where a class
    is true of no row, or of all. ``names`` are the classes or labels.
    """

    scores: np.ndarray
    actual: np.ndarray
    auc: np.ndarray
    precision: np.ndarray
    names: tuple[str, ...]


@view
class ClassScoresView(View):
    """Shares of classes or labels beside what is true."""

    kind: Literal["class_scores"] = "class_scores"
    count: Annotated[int, Field(ge=1, le=20_000)] = 2000
    """Test rows looked at, at most."""

    @property
    def every_seconds(self) -> float:
        """It sorts all scores of each class."""
        return 0.3

    def prepare(self) -> None:
        """Import scikit-learn's metrics."""
        import sklearn.metrics  # noqa: F401

    def look(self, training: "Training") -> ClassScores:
        """Return both.

        Raises:
            ValueError: if the data have values to predict, or the network predicts nothing.
        """
        from sklearn.metrics import average_precision_score, roc_auc_score

        info = training.experiment.data.info()
        if info.task == "regression":
            raise ValueError("these data have values to predict, not classes")
        scores = answers_of(training, training.parts.test.x[: self.count].cpu().numpy()).clip(0, 1)
        actual = actual_of(training, self.count)
        if actual.ndim == 1:
            actual = np.eye(info.num_targets, dtype=np.uint8)[actual]
        actual = actual.astype(np.uint8)
        mixed = [bool(column.any() and not column.all()) for column in actual.T]
        auc, precision = (
            np.array([score(actual[:, k], scores[:, k]) if mixed[k] else np.nan for k in range(actual.shape[1])])
            for score in (roc_auc_score, average_precision_score)
        )
        return ClassScores(scores, actual, auc, precision, info.class_names)
