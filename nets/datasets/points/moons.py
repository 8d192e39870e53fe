"""Two half moons."""

from typing import Literal

import numpy as np

from nets.datasets.base import dataset
from nets.datasets.points.base import PointsConfig, halves


@dataset
class Moons(PointsConfig):
    """Two interleaving half circles, as scikit-learn's ``make_moons`` has them, at three times the size."""

    help = "Two half circles that reach into each other"
    name: Literal["moons"] = "moons"

    def draw(self, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        """Return both moons."""
        upper, lower = halves(self.num_points)
        up, down = np.linspace(0, np.pi, upper), np.linspace(0, np.pi, lower)
        x1 = np.concatenate([np.cos(up), 1 - np.cos(down)])
        x2 = np.concatenate([np.sin(up), 0.5 - np.sin(down)])
        points = 3 * (np.column_stack([x1, x2]) - [0.5, 0.25])
        return points + rng.normal(0, 0.15 + 2 * self.noise, points.shape), np.repeat([1, 0], [upper, lower])
