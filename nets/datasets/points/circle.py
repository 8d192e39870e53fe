"""A disc inside a ring."""

from typing import Literal

import numpy as np

from nets.datasets.base import dataset
from nets.datasets.points.base import PointsConfig, halves, polar

RADIUS = 5.0


@dataset
class Circle(PointsConfig):
    """Blue within half the radius, orange from 0.7 of it on; the label follows the noisy point."""

    help = "A disc inside a ring: no straight line parts them"
    name: Literal["circle"] = "circle"

    def draw(self, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        """Return disc and ring."""
        inner, outer = halves(self.num_points)
        radius = np.concatenate([rng.uniform(0, RADIUS * 0.5, inner), rng.uniform(RADIUS * 0.7, RADIUS, outer)])
        points = polar(radius, rng.uniform(0, 2 * np.pi, self.num_points))
        noisy = points + rng.uniform(-RADIUS, RADIUS, points.shape) * self.noise
        return points, np.linalg.norm(noisy, axis=1) < RADIUS * 0.5
