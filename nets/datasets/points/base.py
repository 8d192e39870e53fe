"""Points in the plane between -6 and 6, and the inputs a network may see of them."""

from collections.abc import Callable
from typing import Annotated, Any, Literal

import numpy as np
from pydantic import AfterValidator, Field

from nets.datasets.base import DataInfo, DatasetConfig, Split, split_indices

EXTENT = 6.0

InputName = Literal["x1", "x2", "x1_squared", "x2_squared", "x1_x2", "sin_x1", "sin_x2"]
INPUTS: dict[str, tuple[str, Callable[[np.ndarray, np.ndarray], np.ndarray]]] = {
    "x1": ("x₁", lambda x1, x2: x1),
    "x2": ("x₂", lambda x1, x2: x2),
    "x1_squared": ("x₁²", lambda x1, x2: x1 * x1),
    "x2_squared": ("x₂²", lambda x1, x2: x2 * x2),
    "x1_x2": ("x₁x₂", lambda x1, x2: x1 * x2),
    "sin_x1": ("sin x₁", lambda x1, x2: np.sin(x1)),
    "sin_x2": ("sin x₂", lambda x1, x2: np.sin(x2)),
}
"""Each input's label and function, as in TensorFlow Playground."""


def _each_once(names: tuple[Any, ...]) -> tuple[Any, ...]:
    if len(set(names)) < len(names):
        raise ValueError("names an input twice")
    return names


def features(points: np.ndarray, inputs: tuple[str, ...]) -> np.ndarray:
    """Return what the network sees of ``points`` (B, 2): (B, D) float32, one column an input."""
    return np.stack([INPUTS[name][1](points[:, 0], points[:, 1]) for name in inputs], axis=1).astype(np.float32)


class PointsConfig(DatasetConfig):
    """Points that a function draws; subclasses give ``draw`` and what the labels are."""

    kind: Literal["points"] = "points"
    num_points: Annotated[int, Field(ge=2, le=20_000)] = 500
    """Points in all, training and test together."""
    train_share: Annotated[float, Field(ge=0.1, le=0.9)] = 0.5
    """Share of the points used for training; the rest test."""
    noise: Annotated[float, Field(ge=0, le=0.5)] = 0.0
    """How far points or labels are off: 0 not at all, 0.5 hardly recognizable."""
    inputs: Annotated[tuple[InputName, ...], Field(min_length=1, max_length=7), AfterValidator(_each_once)] = (
        "x1",
        "x2",
    )
    """What the network sees of each point."""

    def classes(self) -> int:
        """Return how many classes there are; 0 for a surface to fit."""
        return 2

    def draw(self, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        """Return points (B, 2) and their labels (B,): class indices, or values between -1 and 1."""
        raise NotImplementedError

    def info(self) -> DataInfo:
        """Return the task that the labels set."""
        classes = self.classes()
        names = tuple(self.inputs)
        if classes == 0:
            return DataInfo("regression", (len(names),), 1, (), names)
        class_names = tuple(str(index) for index in range(classes))
        return DataInfo("binary" if classes == 2 else "multiclass", (len(names),), classes, class_names, names)

    def plane(self, seed: int) -> tuple[np.ndarray, np.ndarray]:
        """Return training and test points with their labels, (B, 3) float32 each: x1, x2, label."""
        points, labels = self.draw(self.generator(seed))
        table = np.column_stack([points, labels]).astype(np.float32)
        train, test = split_indices(len(table), self.train_share, seed, self.sample)
        return table[train], table[test]

    def load(self, seed: int) -> Split:
        """Return the split with the chosen inputs as features."""
        train, test = self.plane(seed)
        return Split(
            features(train, self.inputs),
            self.labels(train[:, 2]),
            features(test, self.inputs),
            self.labels(test[:, 2]),
        )

    def labels(self, column: np.ndarray) -> np.ndarray:
        """Return labels (B,) float32 as class indices (B,) int64, or as the values (B, 1) of a surface."""
        return column.astype(np.int64) if self.classes() else column.astype(np.float32)[:, None]


class SurfaceConfig(PointsConfig):
    """Points with values to fit instead of classes."""

    num_points: Annotated[int, Field(ge=2, le=20_000)] = 1200
    """Points in all, training and test together."""

    def classes(self) -> int:
        """Return 0: values, not classes."""
        return 0


def halves(count: int) -> tuple[int, int]:
    """Return the sizes of two classes of together ``count`` points."""
    return count - count // 2, count // 2


def polar(radius: np.ndarray, angle: np.ndarray) -> np.ndarray:
    """Return points (B, 2) at ``radius`` and ``angle`` (from the x2 axis, as TensorFlow Playground has it)."""
    return np.column_stack([radius * np.sin(angle), radius * np.cos(angle)])
