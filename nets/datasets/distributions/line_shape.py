"""A line with some thickness."""

from typing import Literal

import numpy as np

from nets.datasets.base import dataset
from nets.datasets.distributions.base import DistributionConfig, no_modes


@dataset
class LineShape(DistributionConfig):
    """Even along a rising line, normal across it."""

    help = "A rising line: the easiest distribution to learn"
    name: Literal["line_shape"] = "line_shape"

    def draw(self, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        """Return points along the line."""
        along = rng.uniform(-0.7, 0.7, self.num_points)
        return no_modes(np.column_stack([along, 0.6 * along]) + rng.normal(0, 0.04, (self.num_points, 2)))
