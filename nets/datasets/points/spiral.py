"""Two arms wound into each other."""

from typing import Literal

import numpy as np

from nets.datasets.base import dataset
from nets.datasets.points.base import PointsConfig
from nets.datasets.points.spirals import wind


@dataset
class Spiral(PointsConfig):
    """Two spirals of 1¾ turns: the hardest of TensorFlow Playground's problems."""

    help = "Two arms wound into each other: the hard one"
    name: Literal["spiral"] = "spiral"

    def draw(self, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        """Return both arms."""
        points, labels = wind(rng, self.num_points, 2, turns=1.75, noise=self.noise)
        return points, 1 - labels
