"""A jump."""

from typing import Literal

import numpy as np

from nets.datasets.base import dataset
from nets.datasets.curves.base import CurveConfig


@dataset
class StepCurve(CurveConfig):
    """y = -1 below zero, 1 above."""

    help = "A jump: what is steep is hard to learn"
    name: Literal["step"] = "step"

    def curve(self, x: np.ndarray) -> np.ndarray:
        """Return the true y at each x; any shape."""
        return np.where(x < 0, -1.0, 1.0)
