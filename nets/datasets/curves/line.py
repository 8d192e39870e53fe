"""A straight line."""

from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from nets.datasets.base import dataset
from nets.datasets.curves.base import CurveConfig


@dataset
class Line(CurveConfig):
    """y = 2x + 1 for x in 0 … 10."""

    help = "y = 2x + 1: what a neuron can fit alone"
    low = 0.0
    high = 10.0
    name: Literal["line"] = "line"
    noise: Annotated[float, Field(ge=0, le=5)] = 0.5
    """Standard deviation of what is added to y."""

    def curve(self, x: np.ndarray) -> np.ndarray:
        """Return the true y at each x; any shape."""
        return 2 * x + 1
