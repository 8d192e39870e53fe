"""A distribution that the user draws."""

from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from nets.datasets.base import dataset
from nets.datasets.distributions.base import DistributionConfig, no_modes

Coordinate = Annotated[float, Field(ge=-1, le=1)]


@dataset
class DrawnShape(DistributionConfig):
    """Points around those that the user draws."""

    help = "Your own: draw where the points should lie"
    name: Literal["drawn_shape"] = "drawn_shape"
    drawn: Annotated[tuple[tuple[Coordinate, Coordinate], ...], Field(min_length=1, max_length=2000)] = (
        (-0.6, 0.5),
        (-0.3, 0.6),
        (0.0, 0.5),
        (0.3, 0.4),
        (0.6, 0.5),
        (-0.5, -0.4),
        (0.5, -0.4),
    )
    """What was drawn, x1 and x2 of each point."""
    spread: Annotated[float, Field(ge=0, le=0.3)] = 0.05
    """Standard deviation of the cloud around each drawn point."""

    def draw(self, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        """Return points around the drawn ones, each as often as the others."""
        centres = np.array(self.drawn, dtype=np.float64)
        place = np.arange(self.num_points) % len(centres)
        return no_modes(centres[place] + rng.normal(0, 1, (self.num_points, 2)) * self.spread)
