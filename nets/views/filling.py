"""How well each way fills gaps: known cells are hidden, filled in, and compared with what they were."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Literal

import numpy as np
from pydantic import Field

from nets.seeds import derive
from nets.views.base import View, view
from nets.views.rows import preparation_of

if TYPE_CHECKING:
    from nets.training import Training

WAYS = ("autoencoder", "nearest", "mean", "median", "most_frequent")


@dataclass(frozen=True)
class Filling:
    """``errors`` (W,) float32 of the ``ways``: root mean square on ``hidden`` cells, in spreads of their column."""

    ways: tuple[str, ...]
    errors: np.ndarray
    hidden: int


@view
class FillingView(View):
    """Errors of each way to fill gaps on cells of training rows that are hidden for it."""

    kind: Literal["filling"] = "filling"
    changes_with_weights = False
    share: Annotated[float, Field(gt=0, le=0.5)] = 0.1
    """Share of the known cells that is hidden."""
    among: Annotated[int, Field(ge=20, le=20_000)] = 2000
    """Training rows looked at, at most."""

    def prepare(self) -> None:
        """Import scikit-learn's ways."""
        import sklearn.impute  # noqa: F401

    def look(self, training: "Training") -> Filling:
        """Return the errors.

        Raises:
            ValueError: if the data are no table with two columns of numbers.
        """
        from nets.datasets.tables.preparing import filler_of, scaler_of

        preparation = preparation_of(training)
        numbers, _, _ = preparation.config.cells(preparation.train.iloc[: self.among])
        numbers = numbers[:, ~np.isnan(numbers).all(axis=0)] if numbers.size else numbers
        if numbers.shape[1] < 2:
            raise ValueError("these data have fewer than two columns of numbers, so no gap says anything of another")
        seed = derive(training.experiment.train.seed, "filling")
        hidden = (np.random.default_rng(seed).random(numbers.shape) < self.share) & ~np.isnan(numbers)
        scaled = scaler_of("standard", "keep").fit_transform(np.where(hidden, np.nan, numbers))
        truth = scaler_of("standard", "keep").fit(np.where(hidden, np.nan, numbers)).transform(numbers)
        errors = []
        for way in WAYS:
            filler = filler_of(way, seed)
            filler.fit(scaled)
            errors.append(np.sqrt(np.square(filler.transform(scaled) - truth)[hidden].mean()))
        return Filling(WAYS, np.array(errors, dtype=np.float32), int(hidden.sum()))
