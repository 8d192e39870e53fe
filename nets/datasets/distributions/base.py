"""Points in the plane between -1 and 1 that follow some distribution; a network is to make more of them."""

from dataclasses import dataclass
from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from nets.datasets.base import DataInfo, DatasetConfig, Split, split_indices


@dataclass(frozen=True)
class Modes:
    """Where a distribution is dense: the centre (x1, x2) of each mode, and the standard deviation around it."""

    centres: tuple[tuple[float, ...], ...]
    spread: float


class DistributionConfig(DatasetConfig):
    """Points of a distribution; subclasses give ``draw``, and ``modes`` where there are some."""

    kind: Literal["distribution"] = "distribution"
    num_points: Annotated[int, Field(ge=2, le=50_000)] = 2000
    """Points in all, training and test together."""
    train_share: Annotated[float, Field(ge=0.1, le=0.9)] = 0.8
    """Share of the points used for training; the rest test."""

    def modes(self) -> Modes | None:
        """Return where the distribution is dense; None where it has no separate modes."""
        return None

    def draw(self, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        """Return points (B, 2) and the number of each one's mode (B,); all 0 where there are no modes."""
        raise NotImplementedError

    def info(self) -> DataInfo:
        """Return two coordinates, and the modes as classes."""
        modes = self.modes()
        count = len(modes.centres) if modes else 1
        names = tuple(str(index + 1) for index in range(count))
        return DataInfo("binary" if count == 2 else "multiclass", (2,), count, names, ("x₁", "x₂"))

    def load(self, seed: int) -> Split:
        """Return the points, labelled with their modes."""
        x, y = self.draw(self.generator(seed))
        x, y = x.astype(np.float32), y.astype(np.int64)
        train, test = split_indices(len(x), self.train_share, seed, self.sample)
        return Split(x[train], y[train], x[test], y[test])


class ModesConfig(DistributionConfig):
    """Normal clouds of the same size; subclasses give ``centres``."""

    spread: Annotated[float, Field(ge=0.005, le=0.3)] = 0.08
    """Standard deviation of a cloud."""

    def centres(self) -> tuple[tuple[float, ...], ...]:
        """Return the middle of each cloud."""
        raise NotImplementedError

    def modes(self) -> Modes:
        """Return the clouds."""
        return Modes(self.centres(), self.spread)

    def draw(self, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        """Return points around the centres, each centre as often as the others."""
        centres = np.array(self.centres())
        place = np.arange(self.num_points) % len(centres)
        return centres[place] + rng.normal(0, 1, (self.num_points, 2)) * self.spread, place


def no_modes(points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return points (B, 2) with the one label that all have."""
    return points, np.zeros(len(points))
