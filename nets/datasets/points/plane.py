"""A tilted plane to fit."""

from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from nets.datasets.base import dataset
from nets.datasets.points.base import EXTENT, PointsConfig


@dataset
class Plane(PointsConfig):
    """The value rises from -1 to 1 along x1 + x2."""

    help = "A tilted plane to fit"
    name: Literal["plane"] = "plane"
    num_points: Annotated[int, Field(ge=2, le=20_000)] = 1200
    """Points in all, training and test together."""

    def classes(self) -> int:
        """Return 0: values, not classes."""
        return 0

    def draw(self, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        """Return points all over the plane and their values."""
        points = rng.uniform(-EXTENT, EXTENT, (self.num_points, 2))
        noisy = points + rng.uniform(-EXTENT, EXTENT, points.shape) * self.noise
        return points, noisy.sum(axis=1) / 10
