"""Outlines of shapes: how far a point is from the edge of each, negative inside.

A shape fits into the circle of radius 1 and stands upright. Distances are exact beside straight and round edges, which
is where they are looked at; see Quilez, "2D distance functions", iquilezles.org/articles/distfunctions2d.
"""

from collections.abc import Callable

import numpy as np


def box(x: np.ndarray, y: np.ndarray, width: float, height: float) -> np.ndarray:
    """Return distances from a rectangle around the origin, of half these sides."""
    return np.maximum(np.abs(x) - width, np.abs(y) - height)


def star(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Return distances from a star of five points, folded along its ten axes into one half of a point."""
    fold, inner = np.pi / 5, 0.42
    angle = np.abs((np.arctan2(x, y) + fold) % (2 * fold) - fold)
    radius = np.hypot(x, y)
    along, across = radius * np.cos(angle) - 1, radius * np.sin(angle)
    edge_x, edge_y = float(inner * np.cos(fold) - 1), float(inner * np.sin(fold))
    return (along * edge_y - across * edge_x) / float(np.hypot(edge_x, edge_y))


def heart(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Return distances from a heart: a square on its corner, with half a disc on each of its upper sides."""
    side = 0.55
    middle = side / 1.4142135
    corner = (np.abs(x) + np.abs(y + 0.05)) / 1.4142135 - side
    return np.minimum(corner, np.hypot(np.abs(x) - middle, y + 0.05 - middle) - side)


def arrow(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Return distances from an arrow that points up."""
    head = np.maximum((np.abs(x) + y - 1) / 1.4142135, 0.15 - y)
    return np.minimum(head, box(x, y + 0.4, 0.25, 0.6))


OUTLINES: dict[str, Callable[[np.ndarray, np.ndarray], np.ndarray]] = {
    "circle": lambda x, y: np.hypot(x, y) - 0.9,
    "ring": lambda x, y: np.abs(np.hypot(x, y) - 0.75) - 0.2,
    "square": lambda x, y: box(x, y, 0.75, 0.75),
    "triangle": lambda x, y: np.maximum(np.abs(x) * 0.8660254 + y * 0.5, -y) - 0.5,
    "star": lambda x, y: star(x, y),
    "cross": lambda x, y: np.minimum(box(x, y, 0.28, 0.95), box(x, y, 0.95, 0.28)),
    "heart": lambda x, y: heart(x, y),
    "moon": lambda x, y: np.maximum(np.hypot(x, y) - 0.95, 0.75 - np.hypot(x - 0.5, y)),
    "arrow": lambda x, y: arrow(x, y),
    "half": lambda x, y: np.maximum(np.hypot(x, y + 0.4) - 0.95, -0.4 - y),
}
"""Each kind's distances at points; y points upwards."""
NAMES = tuple(OUTLINES)
