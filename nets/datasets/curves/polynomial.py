"""A cubic."""

from typing import Literal

import numpy as np

from nets.datasets.base import dataset
from nets.datasets.curves.base import CurveConfig


@dataset
class Polynomial(CurveConfig):
    """y = (x³ - 4x) / 4."""

    help = "A cubic with a hill and a valley"
    name: Literal["polynomial"] = "polynomial"

    def curve(self, x: np.ndarray) -> np.ndarray:
        """Return the true y at each x; any shape."""
        return (x**3 - 4 * x) / 4
