"""What is predicted beside what is true, in the units of the table."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Literal

import numpy as np
from pydantic import Field

from nets.views.base import View, view
from nets.views.rows import actual_of, answers_of

if TYPE_CHECKING:
    from nets.training import Training


@dataclass(frozen=True)
class PredictedValues:
    """``actual`` and ``predicted`` (B, K) float32 of test rows; ``mae``, ``rmse`` and ``r2`` (K,) over them.

    ``names`` are the columns.
    """

    actual: np.ndarray
    predicted: np.ndarray
    mae: np.ndarray
    rmse: np.ndarray
    r2: np.ndarray
    names: tuple[str, ...]


@view
class PredictedValuesView(View):
    """Predicted against true values of test rows."""

    kind: Literal["predicted_values"] = "predicted_values"
    count: Annotated[int, Field(ge=1, le=20_000)] = 800
    """Test rows looked at, at most."""

    def look(self, training: "Training") -> PredictedValues:
        """Return both, and how far apart they are.

        Raises:
            ValueError: if the data have no values to predict.
        """
        if training.experiment.data.info().task != "regression":
            raise ValueError("these data have classes to predict, not values")
        actual = actual_of(training, self.count)
        predicted = answers_of(training, training.parts.test.x[: self.count].cpu().numpy())
        errors = (predicted - actual).astype(np.float64)
        total = np.square(actual - actual.mean(axis=0), dtype=np.float64).sum(axis=0)
        r2 = 1 - np.square(errors).sum(axis=0) / np.where(total > 0, total, np.inf)
        names = getattr(training.experiment.data, "targets", ()) or ("y",) * actual.shape[1]
        return PredictedValues(
            actual,
            predicted,
            np.abs(errors).mean(axis=0),
            np.sqrt(np.square(errors).mean(axis=0)),
            np.where(total > 0, r2, 0.0),
            tuple(names),
        )
