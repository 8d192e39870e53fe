"""Points that the user clicks onto the plane."""

from typing import Annotated, Literal

import numpy as np
from pydantic import Field, model_validator

from nets.datasets.base import dataset
from nets.datasets.points.base import PointsConfig

Coordinate = Annotated[float, Field(ge=-6, le=6)]
ClassIndex = Annotated[int, Field(ge=0, le=5)]


@dataset
class Drawn(PointsConfig):
    """The user's own points, (x1, x2, class) each; noise moves them."""

    help = "Your own points: pick a class and click on the output map"
    name: Literal["drawn"] = "drawn"
    num_classes: Annotated[int, Field(ge=2, le=6)] = 2
    """Classes to draw."""
    points: Annotated[tuple[tuple[Coordinate, Coordinate, ClassIndex], ...], Field(max_length=2000)] = (
        (-3.0, -1.0, 0),
        (-2.0, -2.5, 0),
        (-1.0, -1.5, 0),
        (-3.5, 1.0, 0),
        (-2.5, 2.0, 0),
        (1.0, 2.0, 1),
        (2.5, 1.0, 1),
        (3.0, 3.0, 1),
        (2.0, -1.0, 1),
        (1.5, -2.5, 1),
    )
    """The points, each x1, x2 and class."""

    @model_validator(mode="after")
    def _classes_exist(self) -> "Drawn":
        for x1, x2, label in self.points:
            if label >= self.num_classes:
                raise ValueError(f"point ({x1}, {x2}) has class {label}; classes go from 0 to {self.num_classes - 1}")
        return self

    def classes(self) -> int:
        """Return the classes."""
        return self.num_classes

    def draw(self, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        """Return the points as drawn, moved by the noise."""
        table = np.array(self.points, dtype=np.float64).reshape(-1, 3)
        return table[:, :2] + rng.uniform(-2, 2, (len(table), 2)) * self.noise, table[:, 2]
