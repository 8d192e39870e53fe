"""A checkerboard."""

from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from nets.datasets.base import dataset
from nets.datasets.points.base import PointsConfig


@dataset
class Checkerboard(PointsConfig):
    """Squares of alternating class; the label follows the noisy point."""

    help = "Alternating squares: xor, again and again"
    name: Literal["checkerboard"] = "checkerboard"
    num_points: Annotated[int, Field(ge=2, le=20_000)] = 1000
    """Points in all, training and test together."""
    squares: Annotated[int, Field(ge=2, le=8)] = 4
    """Squares along each side."""

    def draw(self, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        """Return points all over the board."""
        points = rng.uniform(-5, 5, (self.num_points, 2))
        noisy = points + rng.uniform(-1, 1, points.shape) * self.noise * 10 / self.squares
        cells = np.floor((noisy + 5) * self.squares / 10)
        return points, cells.sum(axis=1) % 2 == 0
