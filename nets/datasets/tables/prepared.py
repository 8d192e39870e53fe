"""What making inputs of a table's cells has left: views and later rows need it."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

    from nets.datasets.tables.base import TableConfig


KEPT = 20_000
"""Typed rows of each part that are kept for views."""


@dataclass(frozen=True)
class Preparation:
    """What was fitted on the training part, and the first typed rows of both parts: views show cells, not inputs.

    ``means`` and ``spreads`` (K,) bring values to predict back to their own unit. ``fitted`` is what ``fitted_on``
    returned.
    """

    config: "TableConfig"
    fitted: dict[str, Any]
    means: np.ndarray
    spreads: np.ndarray
    train: "pd.DataFrame"
    test: "pd.DataFrame"

    def inputs(self, frame: "pd.DataFrame") -> np.ndarray:
        """Return inputs (B, D) float32 of typed rows; targets need not be there."""
        return self.config.inputs_by(self.fitted, frame)
