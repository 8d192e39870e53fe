"""Clouds on a square grid: the usual test of whether a generator forgets some."""

from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from nets.datasets.base import dataset
from nets.datasets.distributions.base import Modes, ModesConfig


@dataset
class Grid(ModesConfig):
    """Five rows of five clouds, as in Dumoulin et al. (2016) and Srivastava et al. (2017)."""

    help = "25 small clouds in rows: modes that collapse are counted here"
    name: Literal["grid"] = "grid"
    num_points: Annotated[int, Field(ge=2, le=50_000)] = 5000
    """Points in all, training and test together."""
    side: Annotated[int, Field(ge=2, le=10)] = 5
    """Rows, and clouds in each."""
    spread: Annotated[float, Field(ge=0.005, le=0.1)] = 0.02
    """Standard deviation of a cloud."""

    def modes(self) -> Modes:
        """Return the clouds, row by row from below."""
        ticks = [round(float(tick), 6) for tick in np.linspace(-0.8, 0.8, self.side)]
        return Modes(tuple((x1, x2) for x2 in ticks for x1 in ticks), self.spread)
