"""How weights start decides what comes through ten dense layers: the signal forward, the gradient backward."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np

from nets.datasets.images.digits import handwritten
from nets.initializers import INITIALIZERS
from nets.seeds import derive

if TYPE_CHECKING:
    from torch import Tensor, nn

DEPTH = 10
"""Dense layers."""
BATCH = 128
"""Digits that go through."""
WIDTHS = (64, 128, 256)
"""Neurons of each layer, as one may choose them."""
SAMPLE = 8192
"""Values of a layer that its histogram counts, at most; spreads and shares take all."""
BINS = 41
"""Bars of a histogram; an odd number, so that zero lies in the middle of one."""
VANISHED = 1e-3
EXPLODED = 1e3
FLAT = 0.05
"""Where the activation's derivative is below this, it hardly lets a gradient through."""

Norm = Literal["none", "batch", "layer"]
Fate = Literal["lives", "vanishes", "explodes"]


@dataclass(frozen=True)
class Stack:
    """Ten dense layers.

    Args:
        initializer: name of it.
        activation: name of it.
        norm: normalization between weights and activation.
        width: neurons of each layer.
        scale: all weights are multiplied by this after they have been drawn.
        seed: of the weights.
    """

    initializer: str
    activation: str
    norm: Norm = "none"
    width: int = WIDTHS[0]
    scale: float = 1.0
    seed: int = 0


@dataclass(frozen=True)
class Way:
    """What passes the layers in one direction.

    Args:
        spreads: by layer (DEPTH + 1,), the input first: standard deviation between digits, root mean square over
            neurons.
        zeros: share of values that are exactly zero, by layer (DEPTH + 1,).
        middles: middles of the histograms' bars (BINS,), the same for all layers.
        counts: histograms of some of the values, those other than zero, by layer (DEPTH + 1, BINS).
        fate: what becomes of it.
        layer: where it first vanishes or explodes; 0 if it lives.
    """

    spreads: np.ndarray
    zeros: np.ndarray
    middles: np.ndarray
    counts: np.ndarray
    fate: Fate
    layer: int


@dataclass(frozen=True)
class Passage:
    """What happens in a stack: ``forward`` its outputs, ``backward`` the gradients that arrive at these outputs.

    ``flat`` (DEPTH,) is the share of each layer's neurons, over all digits, whose activation hardly lets a gradient
    through: its derivative is below ``FLAT``. The gradient that is put in behind the last layer is standard normal.
    """

    forward: Way
    backward: Way
    flat: np.ndarray


def passage(stack: Stack) -> Passage:
    """Send standardised digits forward through a stack, and a standard normal gradient backward.

    Raises:
        ValueError: if a name is unknown, the width is below 1, or the scale is not above zero.
    """
    import torch

    values, flat = [digits()], []
    for *weights, activation in _layers(stack):
        sums = values[-1]
        for module in weights:
            sums = module(sums)
        values.append(activation(sums))
        (slopes,) = torch.autograd.grad(values[-1].sum(), sums, retain_graph=True)
        flat.append(float((slopes.abs() < FLAT).float().mean()))
    noise = torch.randn(values[-1].shape, generator=torch.Generator().manual_seed(derive(stack.seed, "gradient")))
    gradients = torch.autograd.grad(values[-1], values, noise)
    return Passage(
        _way([value.detach() for value in values], range(1, DEPTH + 1)),
        _way(list(gradients), range(DEPTH, 0, -1)),
        np.array(flat),
    )


@lru_cache(maxsize=1)
def _pixels() -> np.ndarray:
    pixels = handwritten()[0][:BATCH].reshape(BATCH, -1)  # (BATCH, 8, 8) → (BATCH, 64)
    return ((pixels - pixels.mean()) / pixels.std()).astype(np.float32)


def digits() -> "Tensor":
    """Return the digits (BATCH, 64), all pixels together with mean 0 and standard deviation 1."""
    import torch

    return torch.tensor(_pixels(), requires_grad=True)


def _layers(stack: Stack) -> "list[list[nn.Module]]":
    """Return each layer's modules, the activation last: (B, width) → (B, width)."""
    import torch
    from torch import nn

    from nets.architectures.base import dense_layers

    if stack.width < 1:
        raise ValueError(f"a layer has at least one neuron, not {stack.width}")
    if not stack.scale > 0:
        raise ValueError(f"weights are multiplied by a number above zero, not {stack.scale:g}")
    if stack.norm not in get_args(Norm):
        raise ValueError(f"there is no normalization {stack.norm!r}; choose from {', '.join(get_args(Norm))}")
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(derive(stack.seed, "weights"))
        modules, _ = dense_layers(
            (stack.width,) * DEPTH,
            first=digits().shape[1],
            activation=stack.activation,
            norm=stack.norm,
            dropout=(0.0,) * DEPTH,
            prefix="hidden",
        )
        everything = nn.Sequential(*(module for _, module in modules))
        INITIALIZERS.get(stack.initializer).apply(everything)
    with torch.no_grad():
        for module in everything:
            if isinstance(module, nn.Linear):
                module.weight *= stack.scale
    each = len(everything) // DEPTH
    return [list(everything[start : start + each]) for start in range(0, len(everything), each)]


def _way(values: "list[Tensor]", order: range) -> Way:
    """Return what there is to see of values by layer, (B, D) each; ``order`` is that in which layers are passed."""
    import torch

    spreads = np.array([float(value.var(dim=0).mean().sqrt()) for value in values])
    zeros = np.array([float((value == 0).float().mean()) for value in values])
    some = [value.flatten()[:: -(-value.numel() // SAMPLE)] for value in values]
    reach = max(float(torch.quantile(value.abs(), 0.99)) for value in some)
    reach = reach if 0 < reach < float("inf") else 1.0
    bars = [torch.histc(value[value != 0], BINS, -reach, reach) for value in some]
    middles = (np.arange(BINS) + 0.5) / BINS * 2 * reach - reach
    return Way(spreads, zeros, middles, torch.stack(bars).numpy(), *_fate(spreads, order))


def _fate(spreads: np.ndarray, order: range) -> tuple[Fate, int]:
    found: Iterator[tuple[Fate, int]] = (
        ("vanishes" if spreads[layer] < VANISHED else "explodes", layer)
        for layer in order
        if not VANISHED <= spreads[layer] <= EXPLODED
    )
    return next(found, ("lives", 0))
