"""A square wave."""

from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from nets.datasets.base import dataset
from nets.datasets.series.base import MadeSeries


@dataset
class Square(MadeSeries):
    """Up and down at fixed times: all there is to learn is to count."""

    help = "Up for some steps, down for some steps"
    name: Literal["square"] = "square"
    period: Annotated[int, Field(ge=2, le=10_000)] = 16
    """Steps of one period."""
    noise: Annotated[float, Field(ge=0, le=5)] = 0.05
    """Standard deviation of the noise; the wave is at -1 or 1."""

    def values(self, seed: int) -> np.ndarray:
        """Return the wave, (N, 1)."""
        rng = self.generator(seed)
        place = (np.arange(self.num_steps) + rng.integers(self.period)) % self.period
        wave = np.where(place < self.period / 2, 1.0, -1.0)
        return (wave + rng.normal(0, self.noise, size=wave.shape))[:, None]
