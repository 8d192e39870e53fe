"""Spirals of three to six arms."""

from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from nets.datasets.base import dataset
from nets.datasets.points.base import PointsConfig, polar


def wind(
    rng: np.random.Generator, count: int, arms: int, *, turns: float, noise: float
) -> tuple[np.ndarray, np.ndarray]:
    """Return points (B, 2) on ``arms`` spirals of radius 5 and the arm of each (B,)."""
    labels = np.arange(count) % arms
    share = (np.arange(count) // arms) / max(1, -(-count // arms))
    points = polar(share * 5, share * turns * 2 * np.pi + labels * 2 * np.pi / arms)
    return points + rng.uniform(-1, 1, points.shape) * noise, labels


@dataset
class Spirals(PointsConfig):
    """A galaxy: one class an arm, wound less the more arms there are."""

    help = "Three to six arms, a class each"
    name: Literal["spirals"] = "spirals"
    num_classes: Annotated[int, Field(ge=3, le=6)] = 3
    """Arms of the spiral."""

    def classes(self) -> int:
        """Return the arms."""
        return self.num_classes

    def draw(self, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        """Return all arms."""
        return wind(rng, self.num_points, self.num_classes, turns=2.4 / self.num_classes, noise=self.noise)
