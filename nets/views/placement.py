"""Where the training pictures have their ink: what is drawn by hand is centred and scaled alike."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np

from nets.views.base import View, view

if TYPE_CHECKING:
    from nets.training import Training

EXAMPLES = 500
INK = 64
"""Grey level from which a pixel counts as ink."""
DARK = 40
"""Mean grey level of the outermost columns up to which pictures are ink on black."""


@dataclass(frozen=True)
class Placement:
    """``shape`` (C, H, W) of the pictures; ``is_ink``: are they grey, light strokes on black?

    Then ``extent`` is the median length of the longer side of what is drawn, and ``center`` (row, column) the mean
    centre of its mass, all as shares of the side.
    """

    shape: tuple[int, int, int]
    is_ink: bool
    extent: float
    center: tuple[float, float]


@view
class PlacementView(View):
    """The usual place of the ink, measured on the first 500 training pictures."""

    changes_with_weights: ClassVar[bool] = False
    kind: Literal["placement"] = "placement"

    def look(self, training: "Training") -> Placement:
        """Return the placement."""
        pictures = training.parts.train.first(EXAMPLES).x.cpu().numpy()
        return placement_of(pictures)


def placement_of(pictures: np.ndarray) -> Placement:
    """Return the placement of pictures (B, C, H, W) uint8."""
    _, channels, height, width = pictures.shape
    shape = (channels, height, width)
    edge = np.concatenate([pictures[..., 0].ravel(), pictures[..., -1].ravel()])  # strokes touch top and bottom
    if channels != 1 or edge.mean() > DARK:
        return Placement(shape, is_ink=False, extent=1.0, center=(0.5, 0.5))
    boxes = [box for picture in pictures[:, 0] if (box := _box(picture)) is not None]
    if not boxes:
        return Placement(shape, is_ink=False, extent=1.0, center=(0.5, 0.5))
    sides = [max((bottom - top) / height, (right - left) / width) for top, bottom, left, right in boxes]
    centers = np.mean([_center(picture) for picture in pictures[:, 0] if picture.any()], axis=0)
    return Placement(shape, True, float(np.median(sides)), (float(centers[0]), float(centers[1])))


def placed(picture: np.ndarray, placement: Placement) -> np.ndarray:
    """Return a picture (C, H, W) uint8 as the training set has its own.

    Args:
        picture: (H, W) grey or (H, W, 3) in colour, uint8, square or not.
        placement: of the training set.
    """
    channels, height, width = placement.shape
    if placement.is_ink:
        return _ink(_grey(picture), placement)[None]
    square = _middle(picture)
    if channels == 1:
        return _resized(_grey(square), height, width)[None]
    colour = square if square.ndim == 3 else np.repeat(square[..., None], 3, axis=2)
    return np.ascontiguousarray(_resized(colour, height, width).transpose(2, 0, 1))


def _ink(grey: np.ndarray, placement: Placement) -> np.ndarray:
    """Return what is drawn in a grey picture at the usual size and place, light on black."""
    edge = np.concatenate([grey[0], grey[-1], grey[:, 0], grey[:, -1]])
    light = 255 - grey if np.median(edge) > 127 else grey
    low, high = np.percentile(light, 50), float(light.max())
    _, height, width = placement.shape
    if high - low < INK / 2:
        return np.zeros((height, width), dtype=np.uint8)
    ink = ((light.astype(np.float32) - low).clip(0) * (255 / (high - low))).astype(np.uint8)
    box = _box(ink)
    if box is None:
        return np.zeros((height, width), dtype=np.uint8)
    top, bottom, left, right = box
    cut = ink[top:bottom, left:right]
    scale = placement.extent * max(height, width) / max(cut.shape)
    rows = max(1, min(height, round(cut.shape[0] * scale)))
    columns = max(1, min(width, round(cut.shape[1] * scale)))
    small = _resized(cut, rows, columns)
    own_row, own_column = _center(small)
    row = round(placement.center[0] * height - own_row * rows)
    column = round(placement.center[1] * width - own_column * columns)
    row, column = min(max(row, 0), height - rows), min(max(column, 0), width - columns)
    whole = np.zeros((height, width), dtype=np.uint8)
    whole[row : row + rows, column : column + columns] = small
    return whole


def _box(picture: np.ndarray) -> tuple[int, int, int, int] | None:
    """Return top, bottom, left and right of the ink, ends excluded; None where there is none."""
    rows, columns = np.flatnonzero((picture > INK).any(axis=1)), np.flatnonzero((picture > INK).any(axis=0))
    if not len(rows):
        return None
    return int(rows[0]), int(rows[-1]) + 1, int(columns[0]), int(columns[-1]) + 1


def _center(picture: np.ndarray) -> tuple[float, float]:
    """Return the centre of mass (row, column) as shares of the sides; the middle of an empty picture."""
    weights = picture.astype(np.float64)
    if not weights.sum():
        return 0.5, 0.5
    rows, columns = (np.arange(side) + 0.5 for side in picture.shape)
    return (
        float((weights.sum(axis=1) @ rows) / weights.sum() / picture.shape[0]),
        float((weights.sum(axis=0) @ columns) / weights.sum() / picture.shape[1]),
    )


def _grey(picture: np.ndarray) -> np.ndarray:
    """Return a picture in grey (H, W), weighed as the eye does (ITU-R BT.601)."""
    if picture.ndim == 2:
        return picture
    return (picture @ np.array([0.299, 0.587, 0.114])).round().astype(np.uint8)


def _middle(picture: np.ndarray) -> np.ndarray:
    """Return the largest square in the middle."""
    height, width = picture.shape[:2]
    side = min(height, width)
    top, left = (height - side) // 2, (width - side) // 2
    return picture[top : top + side, left : left + side]


def _resized(picture: np.ndarray, height: int, width: int) -> np.ndarray:
    from PIL import Image

    how = Image.Resampling.BOX if min(picture.shape[:2]) >= height else Image.Resampling.BILINEAR
    return np.asarray(Image.fromarray(picture).resize((width, height), how))
