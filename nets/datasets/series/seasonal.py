"""Seasons on a trend."""

from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from nets.datasets.base import dataset
from nets.datasets.series.base import MadeSeries


@dataset
class Seasonal(MadeSeries):
    """What shops and power stations see: a season that comes back, a trend, noise."""

    help = "A season that comes back, on a trend, with noise"
    name: Literal["seasonal"] = "seasonal"
    period: Annotated[int, Field(ge=2, le=1000)] = 24
    """Steps of a season."""
    trend: Annotated[float, Field(ge=-1, le=1)] = 0.02
    """What a season adds on average; the season itself goes from -1 to 1."""
    noise: Annotated[float, Field(ge=0, le=5)] = 0.15
    """Standard deviation of the noise."""

    def values(self, seed: int) -> np.ndarray:
        """Return the series, (N, 1)."""
        rng, steps = self.generator(seed), self.steps()
        turns = 2 * np.pi * (steps + rng.integers(self.period)) / self.period
        season = 0.75 * np.sin(turns) + 0.25 * np.sin(2 * turns)
        return (season + self.trend * steps / self.period + rng.normal(0, self.noise, size=steps.shape))[:, None]
