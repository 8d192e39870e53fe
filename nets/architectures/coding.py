"""Layers that turn examples into a few numbers, and layers that turn these into examples: dense or convolutional."""

import math
from collections import OrderedDict
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field

from nets.activations import ACTIVATIONS
from nets.architectures.base import (
    ArchitectureConfig,
    CannotBuild,
    Norm,
    Room,
    dense_layers,
    dense_room,
    output_module,
)
from nets.datasets.base import DataInfo

if TYPE_CHECKING:
    from torch import nn

Channels = Annotated[int, Field(ge=1, le=1024)]
LatentSize = Annotated[int, Field(ge=1, le=1024)]
WIDE = 512
"""Numbers of an example from which on their tanh is faster by way of the sigmoid."""


class CodingConfig(ArchitectureConfig):
    """What networks between examples and latent numbers have in common."""

    style: Literal["dense", "convolutional"] = "dense"
    """Dense layers for anything, or convolutions for pictures: each halves height and width."""
    latent_dim: LatentSize = 16
    """Latent numbers: what an example is made of."""
    conditional: bool = False
    """Tell the network which class to make."""

    def check(self, data: DataInfo) -> None:
        """Refuse tokens, convolutions over what is no picture, and classes where there are none."""
        if data.vocab_size:
            raise CannotBuild("kind", f"a {self.kind} makes numbers, and these data are tokens; pick rnn")
        if self.style == "convolutional" and len(data.input_shape) != 3:
            raise CannotBuild("style", "convolutions slide over pictures, and these data are none; take dense")
        if self.conditional and (data.task == "regression" or data.num_targets < 2):
            raise CannotBuild("conditional", "these data have no classes to make examples of; take false")

    def told(self, data: DataInfo) -> int:
        """Return how many numbers tell the class."""
        return data.num_targets if self.conditional else 0


def halved(shape: tuple[int, ...], channels: tuple[int, ...]) -> list[tuple[int, int]]:
    """Return height and width of a picture (C, H, W), then of the feature maps after each convolution."""
    sizes = [(shape[1], shape[2])]
    for _ in channels:
        height, width = sizes[-1]
        sizes.append((math.ceil(height / 2), math.ceil(width / 2)))
    return sizes


def named(modules: "list[tuple[str, nn.Module]]") -> "nn.Module":
    """Return modules, one after the other, as one."""
    from torch import nn

    return nn.Sequential(OrderedDict(modules))


def norm_module(norm: Norm, channels: int) -> "nn.Module | None":
    """Return the normalization of feature maps (B, C, H, W); None for none."""
    from torch import nn

    if norm == "none":
        return None
    return nn.BatchNorm2d(channels) if norm == "batch" else nn.GroupNorm(1, channels)


def shrinking(channels: tuple[int, ...], *, first: int, activation: str, norm: Norm) -> "list[tuple[str, nn.Module]]":
    """Return named modules of convolutions that each halve a picture of ``first`` channels, and flatten the last."""
    from torch import nn

    modules: list[tuple[str, Any]] = []
    for place, count in enumerate(channels, start=1):
        modules.append((f"conv{place}", nn.Conv2d(first, count, 3, 2, 1)))
        if (normalization := norm_module(norm, count)) is not None:
            modules.append((f"conv_norm{place}", normalization))
        modules.append((f"conv_act{place}", ACTIVATIONS.get(activation).build()))
        first = count
    return [*modules, ("flatten", nn.Flatten())]


def growing(
    channels: tuple[int, ...], shape: tuple[int, ...], *, last: int, activation: str, norm: Norm
) -> "list[tuple[str, nn.Module]]":
    """Return named modules that make a picture of ``shape`` (C, H, W) of ``last`` numbers, doubling it step by step.

    ``channels`` are those of ``shrinking``: these modules go the same way back.
    """
    from torch import nn

    sizes = halved(shape, channels)
    height, width = sizes[-1]
    first = channels[-1]
    modules: list[tuple[str, Any]] = [("project", nn.Linear(last, first * height * width))]
    modules.append(("unflatten", nn.Unflatten(1, (first, height, width))))
    targets = [*reversed(channels[:-1]), shape[0]]
    for place, (count, size) in enumerate(zip(targets, reversed(sizes[:-1]), strict=True), start=1):
        if (normalization := norm_module(norm, first)) is not None:
            modules.append((f"conv_norm{place}", normalization))
        modules.append((f"conv_act{place}", ACTIVATIONS.get(activation).build()))
        kernel = (4 - size[0] % 2, 4 - size[1] % 2)  # doubles, or doubles less one
        is_last = place == len(targets)
        modules.append(("output" if is_last else f"grow{place}", nn.ConvTranspose2d(first, count, kernel, 2, 1)))
        first = count
    return modules


def dense_coder(
    widths: tuple[int, ...], *, first: int, outputs: int, activation: str, norm: Norm, flatten: bool
) -> "nn.Module":
    """Return dense layers (B, first) → (B, outputs), or over whole pictures where they ``flatten`` these."""
    from torch import nn

    modules, last = dense_layers(
        widths, first=first, activation=activation, norm=norm, dropout=(0.0,) * len(widths), prefix="hidden"
    )
    front: list[tuple[str, Any]] = [("flatten", nn.Flatten())] if flatten else []
    return named([*front, *modules, ("output", nn.Linear(last, outputs))])


def dense_maker(
    widths: tuple[int, ...], shape: tuple[int, ...], *, first: int, activation: str, norm: Norm, output_activation: str
) -> "nn.Module":
    """Return dense layers (B, first) → (B, *shape)."""
    from torch import nn

    modules, last = dense_layers(
        widths, first=first, activation=activation, norm=norm, dropout=(0.0,) * len(widths), prefix="hidden"
    )
    modules.append(("output", nn.Linear(last, math.prod(shape))))
    modules += activated(output_activation, math.prod(shape))
    if len(shape) > 1:
        modules.append(("unflatten", nn.Unflatten(1, shape)))
    return named(modules)


def activated(output_activation: str, size: int) -> "list[tuple[str, nn.Module]]":
    """Return the named module of an output activation over examples of so many numbers, if it is one."""
    from nets.modules.generative import WideTanh

    module = WideTanh() if output_activation == "tanh" and size >= WIDE else output_module(output_activation)
    return [] if module is None else [("output_activation", module)]


def shrinking_room(channels: tuple[int, ...], shape: tuple[int, ...], norm: Norm, first: int) -> Room:
    """Return what ``shrinking`` holds."""
    room = Room(0, 0)
    for count, (height, width) in zip(channels, halved(shape, channels)[1:], strict=True):
        norm_weights = 0 if norm == "none" else 2 * count
        room += Room(first * count * 9 + count + norm_weights, (2 if norm == "none" else 3) * count * height * width)
        first = count
    return room


def growing_room(channels: tuple[int, ...], shape: tuple[int, ...], norm: Norm, last: int) -> Room:
    """Return what ``growing`` holds."""
    sizes = halved(shape, channels)
    first = channels[-1]
    pixels = first * math.prod(sizes[-1])
    room = Room(last * pixels + pixels, pixels)
    targets = [*reversed(channels[:-1]), shape[0]]
    for count, before, after in zip(targets, reversed(sizes[1:]), reversed(sizes[:-1]), strict=True):
        kernel = math.prod(4 if side % 2 == 0 else 3 for side in after)
        norm_weights = 0 if norm == "none" else 2 * first
        passed = (1 if norm == "none" else 2) * first * math.prod(before)
        room += Room(first * count * kernel + count + norm_weights, passed + count * math.prod(after))
        first = count
    return room


def hidden_room(widths: tuple[int, ...], *, first: int, norm: Norm) -> tuple[Room, int]:
    """Return what hidden dense layers hold, and the width that they end with."""
    room = dense_room(widths, first=first, norm=norm, num_outputs=0)
    return room, widths[-1] if widths else first


def coder_room(widths: tuple[int, ...], *, first: int, norm: Norm, outputs: int) -> Room:
    """Return what ``dense_coder`` and ``dense_maker`` hold, the output activation included."""
    return dense_room(widths, first=first, norm=norm, num_outputs=outputs) + Room(0, outputs)
