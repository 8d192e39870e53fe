"""The Mackey-Glass equation: chaos with a memory."""

from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from nets.datasets.base import dataset
from nets.datasets.series.base import MadeSeries

PARTS = 10
"""Pieces into which a step is cut to follow the equation."""
SETTLING = 300
"""Steps before the series begins, until its start is forgotten."""


@dataset
class MackeyGlass(MadeSeries):
    """x' = 0.2 x(t - delay) / (1 + x(t - delay)¹⁰) - 0.1 x. Mackey and Glass (1977): blood cells."""

    help = "Blood cells by Mackey and Glass: chaos that remembers"
    name: Literal["mackey_glass"] = "mackey_glass"
    delay: Annotated[int, Field(ge=2, le=100)] = 17
    """Steps that it looks back; from 17 on it is chaotic."""

    def values(self, seed: int) -> np.ndarray:
        """Return the series, (N, 1)."""
        start = self.generator(seed).uniform(0.8, 1.4)
        return mackey_glass(self.num_steps, self.delay, start)[:, None]


def mackey_glass(count: int, delay: int, start: float) -> np.ndarray:
    """Return ``count`` steps of the equation, followed in small pieces from a constant past."""
    past = delay * PARTS
    x = np.full(past + (SETTLING + count) * PARTS, start)
    for place in range(past, len(x)):
        before, delayed = x[place - 1], x[place - past]
        x[place] = before + (0.2 * delayed / (1 + delayed**10) - 0.1 * before) / PARTS
    return x[past + SETTLING * PARTS :: PARTS]
