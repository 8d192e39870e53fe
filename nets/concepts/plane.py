"""Planes through a network's weights: two random directions as long as its filters, or the two along its path."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from nets.problems import InvalidExperiment, Problem
from nets.seeds import derive

if TYPE_CHECKING:
    import torch
    from torch import Tensor

MARGIN = 1.25
"""How much wider a picture of a path is than the path."""
NARROWEST = 0.1
"""Of a picture's longer side, at least so much is its shorter one."""

Weights = Sequence["Tensor"]
"""The tensors that learn, in the order of the network."""


@dataclass(frozen=True)
class Plane:
    """All weights ``centre + x · first + y · second``.

    Args:
        first: one tensor for each that learns.
        second: the same.
        path: x and y of each point of a run's path, projected; (n, 2) float64.
        share: of the path's squared distances from the centre, what the plane holds: 0 … 1.
    """

    first: Weights
    second: Weights
    path: np.ndarray
    share: float


def random_plane(centre: Weights, path: Sequence[Weights], seed: int) -> Plane:
    """Return two random directions, normalized filter by filter, and a path projected on them.

    Li et al. (2018), Visualizing the loss landscape of neural nets, section 4.
    """
    import torch

    first, second = (
        _normal(centre, torch.Generator().manual_seed(derive(seed, "landscape", place))) for place in range(2)
    )
    steps = [_difference(weights, centre) for weights in path]
    axes = (first, second)
    gram = np.array([[_product(a, b) for b in axes] for a in axes])
    along = np.array([[_product(step, axis) for axis in axes] for step in steps]).reshape(-1, 2)
    places = np.linalg.lstsq(gram, along.T, rcond=None)[0].T
    whole = sum(_product(step, step) for step in steps)
    return Plane(first, second, places, min(1.0, float((places * along).sum()) / whole) if whole > 0 else 0.0)


def path_plane(centre: Weights, path: Sequence[Weights]) -> Plane:
    """Return the first two principal directions of a path's steps from the centre, each of length 1.

    Li et al. (2018), section 7.

    Raises:
        InvalidExperiment: if the path has no two directions.
    """
    import torch

    count = len(path)
    gram = torch.zeros(count, count, dtype=torch.float64)
    for place, tensor in enumerate(centre):
        steps = _stacked(path, tensor, place)
        gram += steps @ steps.T
    values, vectors = torch.linalg.eigh(gram)
    values, vectors = values.flip(0).clamp(min=0), vectors.flip(1)
    if count < 2 or float(values[1]) <= 1e-9 * float(values[0]) or not float(values[0]):
        message = "the run has too few checkpoints for a plane of its own path; take random directions"
        raise InvalidExperiment([Problem("directions", message)])
    axes: list[Weights] = []
    for which in range(2):
        if float(vectors[vectors[:, which].abs().argmax(), which]) < 0:  # either sign is right: always the same one
            vectors[:, which] *= -1
        axes.append(_combined(centre, path, vectors[:, which] / values[which].sqrt()))
    places = (vectors[:, :2] * values[:2].sqrt()).numpy()
    return Plane(axes[0], axes[1], places, float(values[:2].sum() / values.sum()))


def ranges(plane: Plane, reach: float, points: int, *, along_path: bool) -> tuple[np.ndarray, np.ndarray]:
    """Return the places along x and along y, each (points,).

    Args:
        plane: with the path.
        reach: how far to go: 1 is as far as the weights themselves are from zero, or with ``along_path`` as the path.
        points: an odd number, so that the middle is one of them.
        along_path: whether the picture is to show the whole path, and not to be centred.
    """
    if not along_path:
        places = np.linspace(-reach, reach, points)
        return places, places.copy()
    marks = np.concatenate([plane.path, [[0.0, 0.0]]])
    middle = (marks.max(axis=0) + marks.min(axis=0)) / 2
    half = (marks.max(axis=0) - marks.min(axis=0)) / 2 * MARGIN * reach
    half = np.maximum(half, max(float(half.max()) * NARROWEST, 1e-9))
    x, y = (np.linspace(centre - width, centre + width, points) for centre, width in zip(middle, half, strict=True))
    return x, y


def normalized(direction: "Tensor", weights: "Tensor") -> "Tensor":
    """Return a direction with each filter's part as long as that filter of the weights.

    A filter is everything that makes one output: ``weights[i]``. Biases and the parameters of norms, which have one
    number for each output, do not move: theirs are zero.
    """
    import torch

    if weights.dim() < 2:
        return torch.zeros_like(weights)
    shape = (-1, *[1] * (weights.dim() - 1))
    lengths, own = weights.flatten(1).norm(dim=1), direction.flatten(1).norm(dim=1)
    return direction * (lengths / own.clamp(min=1e-10)).view(shape)  # (B,) → (B, 1, …)


def _normal(centre: Weights, generator: "torch.Generator") -> Weights:
    import torch

    drawn = (torch.randn(weights.shape, generator=generator).to(weights) for weights in centre)
    return tuple(normalized(direction, weights) for direction, weights in zip(drawn, centre, strict=True))


def _difference(weights: Weights, centre: Weights) -> Weights:
    return tuple(one - other for one, other in zip(weights, centre, strict=True))


def _product(one: Weights, other: Weights) -> float:
    return math.fsum(float((a.double() * b.double()).sum()) for a, b in zip(one, other, strict=True))


def _stacked(path: Sequence[Weights], centre: "Tensor", place: int) -> "Tensor":
    """Return the steps (n, numbers) float64 of one tensor from the centre."""
    import torch

    return torch.stack([(weights[place] - centre).flatten().double().cpu() for weights in path])


def _combined(centre: Weights, path: Sequence[Weights], factors: "Tensor") -> Weights:
    return tuple(
        (factors @ _stacked(path, tensor, place)).view(tensor.shape).to(tensor) for place, tensor in enumerate(centre)
    )
