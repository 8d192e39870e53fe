"""Activations beside their slopes, by autograd: where gradients vanish, and units that never answer."""

from dataclasses import dataclass

import numpy as np

from nets.activations import ACTIVATIONS
from nets.initializers import INITIALIZERS

REACH = 6.0
"""Curves go from -REACH to REACH."""
FAINT = 0.1
"""A smaller slope lets less than a tenth of the gradient through."""
LOST = 0.01
"""A smaller slope lets as good as nothing through; an output that changes less never answers."""
UNITS = 64
"""In the layer that looks at digits."""


def value_and_slope(name: str, z: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return f(z) and f′(z), each of the shape of ``z`` and float64, of the activation called ``name``."""
    import torch

    at = torch.tensor(z, dtype=torch.float64, requires_grad=True)
    value = ACTIVATIONS.get(name).build()(at)
    (slope,) = torch.autograd.grad(value.sum(), at)
    return value.detach().numpy(), slope.numpy()


def faint_stretches(z: np.ndarray, slopes: np.ndarray) -> list[tuple[float, float]]:
    """Return the stretches (from, to) of ``z`` (N,), sorted, on which a slope is nearer to 0 than ``FAINT``."""
    faint = np.concatenate([[False], np.abs(slopes) < FAINT, [False]])
    turns = np.flatnonzero(faint[1:] != faint[:-1])
    return [(float(z[first]), float(z[end - 1])) for first, end in zip(turns[::2], turns[1::2], strict=True)]


def slopes_through(name: str, start: float, weight: float, layers: int) -> np.ndarray:
    """Return ∂aₖ/∂a₀ for k = 1 … layers, (layers,): aₖ = f(weight · aₖ₋₁) from a₀ = ``start``, one unit a layer.

    By the chain rule it is the product of weight · f′ over the layers so far.
    """
    import torch

    activation = ACTIVATIONS.get(name).build()
    first = torch.tensor(start, dtype=torch.float64, requires_grad=True)
    reached, gradients = first, []
    for _ in range(layers):
        reached = activation(weight * reached)
        (gradient,) = torch.autograd.grad(reached, first, retain_graph=True)
        gradients.append(float(gradient))
    return np.array(gradients)


@dataclass(frozen=True)
class Answers:
    """What a layer answers to all digits.

    ``answering`` (UNITS,): the share of digits at which a unit's slope is at least ``LOST``. ``dead`` (UNITS,) bool:
    units whose output is the same, within ``LOST``, for every digit. ``lost``: the share of all slopes, units times
    digits, below ``LOST``. ``spread``: the standard deviation of the outputs.
    """

    answering: np.ndarray
    dead: np.ndarray
    lost: float
    spread: float


def digit_pixels() -> np.ndarray:
    """Return scikit-learn's 1,797 digits, (1797, 64) float32 from 0 to 1."""
    from nets.datasets.images.digits import Digits

    train, _, test, _ = Digits(size=8).pictures(seed=0)
    return np.concatenate([train, test]).reshape(-1, 64).astype(np.float32) / 255


def answers(name: str, initializer: str, bias: float, times: float, pixels: np.ndarray) -> Answers:
    """Return what a layer of ``UNITS`` units answers to ``pixels`` (N, D) with freshly drawn weights.

    Args:
        name: of the activation.
        initializer: name of what draws the weights.
        bias: added to the bias of every unit.
        times: what the weights are multiplied with.
        pixels: the inputs, (N, D) float32.
    """
    import torch

    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        layer = torch.nn.Linear(pixels.shape[1], UNITS)
        INITIALIZERS.get(initializer).apply(layer)
    with torch.no_grad():
        z = torch.nn.functional.linear(torch.from_numpy(pixels), layer.weight * times, layer.bias + bias)
    value, slope = value_and_slope(name, z.numpy())
    alive = np.abs(slope) >= LOST
    dead = value.max(axis=0) - value.min(axis=0) < LOST
    return Answers(alive.mean(axis=0), dead, float(1 - alive.mean()), float(value.std()))
