"""A random walk."""

from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from nets.datasets.base import dataset
from nets.datasets.series.base import MadeSeries


@dataset
class RandomWalk(MadeSeries):
    """Each step adds a random number: nothing forecasts it better than its last value."""

    help = "Random steps that add up: nobody beats the last value"
    name: Literal["random_walk"] = "random_walk"
    drift: Annotated[float, Field(ge=-5, le=5)] = 0.0
    """What each step adds on average; its standard deviation is 1."""

    def values(self, seed: int) -> np.ndarray:
        """Return the walk, (N, 1)."""
        return self.generator(seed).normal(self.drift, 1.0, size=self.num_steps).cumsum()[:, None]
