"""Clouds on a square grid: the usual test of whether a generator forgets some."""

from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from nets.datasets.base import dataset
from nets.datasets.distributions.base import ModesConfig


@dataset
class Grid(ModesConfig):
    """Five rows of five clouds, as in Dumoulin et al. (2016) and Srivastava et al. (2017)."""

    help = "25 small clouds in rows: modes that collapse are counted here"
    name: Literal["grid"] = "grid"
    num_points: Annotated[int, Field(ge=2, le=50_000)] = 5000
    """Points in all, training and test together."""
    side: Annotated[int, Field(ge=2, le=10)] = 5
    """Rows, and clouds in each."""
    spread: Annotated[float, Field(ge=0.005, le=0.3)] = 0.02
    """Standard deviation of a cloud."""

    def centres(self) -> tuple[tuple[float, ...], ...]:
        """Return the clouds, row by row from below."""
        ticks = np.round(np.linspace(-0.8, 0.8, self.side), 6)
        x1, x2 = np.meshgrid(ticks, ticks)
        return tuple(map(tuple, np.column_stack([x1.ravel(), x2.ravel()]).tolist()))
