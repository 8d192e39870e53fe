"""One output value of a layer, taken apart: what it sees, times what it weighs it by, plus a bias."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from torch import Tensor, nn


@dataclass(frozen=True)
class Sum:
    """``patch`` and ``kernel`` (C, h, w) float64: an output is the sum of their products, plus ``bias``.

    ``rows`` (h,) and ``columns`` (w,) int64 are the patch's places in the input, outside of it where ``padded`` (h, w)
    bool says so. ``first`` is the input channel of the patch's first one.
    """

    operation: str
    patch: "Tensor"
    kernel: "Tensor"
    rows: "Tensor"
    columns: "Tensor"
    padded: "Tensor"
    bias: float = 0.0
    first: int = 0


Place = tuple[int, int, int]
"""Output channel, row and column."""


def convolution(layer: Any, x: "Tensor", place: Place) -> Sum:
    """Return an output of ``nn.Conv2d`` for x (C, H, W) as a sum."""
    if layer.padding_mode != "zeros":
        raise ValueError(f"a convolution that pads with {layer.padding_mode} can't be taken apart; only zeros can")
    channel, row, column = place
    pads = _pads(layer)
    sides = zip((row, column), layer.stride, pads, layer.dilation, layer.kernel_size, strict=True)
    rows, columns = (_places(at, stride, pad, dilation, size) for at, stride, pad, dilation, size in sides)
    seen = layer.in_channels // layer.groups
    first = channel // (layer.out_channels // layer.groups) * seen
    patch, padded = _cut(x[first : first + seen], rows, columns)
    bias = 0.0 if layer.bias is None else layer.bias[channel].item()
    return Sum("convolution", patch, layer.weight[channel].detach().cpu().double(), rows, columns, padded, bias, first)


def dense(layer: Any, x: "Tensor", place: Place) -> Sum:
    """Return an output of ``nn.Linear`` for x (C, H, W), which it sees flattened, as a sum over all of x."""
    import torch

    channel = place[0]
    rows, columns = torch.arange(x.shape[1]), torch.arange(x.shape[2])
    patch, padded = _cut(x, rows, columns)
    kernel = layer.weight[channel].detach().cpu().double().reshape(x.shape)  # (D,) → (C, H, W)
    bias = 0.0 if layer.bias is None else layer.bias[channel].item()
    return Sum("dense", patch, kernel, rows, columns, padded, bias)


def max_pool(layer: Any, x: "Tensor", place: Place) -> Sum:
    """Return an output of ``nn.MaxPool2d`` for x (C, H, W): the largest counts once, the others not at all."""
    import torch

    rows, columns = _window(layer, place, _pair(layer.dilation))
    patch, padded = _cut(x[place[0] : place[0] + 1], rows, columns)
    winner = patch.masked_fill(padded, -torch.inf).argmax()
    kernel = torch.zeros_like(patch).flatten().index_fill(0, winner, 1.0).reshape(patch.shape)
    return Sum("max", patch, kernel, rows, columns, padded, first=place[0])


def average_pool(layer: Any, x: "Tensor", place: Place) -> Sum:
    """Return an output of ``nn.AvgPool2d`` for x (C, H, W): all that count weigh the same."""
    rows, columns = _window(layer, place, (1, 1))
    patch, padded = _cut(x[place[0] : place[0] + 1], rows, columns)
    pads = _pair(layer.padding) if layer.count_include_pad else (0, 0)
    counts = _inside(rows, x.shape[1], pads[0])[:, None] & _inside(columns, x.shape[2], pads[1])
    share = 1 / (layer.divisor_override or int(counts.sum()))
    return Sum("mean", patch, (counts * share).double()[None], rows, columns, padded, first=place[0])


def adaptive_pool(layer: Any, x: "Tensor", place: Place) -> Sum:
    """Return an output of ``nn.AdaptiveAvgPool2d`` for x (C, H, W): the mean of its share of the map."""
    import torch

    sizes = _pair(layer.output_size)
    rows, columns = (
        torch.arange(at * side // (size or side), -(-(at + 1) * side // (size or side)))
        for at, side, size in zip(place[1:], x.shape[1:], sizes, strict=True)
    )
    patch, padded = _cut(x[place[0] : place[0] + 1], rows, columns)
    return Sum("mean", patch, torch.full_like(patch, 1 / patch.numel()), rows, columns, padded, first=place[0])


def sum_of(layer: "nn.Module") -> Callable[[Any, "Tensor", Place], Sum] | None:
    """Return the function that takes an output of ``layer`` apart; None where no output is a sum over a window."""
    from torch import nn

    functions = {
        nn.Conv2d: convolution,
        nn.Linear: dense,
        nn.MaxPool2d: max_pool,
        nn.AvgPool2d: average_pool,
        nn.AdaptiveAvgPool2d: adaptive_pool,
    }
    return next((function for kind, function in functions.items() if isinstance(layer, kind)), None)


def take_apart(layer: "nn.Module", x: "Tensor", place: Place) -> Sum:
    """Return the output of ``layer`` at ``place``, for x (C, H, W) on the processor, as a sum.

    Raises:
        ValueError: if it can't be taken apart.
    """
    function = sum_of(layer)
    if function is None:
        raise ValueError(f"{type(layer).__name__} is no sum over a window")
    return function(layer, x, place)


def _pair(value: Any) -> tuple[Any, Any]:
    return value if isinstance(value, tuple) else (value, value)


def _pads(layer: Any) -> tuple[int, int]:
    """Return the zeros above and to the left of a convolution's input."""
    if layer.padding == "valid":
        return 0, 0
    if layer.padding == "same":
        height, width = (d * (size - 1) // 2 for d, size in zip(layer.dilation, layer.kernel_size, strict=True))
        return height, width
    return layer.padding


def _places(at: int, stride: int, pad: int, dilation: int, size: int) -> "Tensor":
    import torch

    return at * stride - pad + dilation * torch.arange(size)


def _window(layer: Any, place: Place, dilation: tuple[int, int]) -> "tuple[Tensor, Tensor]":
    sides = zip(place[1:], _pair(layer.stride), _pair(layer.padding), dilation, _pair(layer.kernel_size), strict=True)
    rows, columns = (_places(*side) for side in sides)
    return rows, columns


def _inside(places: "Tensor", side: int, pad: int = 0) -> "Tensor":
    return (places >= -pad) & (places < side + pad)


def _cut(x: "Tensor", rows: "Tensor", columns: "Tensor") -> "tuple[Tensor, Tensor]":
    """Return x (C, H, W) at these places (C, h, w) float64, zero outside, and where outside is (h, w) bool."""
    inside = _inside(rows, x.shape[1])[:, None] & _inside(columns, x.shape[2])
    at_rows, at_columns = rows.clamp(0, x.shape[1] - 1), columns.clamp(0, x.shape[2] - 1)
    return x[:, at_rows][:, :, at_columns].double().masked_fill(~inside, 0), ~inside
