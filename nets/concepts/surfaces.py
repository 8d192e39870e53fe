"""Surfaces to descend on: losses of two weights whose minima are known, each zero at its lowest."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from nets.registry import Registry

if TYPE_CHECKING:
    from torch import Tensor

GRID = 81
"""Places along each side of a picture of a surface."""


@dataclass(frozen=True)
class Rates:
    """Learning rates that belong together: for plain gradient steps, and for optimizers that scale them."""

    gradient: float
    adaptive: float


@dataclass(frozen=True)
class Surface:
    """A loss of two weights.

    Args:
        name: stable, for keys and links.
        title: on the screen.
        formula: LaTeX.
        lesson: what it is hard about, in one line.
        function: two tensors of one shape → the loss, in the same shape; all in one go, gradients flow.
        middle: of the picture.
        reach: the picture goes this far from its middle, both ways.
        start: where a race begins unless one says otherwise.
        minima: the lowest points.
        rates: learning rates by name: too small, right, too large.
        noise: spread of one example's gradient around the mean gradient.
    """

    name: str
    title: str
    formula: str
    lesson: str
    function: "Callable[[Tensor, Tensor], Tensor]"
    middle: tuple[float, float]
    reach: float
    start: tuple[float, float]
    minima: tuple[tuple[float, float], ...]
    rates: dict[str, Rates]
    noise: float

    def ends(self, axis: int) -> tuple[float, float]:
        """Return the lowest and highest value in the picture along x (0) or y (1)."""
        return self.middle[axis] - self.reach, self.middle[axis] + self.reach

    def picture(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return the places along x (GRID,) and y (GRID,), and the loss there (GRID, GRID): a row for each y."""
        import torch

        along = [torch.linspace(*self.ends(axis), GRID) for axis in (0, 1)]
        y, x = torch.meshgrid(along[1], along[0], indexing="ij")
        return along[0].numpy(), along[1].numpy(), self.function(x, y).numpy()

    def logarithms(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return the picture with log₁₀ of each loss, those below a 1,000th of the median as if they were that."""
        x, y, losses = self.picture()
        return x, y, np.log10(np.maximum(losses, np.median(losses) / 1e3))


def _bowl(x: "Tensor", y: "Tensor") -> "Tensor":
    return (x**2 + y**2) / 2


def _ravine(x: "Tensor", y: "Tensor") -> "Tensor":
    return (x**2 + 25 * y**2) / 2


def _saddle(x: "Tensor", y: "Tensor") -> "Tensor":
    return x**2 / 2 + (y**2 - 1) ** 2 / 4


def _rosenbrock(x: "Tensor", y: "Tensor") -> "Tensor":
    return (1 - x) ** 2 + 100 * (y - x**2) ** 2


def _beale(x: "Tensor", y: "Tensor") -> "Tensor":
    return (1.5 - x + x * y) ** 2 + (2.25 - x + x * y**2) ** 2 + (2.625 - x + x * y**3) ** 2


def _rastrigin(x: "Tensor", y: "Tensor") -> "Tensor":
    import torch

    return 20 + x**2 + y**2 - 10 * (torch.cos(2 * torch.pi * x) + torch.cos(2 * torch.pi * y))


def _rates(small: tuple[float, float], right: tuple[float, float], large: tuple[float, float]) -> dict[str, Rates]:
    return {"too small": Rates(*small), "right": Rates(*right), "too large": Rates(*large)}


SURFACES: Registry[Surface] = Registry("surface")

for _surface in (
    Surface(
        "bowl",
        "Bowl",
        r"\tfrac{1}{2}(x^2 + y^2)",
        "Equally steep on all sides: every optimizer finds the bottom.",
        _bowl,
        (0.0, 0.0),
        2.0,
        (-1.6, 1.2),
        ((0.0, 0.0),),
        _rates((0.001, 0.001), (0.1, 0.05), (2.1, 5.0)),
        2.0,
    ),
    Surface(
        "ravine",
        "Ravine",
        r"\tfrac{1}{2}(x^2 + 25\,y^2)",
        "25 times as steep across as along: plain steps jump from wall to wall, or hardly move along.",
        _ravine,
        (0.0, 0.0),
        2.0,
        (-1.8, 1.2),
        ((0.0, 0.0),),
        _rates((0.0005, 0.001), (0.02, 0.05), (0.085, 5.0)),
        6.0,
    ),
    Surface(
        "saddle",
        "Saddle",
        r"\tfrac{1}{2}x^2 + \tfrac{1}{4}(y^2 - 1)^2",
        "Flat at the origin, where it falls only along y; two minima beyond. Noise helps to get away.",
        _saddle,
        (0.0, 0.0),
        2.0,
        (-1.8, 0.001),
        ((0.0, 1.0), (0.0, -1.0)),
        _rates((0.002, 0.001), (0.1, 0.05), (2.1, 5.0)),
        1.0,
    ),
    Surface(
        "rosenbrock",
        "Rosenbrock",
        r"(1 - x)^2 + 100\,(y - x^2)^2",
        "A curved, narrow valley: into it in a few steps, along it for hundreds.",
        _rosenbrock,
        (0.0, 1.0),
        2.0,
        (-1.2, 1.0),
        ((1.0, 1.0),),
        _rates((0.00002, 0.001), (0.0015, 0.2), (0.01, 5.0)),
        20.0,
    ),
    Surface(
        "beale",
        "Beale",
        r"(1.5 - x + xy)^2 + (2.25 - x + xy^2)^2 + (2.625 - x + xy^3)^2",
        "A plateau with cliffs at its corners: small gradients in the middle, enormous ones at the rim.",
        _beale,
        (1.5, 0.0),
        2.5,
        (1.0, 1.0),
        ((3.0, 0.5),),
        _rates((0.0002, 0.001), (0.01, 0.1), (0.1, 5.0)),
        5.0,
    ),
    Surface(
        "rastrigin",
        "Many minima",
        r"20 + x^2 + y^2 - 10\,(\cos 2\pi x + \cos 2\pi y)",
        "Rastrigin's function: a minimum at every whole number, and only one is the lowest.",
        _rastrigin,
        (0.0, 0.0),
        2.5,
        (-1.7, 1.6),
        ((0.0, 0.0),),
        _rates((0.00002, 0.001), (0.002, 0.2), (0.02, 2.0)),
        60.0,
    ),
):
    SURFACES.add(_surface.name, _surface)
