"""A spiral."""

from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from nets.datasets.base import dataset
from nets.datasets.distributions.base import DistributionConfig, no_modes


@dataset
class SpiralShape(DistributionConfig):
    """Even along an Archimedean spiral, normal across it."""

    help = "A spiral: the noise has to be rolled up"
    name: Literal["spiral_shape"] = "spiral_shape"
    turns: Annotated[float, Field(ge=0.5, le=4)] = 1.75
    """Turns around the middle."""

    def draw(self, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        """Return points along the spiral, denser nowhere."""
        along = np.sqrt(rng.uniform(0.02, 1, self.num_points))
        angle = along * self.turns * 2 * np.pi
        spiral = np.column_stack([np.sin(angle), np.cos(angle)]) * along[:, None] * 0.85
        return no_modes(spiral + rng.normal(0, 0.02, (self.num_points, 2)))
