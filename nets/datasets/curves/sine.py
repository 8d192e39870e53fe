"""One and a half waves."""

from typing import Literal

import numpy as np

from nets.datasets.base import dataset
from nets.datasets.curves.base import CurveConfig


@dataset
class Sine(CurveConfig):
    """y = sin(1.5x)."""

    help = "A wave: smooth, but not straight"
    name: Literal["sine"] = "sine"

    def curve(self, x: np.ndarray) -> np.ndarray:
        """Return the true y at each x; any shape."""
        return np.sin(1.5 * x)
