"""A wave that dies away."""

from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from nets.datasets.base import dataset
from nets.datasets.series.base import MadeSeries


@dataset
class Damped(MadeSeries):
    """A sine wave whose height halves again and again: what a struck string does."""

    help = "A sine wave that dies away"
    name: Literal["damped"] = "damped"
    period: Annotated[float, Field(ge=2, le=10_000)] = 20.0
    """Steps of one period."""
    half_life: Annotated[float, Field(ge=1, le=100_000)] = 200.0
    """Steps until it is half as high."""
    noise: Annotated[float, Field(ge=0, le=5)] = 0.01
    """Standard deviation of the noise; the wave begins between -1 and 1."""

    def values(self, seed: int) -> np.ndarray:
        """Return the wave, (N, 1)."""
        rng, steps = self.generator(seed), self.steps()
        wave = 0.5 ** (steps / self.half_life) * np.sin(2 * np.pi * steps / self.period + rng.uniform(0, 2 * np.pi))
        return (wave + rng.normal(0, self.noise, size=wave.shape))[:, None]
