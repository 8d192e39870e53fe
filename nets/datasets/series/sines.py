"""Waves on top of each other."""

from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from nets.datasets.base import dataset
from nets.datasets.series.base import MadeSeries

Period = Annotated[float, Field(ge=2, le=10_000)]


@dataset
class Sines(MadeSeries):
    """The sum of sine waves, each half as high as the one before, with noise."""

    help = "Sine waves of several lengths on top of each other"
    name: Literal["sines"] = "sines"
    periods: Annotated[tuple[Period, ...], Field(min_length=1, max_length=6)] = (25.0, 11.0)
    """Steps of one period of each wave."""
    noise: Annotated[float, Field(ge=0, le=5)] = 0.05
    """Standard deviation of the noise; the first wave goes from -1 to 1."""

    def values(self, seed: int) -> np.ndarray:
        """Return the waves, (N, 1)."""
        rng = self.generator(seed)
        lengths = np.array(self.periods)[:, None]
        heights = 0.5 ** np.arange(len(lengths))[:, None]
        phases = rng.uniform(0, 2 * np.pi, size=lengths.shape)
        waves = (heights * np.sin(2 * np.pi * self.steps() / lengths + phases)).sum(axis=0)
        return (waves + rng.normal(0, self.noise, size=waves.shape))[:, None]
