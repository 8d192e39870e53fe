"""A ring."""

from typing import Literal

import numpy as np

from nets.datasets.base import dataset
from nets.datasets.distributions.base import DistributionConfig, no_modes


@dataset
class Ring(DistributionConfig):
    """Even around a circle, normal across it."""

    help = "A circle: a generator has to bend its noise around a hole"
    name: Literal["ring"] = "ring"

    def draw(self, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        """Return points around the circle."""
        angle = rng.uniform(0, 2 * np.pi, self.num_points)
        radius = 0.65 + rng.normal(0, 0.04, self.num_points)
        return no_modes(np.column_stack([np.cos(angle), np.sin(angle)]) * radius[:, None])
