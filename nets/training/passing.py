"""How examples pass through a network: in the cheapest order that gives the same numbers."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch import Tensor, nn


def passed(model: "nn.Module", x: "Tensor") -> "Tensor":
    """Return what a network makes of inputs, each ReLU behind the max pool that follows it.

    The largest of some numbers cut off at zero is the largest of them, cut off at zero; gradients are the same to the
    bit as well. ReLU then sees a quarter of the numbers. Layers that somebody watches keep their order.
    """
    from torch import nn

    if type(model) is not nn.Sequential or _is_watched(model):
        outputs: Tensor = model(x)
        return outputs
    for layer in _in_order(model):
        x = layer(x)
    return x


def _in_order(model: "nn.Sequential") -> "list[nn.Module]":
    """Return the layers as they are gone through."""
    from torch import nn

    layers = list(model)
    for place in range(len(layers) - 1):
        here, after = layers[place : place + 2]
        if type(here) is nn.ReLU and type(after) is nn.MaxPool2d and not (_is_watched(here) or _is_watched(after)):
            layers[place : place + 2] = after, here
    return layers


def _is_watched(layer: "nn.Module") -> bool:
    return bool(layer._forward_hooks or layer._forward_pre_hooks or layer._backward_hooks or layer._backward_pre_hooks)
