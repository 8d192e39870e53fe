"""Ten kinds of shapes, drawn anew for each seed: small colour pictures that need no download."""

from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from nets.datasets.base import dataset
from nets.datasets.images.base import PicturesConfig
from nets.datasets.images.outlines import NAMES, OUTLINES

SIDE = 32
"""Height and width in pixels."""
STROKES = 6
"""Strokes of clutter in a picture, at most."""
TOGETHER = 128
"""Pictures that are painted at a time: as many as the processor's cache holds."""


@dataset
class Shapes(PicturesConfig):
    """Shapes in any place, size, turn and colour, on a shaded ground, between strokes and noise; 32×32 in colour."""

    help = "Ten kinds of shapes, drawn for you: any place, size, turn and colour, between strokes and noise"
    name: Literal["shapes"] = "shapes"
    num_pictures: Annotated[int, Field(ge=200, le=50_000)] = 4000
    """Pictures in all, training and test together."""
    train_share: Annotated[float, Field(ge=0.1, le=0.9)] = 0.8
    """Share of the pictures used for training; the rest test."""
    noise: Annotated[float, Field(ge=0, le=1)] = 0.15
    """How grainy the pictures are: 0 not at all, 1 hardly recognizable."""
    clutter: Annotated[float, Field(ge=0, le=1)] = 0.2
    """How many strokes cross the picture, in front of the shape too: 0 none, 1 about six."""

    def names(self) -> tuple[str, ...]:
        """Return the ten kinds."""
        return NAMES

    def shape(self) -> tuple[int, int, int]:
        """Return the shape of a colour picture."""
        return 3, SIDE, SIDE

    def pictures(self, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """Return pictures with every kind about as often in each part."""
        rng = self.generator(seed)
        train = round(self.num_pictures * self.train_share)
        kinds = [rng.permutation(count) % len(NAMES) for count in (train, self.num_pictures - train)]
        y = np.concatenate(kinds).astype(np.int64)
        x = np.concatenate(
            [paint(rng, y[start : start + TOGETHER], self.noise, self.clutter) for start in range(0, len(y), TOGETHER)]
        )
        return x[:train], y[:train], x[train:], y[train:]


def paint(rng: np.random.Generator, kinds: np.ndarray, noise: float, clutter: float) -> np.ndarray:
    """Return a picture (B, 3, H, W) uint8 of each kind: a place in ``NAMES``."""
    ground, colour = two_colours(rng, len(kinds))
    x, y = grid()
    lean = rng.uniform(-0.2, 0.2, (2, len(kinds), 1, 1, 1)).astype(np.float32)
    pictures = ground + lean[0] * x + lean[1] * y
    behind = rng.random((STROKES, len(kinds))) < 0.5
    there = rng.random((STROKES, len(kinds))) < clutter
    strokes = [stroke(rng, len(kinds)) for _ in range(STROKES)]
    shapes = coverage(placed(rng, kinds))
    for hidden in (True, False):
        for (cover, tint), is_there, is_behind in zip(strokes, there, behind, strict=True):
            seen = (is_there & (is_behind == hidden))[:, None, None, None]
            pictures += np.where(seen, cover, 0) * (tint - pictures)
        if hidden:
            pictures += shapes * (colour - pictures)
    grain = rng.standard_normal(pictures.shape, dtype=np.float32)
    return np.rint(np.clip(pictures + grain * np.float32(0.4 * noise), 0, 1) * 255).astype(np.uint8)


def grid() -> tuple[np.ndarray, np.ndarray]:
    """Return the pixels' places x (1, 1, 1, W) and y (1, 1, H, 1), between -1 and 1, y upwards."""
    places = (np.arange(SIDE, dtype=np.float32) + 0.5) / (SIDE / 2) - 1
    return places[None, None, None, :], -places[None, None, :, None]


def two_colours(rng: np.random.Generator, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the colours of dark grounds and of brighter shapes, (B, 3, 1, 1) each."""
    ground = rng.uniform(0.05, 0.45, (count, 3, 1, 1))
    colour = rng.uniform(0.25, 1, (count, 3, 1, 1))
    vivid = rng.integers(0, 3, count)
    colour[np.arange(count), vivid] = 1
    return ground.astype(np.float32), colour.astype(np.float32)


def placed(rng: np.random.Generator, kinds: np.ndarray) -> np.ndarray:
    """Return how far each pixel is from the outline of a shape of each kind: (B, 1, H, W), negative inside."""
    size, turn = uniform(rng, len(kinds), 0.5, 0.75), uniform(rng, len(kinds), -np.pi / 6, np.pi / 6)
    right, up = (uniform(rng, len(kinds), -1, 1) * (0.95 - size) for _ in range(2))
    x, y = grid()
    x, y = (x - right) / size, (y - up) / size
    x, y = x * np.cos(turn) + y * np.sin(turn), y * np.cos(turn) - x * np.sin(turn)
    far = np.empty_like(x)
    for kind, outline in enumerate(NAMES):
        chosen = kinds == kind
        far[chosen] = OUTLINES[outline](x[chosen], y[chosen])
    return far * size


def coverage(far: np.ndarray) -> np.ndarray:
    """Return which share of each pixel lies inside, from its middle's distance: soft edges, one pixel wide."""
    return np.clip(0.5 - far * (SIDE / 2), 0, 1)


def stroke(rng: np.random.Generator, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Return what a straight stroke in each picture covers (B, 1, H, W), and its colour (B, 3, 1, 1)."""
    tint = rng.uniform(0, 1, (count, 3, 1, 1)).astype(np.float32)
    angle, length, width = (
        uniform(rng, count, 0, np.pi),
        uniform(rng, count, 0.1, 0.4),
        uniform(rng, count, 0.03, 0.08),
    )
    x, y = grid()
    x, y = x - uniform(rng, count, -1, 1), y - uniform(rng, count, -1, 1)
    beyond = np.maximum(np.abs(x * np.cos(angle) + y * np.sin(angle)) - length, 0)
    across = y * np.cos(angle) - x * np.sin(angle)
    return coverage(np.hypot(across, beyond) - width), tint


def uniform(rng: np.random.Generator, count: int, low: float, high: float) -> np.ndarray:
    """Return a number (B, 1, 1, 1) for each picture, float32."""
    return rng.uniform(low, high, (count, 1, 1, 1)).astype(np.float32)
