"""A tilted plane to fit."""

from typing import Literal

import numpy as np

from nets.datasets.base import dataset
from nets.datasets.points.base import EXTENT, SurfaceConfig


@dataset
class Plane(SurfaceConfig):
    """The value rises from -1 to 1 along x1 + x2."""

    help = "A tilted plane to fit"
    name: Literal["plane"] = "plane"

    def draw(self, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        """Return points all over the plane and their values."""
        points = rng.uniform(-EXTENT, EXTENT, (self.num_points, 2))
        noisy = points + rng.uniform(-EXTENT, EXTENT, points.shape) * self.noise
        return points, noisy.sum(axis=1) / 10
