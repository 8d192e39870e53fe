"""Two clouds."""

from typing import Literal

import numpy as np

from nets.datasets.base import dataset
from nets.datasets.points.base import PointsConfig, halves


@dataset
class Gauss(PointsConfig):
    """Two normal clouds around (2, 2) and (-2, -2); noise widens them from variance 0.5 to 4."""

    help = "Two clouds that a straight line parts"
    name: Literal["gauss"] = "gauss"

    def draw(self, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        """Return both clouds."""
        blue, orange = halves(self.num_points)
        labels = np.repeat([1, 0], [blue, orange])
        centres = np.where(labels == 1, 2.0, -2.0)[:, None]
        variance = 0.5 + 7 * self.noise
        return centres + rng.normal(0, np.sqrt(variance), (self.num_points, 2)), labels
