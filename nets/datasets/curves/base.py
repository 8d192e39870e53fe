"""Points along a function of one variable."""

from typing import Annotated, ClassVar, Literal

import numpy as np
from pydantic import Field

from nets.datasets.base import DataInfo, DatasetConfig, Split, split_indices


class CurveConfig(DatasetConfig):
    """Noisy points along a curve; subclasses give ``curve`` and the range of x."""

    low: ClassVar[float] = -3.0
    high: ClassVar[float] = 3.0

    kind: Literal["curve"] = "curve"
    num_points: Annotated[int, Field(ge=2, le=20_000)] = 100
    """Points in all, training and test together."""
    noise: Annotated[float, Field(ge=0, le=5)] = 0.1
    """Standard deviation of what is added to y."""
    train_share: Annotated[float, Field(ge=0.1, le=0.9)] = 0.8
    """Share of the points used for training; the rest test."""

    def curve(self, x: np.ndarray) -> np.ndarray:
        """Return the true y at each x; any shape."""
        raise NotImplementedError

    def info(self) -> DataInfo:
        """Return one number in, one number out."""
        return DataInfo("regression", (1,), 1, (), ("x",))

    def load(self, seed: int) -> Split:
        """Return points at even random x, with normal noise on y."""
        rng = self.generator(seed)
        x = rng.uniform(self.low, self.high, (self.num_points, 1))
        y = self.curve(x) + rng.normal(0, 1, x.shape) * self.noise
        train, test = split_indices(len(x), self.train_share, seed, self.sample)
        x, y = x.astype(np.float32), y.astype(np.float32)
        return Split(x[train], y[train], x[test], y[test])
