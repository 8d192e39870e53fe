"""The Lorenz equations: the butterfly."""

from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from nets.datasets.base import dataset
from nets.datasets.series.base import MadeSeries

SETTLING = 20.0
"""Units of time before the series begins, until its start is forgotten."""
PIECE = 0.01
"""Time of one piece that the equations are followed by."""


@dataset
class Lorenz(MadeSeries):
    """x of Lorenz's (1963) equations for rolling air: it turns around one side, then without warning the other."""

    help = "Lorenz's rolling air: turns that change sides without warning"
    name: Literal["lorenz"] = "lorenz"
    pieces: Annotated[int, Field(ge=1, le=20)] = 5
    """Hundredths of a unit of time between two values."""

    def values(self, seed: int) -> np.ndarray:
        """Return x, (N, 1)."""
        start = self.generator(seed).uniform(-10, 10, size=2)
        settling = round(SETTLING / PIECE)
        return lorenz(settling + self.num_steps * self.pieces, start[0], start[1])[settling :: self.pieces, None]


def lorenz(count: int, x: float, y: float) -> np.ndarray:
    """Return ``count`` pieces of x: the midpoint method from (x, y, 25)."""
    z, found = 25.0, np.empty(count)
    for place in range(count):
        found[place] = x
        half_x = x + PIECE / 2 * 10 * (y - x)
        half_y = y + PIECE / 2 * (x * (28 - z) - y)
        half_z = z + PIECE / 2 * (x * y - 8 / 3 * z)
        x = x + PIECE * 10 * (half_y - half_x)
        y = y + PIECE * (half_x * (28 - half_z) - half_y)
        z = z + PIECE * (half_x * half_y - 8 / 3 * half_z)
    return found
