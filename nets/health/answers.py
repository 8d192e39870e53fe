"""What each layer's units answer to a batch: which are silent for every example, and how many are at their ends."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from nets.activations import ACTIVATIONS
from nets.health.vitals import Seen

if TYPE_CHECKING:
    from torch import Tensor, nn

FLAT = 0.05
"""Of an activation's steepest slope: below it next to no gradient goes through."""
FLAT_ZERO = 0.005
"""The same on the one flat side of an activation that goes on growing on the other; a leaky one has a slope of 0.01."""
FAR = 20.0
"""Where an activation is as flat as it will be."""
AT_THE_END = 0.97
"""Size of a recurrent state, a tanh at most, that counts as saturated."""
LIVING = 1e-6
"""Of an answer that is more than nothing."""


@dataclass(frozen=True)
class Shape:
    """How steep an activation is at most, and whether it is flat far below and far above zero."""

    steepest: float
    is_flat_below: bool
    is_flat_above: bool


@contextmanager
def watched(model: "nn.Module") -> Iterator[dict[str, Seen]]:
    """Note by layer with weights what the activation behind it answers, whenever the model is called meanwhile."""
    from torch import nn

    names = {getattr(nn, activation.torch_class): activation.name for activation in ACTIVATIONS}
    seen: dict[str, Seen] = {}
    last = ("", 1)

    def note_layer(name: str, axis: int) -> Any:
        def hook(module: "nn.Module", inputs: Any, output: Any) -> None:  # noqa: ARG001
            nonlocal last
            last = (name, axis)

        return hook

    def note_units(activation: str) -> Any:
        def hook(module: "nn.Module", inputs: Any, output: Any) -> None:  # noqa: ARG001
            seen[last[0]] = units_of(module, activation, inputs[0].detach(), last[1])

        return hook

    def note_states(name: str) -> Any:
        def hook(module: Any, inputs: Any, output: Any) -> None:  # noqa: ARG001
            seen[f"{name}.{module.num_layers - 1}"] = states_of(module, output[0].detach())

        return hook

    hooks = []
    for name, module in model.named_modules():
        if type(module) in names:
            hooks.append(module.register_forward_hook(note_units(names[type(module)])))
        elif isinstance(module, nn.Linear):
            hooks.append(module.register_forward_hook(note_layer(name, -1)))
        elif isinstance(module, nn.modules.conv._ConvNd):
            hooks.append(module.register_forward_hook(note_layer(name, 1)))
        elif isinstance(module, nn.RNNBase):
            hooks.append(module.register_forward_hook(note_states(name)))
    try:
        yield seen
    finally:
        for handle in hooks:
            handle.remove()


def units_of(module: "nn.Module", activation: str, x: "Tensor", axis: int) -> Seen:
    """Return what an activation answers to ``x`` (B, …), whose units lie along ``axis``."""
    shape = shape_of(activation)
    units = x.shape[axis]
    answers = x.numel() // units
    others = [place for place in range(x.dim()) if place != axis % x.dim()]
    if not shape.is_flat_below:
        return Seen(units=units, answers=answers, activation=activation)
    slope = slope_of(module, x)
    if shape.is_flat_above:
        return Seen(units=units, saturated=float((slope < FLAT * shape.steepest).float().mean()), activation=activation)
    dead = ((slope < FLAT_ZERO * shape.steepest) & (x < 0)).float().amin(dim=others) > 0
    return Seen(units=units, answers=answers, dead=tuple(dead.nonzero()[:, 0].tolist()), activation=activation)


def states_of(module: Any, states: "Tensor") -> Seen:
    """Return what the states (T, B, H) of a recurrent layer say."""
    units = states.shape[2]
    answers = states.numel() // units
    if getattr(module, "nonlinearity", "tanh") == "relu":
        dead = states.abs().amax(dim=(0, 1)) < LIVING
        return Seen(units=units, answers=answers, dead=tuple(dead.nonzero()[:, 0].tolist()), activation="relu")
    return Seen(
        units=units, answers=answers, saturated=float((states.abs() > AT_THE_END).float().mean()), activation="tanh"
    )


@cache
def shape_of(activation: str) -> Shape:
    """Return how steep an activation is, and where it is flat."""
    import torch

    slopes = slope_of(ACTIVATIONS.get(activation).build(), torch.linspace(-FAR, FAR, 801))
    steepest = float(slopes.max())
    low, high = float(slopes[0]), float(slopes[-1])
    return Shape(steepest, abs(low) < FLAT_ZERO * steepest, abs(high) < FLAT_ZERO * steepest)


def slope_of(module: "nn.Module", x: "Tensor") -> "Tensor":
    """Return the size of an activation's derivative at each of ``x``, of the same shape."""
    import torch

    with torch.enable_grad():
        place = x.clone().requires_grad_()
        # The module's own forward: calling it would be noted as an answer of the network.
        return torch.autograd.grad(module.forward(place).sum(), place)[0].abs()
