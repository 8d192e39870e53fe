"""Six hills and valleys to fit."""

from typing import Literal

import numpy as np

from nets.datasets.base import dataset
from nets.datasets.points.base import EXTENT, SurfaceConfig

HILLS = np.array([[-4, 2.5, 1], [0, 2.5, -1], [4, 2.5, 1], [-4, -2.5, -1], [0, -2.5, 1], [4, -2.5, -1]])
"""Centre and sign of each hill."""


@dataset
class MultiGauss(SurfaceConfig):
    """The value falls from a hill's ±1 to 0 within a distance of 2; the strongest hill counts."""

    help = "Six hills and valleys to fit"
    name: Literal["multi_gauss"] = "multi_gauss"

    def draw(self, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        """Return points all over the plane and their values."""
        points = rng.uniform(-EXTENT, EXTENT, (self.num_points, 2))
        noisy = points + rng.uniform(-EXTENT, EXTENT, points.shape) * self.noise
        distance = np.linalg.norm(noisy[:, None] - HILLS[:, :2], axis=2)
        values = HILLS[:, 2] * np.clip(1 - distance / 2, 0, 1)
        return points, values[np.arange(len(values)), np.abs(values).argmax(axis=1)]
