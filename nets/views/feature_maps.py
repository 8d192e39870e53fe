"""What every layer makes of one picture."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Literal

import numpy as np
from pydantic import Field

from nets.views.base import View, finite, signed_bytes, smaller, smaller_sides, view
from nets.views.passages import Passage, passages
from nets.views.subject import Subject

if TYPE_CHECKING:
    from torch import Tensor, nn

    from nets.training import Training

BYTES = 72_000
"""What all maps of one look may take."""
MOST_VALUES = 256
"""Values shown of a dense layer."""
Role = Literal["maps", "tokens", "attention", "values"]


@dataclass(frozen=True)
class LayerMaps:
    """What one layer gives out: its ``name``, its torch class ``module``, one example's true output ``shape``.

    ``maps`` (N, h, w) uint8, 127 is zero: the first N maps of (C, H, W), made smaller where they are large. ``tokens``
    (T, D) are drawn the same way, each of the first N numbers as a map over the squares of the picture, a token in
    front left out. ``attention`` (heads, T, T) has one map a head: how much each square is attended to, by the token
    in front, or where there is none by all squares in the mean. ``values`` (D,) are one row, (1, 1, N).
    ``scales`` (N,) float32: what the byte 254 stands for. ``low`` and ``high`` are those of the whole output.
    """

    name: str
    module: str
    role: Role
    shape: tuple[int, ...]
    low: float
    high: float
    maps: np.ndarray
    scales: np.ndarray


@dataclass(frozen=True)
class FeatureMaps:
    """All layers in order, without those that only pass on or reshape what they get."""

    layers: tuple[LayerMaps, ...]


@dataclass(frozen=True)
class _Output:
    """A layer's output as it was: its first maps (N, h, w), on the processor."""

    name: str
    module: str
    role: Role
    shape: tuple[int, ...]
    low: float
    high: float
    maps: "Tensor"


@view
class FeatureMapsView(View):
    """The outputs of all layers for one picture."""

    kind: Literal["feature_maps"] = "feature_maps"
    subject: Subject = Subject()
    """Which picture."""
    layers: Annotated[tuple[str, ...], Field(max_length=200)] = ()
    """Names of the layers to show; none named shows all. Fewer layers leave each more maps, and larger ones."""
    most: Annotated[int, Field(ge=1, le=256)] = 32
    """Maps of a layer, at most."""
    size: Annotated[int, Field(ge=4, le=64)] = 32
    """Rows and columns of a map, at most."""
    scale: Literal["map", "layer"] = "map"
    """What the strongest colour stands for: the largest value of each map, or of all shown maps of the layer."""

    def look(self, training: "Training") -> FeatureMaps:
        """Return the maps, at most 72 KB of them: fewer and smaller ones of a deep network.

        Raises:
            ValueError: if there is no such picture or no such layer.
        """
        import torch

        x = self.subject.inputs(training)
        known = [name for name, _ in training.model.named_children()]
        if unknown := [name for name in self.layers if name not in known]:
            raise ValueError(f"there is no layer {', '.join(unknown)}; choose from {', '.join(known)}")
        with torch.inference_mode():
            outputs = [
                output
                for passage in passages(training.model, x)
                if not self.layers or passage.name in self.layers
                for output in self._outputs(passage, (x.shape[2], x.shape[3]))
            ]
            count, side = fitting([tuple(output.maps.shape) for output in outputs], self.most, self.size)
            return FeatureMaps(tuple(self._drawn(output, count, side) for output in outputs))

    def _outputs(self, passage: Passage, picture: tuple[int, int]) -> Iterator[_Output]:
        if _passes_on(passage.module):
            return
        for name, attention in _attention(passage):
            weights, grid = attention.cpu(), token_grid(attention.shape[-1], picture)
            if grid is not None:
                rows, columns, in_front = grid
                looks = weights[:, 0, 1:] if in_front else weights.mean(dim=1)
                maps = looks.unflatten(1, (rows, columns))  # (heads, T) → (heads, rows, columns)
                yield _output(name, "MultiheadAttention", "attention", weights, maps[: self.most])
        after = passage.after[0].cpu()
        role, maps = as_maps(after, picture)
        yield _output(
            passage.name, type(passage.module).__name__, role, after, maps[: self.most if role != "values" else 1]
        )

    def _drawn(self, output: _Output, count: int, side: int) -> LayerMaps:
        maps = output.maps if output.role == "values" else smaller(output.maps[:count], side)
        maps = finite(maps)
        scales = maps.abs().amax(dim=(1, 2))
        if self.scale == "layer":
            scales = scales.amax().expand(len(scales)).clone()
        drawn = signed_bytes(maps / scales.clamp(min=1e-30)[:, None, None])
        return LayerMaps(
            output.name, output.module, output.role, output.shape, output.low, output.high, drawn, scales.numpy()
        )


def _output(name: str, module: str, role: Role, whole: "Tensor", maps: "Tensor") -> _Output:
    values = finite(whole)
    return _Output(name, module, role, tuple(whole.shape), values.min().item(), values.max().item(), maps.clone())


def _passes_on(module: "nn.Module") -> bool:
    """Does it give out what it gets, in evaluation mode, perhaps in another shape?"""
    from torch import nn

    return isinstance(module, nn.modules.dropout._DropoutNd | nn.Flatten | nn.Unflatten | nn.Identity)


def as_maps(output: "Tensor", picture: tuple[int, int]) -> "tuple[Role, Tensor]":
    """Return one example's output as maps (N, h, w) and what they are.

    Args:
        output: (C, H, W), tokens (T, D), or (D,).
        picture: height and width of what the network was given.
    """
    if output.dim() == 3:
        return "maps", output
    grid = token_grid(output.shape[0], picture) if output.dim() == 2 else None
    if grid is not None:
        rows, columns, in_front = grid
        return "tokens", output[int(in_front) :].T.unflatten(1, (rows, columns))  # (T, D) → (D, rows, columns)
    return "values", output.flatten()[None, None, :MOST_VALUES]  # (1, 1, N)


def token_grid(tokens: int, picture: tuple[int, int]) -> tuple[int, int, bool] | None:
    """Return rows and columns of the squares that a picture was cut into, and whether a token stands in front of them.

    None where so many tokens are no grid of squares over a picture of this height and width.
    """
    height, width = picture
    for count in (tokens, tokens - 1):
        rows = math.isqrt(count * height // width)
        if rows and count % rows == 0 and rows * width == (count // rows) * height:
            return rows, count // rows, count < tokens
    return None


def _attention(passage: Passage) -> "Iterator[tuple[str, Tensor]]":
    """Yield name and weights (heads, T, T) of each attention inside a layer, computed once more to get at them."""
    from torch import nn

    for name, module in passage.module.named_modules():
        if not isinstance(module, nn.MultiheadAttention):
            continue
        seen: list[tuple[Any, Any]] = []
        handle = module.register_forward_pre_hook(
            lambda _, args, kwargs, seen=seen: seen.append((args, kwargs)), with_kwargs=True
        )
        try:
            passage.module(passage.before)
        finally:
            handle.remove()
        for args, kwargs in seen:
            kwargs = kwargs | {"need_weights": True, "average_attn_weights": False}
            yield f"{passage.name}.{name}".rstrip("."), module(*args[:3], **kwargs)[1][0]


def fitting(shapes: Sequence[tuple[int, ...]], most: int, size: int) -> tuple[int, int]:
    """Return how many maps of each layer, and of what side at most, stay below BYTES together.

    Args:
        shapes: (N, h, w) of each layer.
        most: maps of a layer at most.
        size: their side at most.
    """
    count, side = most, size
    while (count, side) != (1, 4) and sum(_bytes(shape, count, side) for shape in shapes) > BYTES:
        if count > side // 2 or side == 4:
            count = max(1, count * 3 // 4)
        else:
            side = max(4, side * 3 // 4)
    return count, side


def _bytes(shape: tuple[int, ...], count: int, side: int) -> int:
    height, width = smaller_sides(shape[1], shape[2], side)
    return min(count, shape[0]) * height * width
