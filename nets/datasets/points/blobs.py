"""Clouds on a circle."""

from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from nets.datasets.base import dataset
from nets.datasets.points.base import PointsConfig, polar


@dataset
class Blobs(PointsConfig):
    """Normal clouds around the corners of a polygon; noise widens them."""

    help = "Three to six clouds, a class each"
    name: Literal["blobs"] = "blobs"
    num_classes: Annotated[int, Field(ge=3, le=6)] = 4
    """Clouds."""

    def classes(self) -> int:
        """Return the clouds."""
        return self.num_classes

    def draw(self, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        """Return all clouds."""
        labels = np.arange(self.num_points) % self.num_classes
        centres = polar(np.full(self.num_points, 3.5), labels * 2 * np.pi / self.num_classes)
        return centres + rng.normal(0, 0.6 + 2 * self.noise, centres.shape), labels
