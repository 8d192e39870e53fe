"""Four squares, two classes."""

from typing import Literal

import numpy as np

from nets.datasets.base import dataset
from nets.datasets.points.base import PointsConfig

PADDING = 0.3


@dataset
class Xor(PointsConfig):
    """Blue where both coordinates have the same sign; a strip along the axes stays free."""

    help = "Opposite corners belong together: the problem one neuron can't solve"
    name: Literal["xor"] = "xor"

    def draw(self, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        """Return points in four squares."""
        points = rng.uniform(-5, 5, (self.num_points, 2))
        points += np.where(points > 0, PADDING, -PADDING)
        noisy = points + rng.uniform(-5, 5, points.shape) * self.noise
        return points, noisy[:, 0] * noisy[:, 1] >= 0
