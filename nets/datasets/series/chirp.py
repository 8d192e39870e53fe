"""A wave that becomes faster."""

from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from nets.datasets.base import dataset
from nets.datasets.series.base import MadeSeries


@dataset
class Chirp(MadeSeries):
    """A sine wave whose frequency rises evenly: what comes is faster than all that was seen."""

    help = "A sine wave that becomes faster and faster"
    name: Literal["chirp"] = "chirp"
    first_period: Annotated[float, Field(ge=2, le=10_000)] = 60.0
    """Steps of the first period."""
    last_period: Annotated[float, Field(ge=2, le=10_000)] = 15.0
    """Steps of the last period."""
    noise: Annotated[float, Field(ge=0, le=5)] = 0.02
    """Standard deviation of the noise; the wave goes from -1 to 1."""

    def values(self, seed: int) -> np.ndarray:
        """Return the wave, (N, 1)."""
        rng, steps = self.generator(seed), self.steps()
        rise = (1 / self.last_period - 1 / self.first_period) / (2 * self.num_steps)
        turns = steps / self.first_period + rise * steps**2
        wave = np.sin(2 * np.pi * turns + rng.uniform(0, 2 * np.pi))
        return (wave + rng.normal(0, self.noise, size=wave.shape))[:, None]
