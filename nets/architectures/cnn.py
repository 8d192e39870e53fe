"""The convolutional network: blocks of convolution and pooling, then dense layers."""

import math
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field, model_validator

from nets.activations import ACTIVATIONS
from nets.architectures.base import (
    ArchitectureConfig,
    CannotBuild,
    Dropout,
    Norm,
    Room,
    Width,
    architecture,
    assemble,
    dense_layers,
    dense_room,
)
from nets.config import Config
from nets.datasets.base import DataInfo

if TYPE_CHECKING:
    from torch import nn


class ConvBlock(Config):
    """One convolution with what follows it: normalization, activation, pooling, dropout."""

    channels: Annotated[int, Field(ge=1, le=1024)] = 32
    """Filters, each giving one feature map."""
    kernel: Annotated[int, Field(ge=1, le=11)] = 3
    """Height and width of a filter."""
    stride: Annotated[int, Field(ge=1, le=4)] = 1
    """Pixels between two places of the filter."""
    padding: Annotated[int, Field(ge=0, le=5)] = 1
    """Rings of zeros around the picture."""
    pool: Literal["none", "max", "average"] = "max"
    """What shrinks the feature maps."""
    pool_size: Annotated[int, Field(ge=2, le=4)] = 2
    """Height and width of a pool."""
    dropout: Dropout = 0.0
    """Share of whole feature maps set to zero while training."""

    @model_validator(mode="after")
    def _padding_below_kernel(self) -> "ConvBlock":
        if self.padding >= self.kernel:
            raise ValueError(
                f"padding {self.padding} would let outputs see nothing; it must be below kernel {self.kernel}"
            )
        return self

    def output_size(self, size: int) -> int:
        """Return height and width of the feature maps of a picture of ``size`` pixels; 0 or less if none are left."""
        size = self.filtered_size(size)
        return size if self.pool == "none" else size // self.pool_size

    def filtered_size(self, size: int) -> int:
        """Return height and width between convolution and pooling, where the normalization is."""
        return (size + 2 * self.padding - self.kernel) // self.stride + 1

    def room(self, channels: int, before: tuple[int, int], after: tuple[int, int], norm: Norm) -> Room:
        """Return what the block holds that takes ``channels`` maps of height and width ``before``, gives ``after``."""
        norm_weights = 0 if norm == "none" else 2 * self.channels
        weights = channels * self.channels * self.kernel**2 + self.channels
        filtered = self.filtered_size(before[0]) * self.filtered_size(before[1])
        pixels = (2 if norm == "none" else 3) * filtered + after[0] * after[1]
        return Room(weights + norm_weights, pixels * self.channels)

    def modules(self, place: int, channels: int, activation: str, norm: Norm) -> "list[tuple[str, nn.Module]]":
        """Return the named modules of block number ``place``, which takes ``channels`` feature maps."""
        from torch import nn

        conv = nn.Conv2d(channels, self.channels, self.kernel, self.stride, self.padding)
        modules: list[tuple[str, Any]] = [(f"conv{place}", conv)]
        if norm == "batch":
            modules.append((f"conv_norm{place}", nn.BatchNorm2d(self.channels)))
        elif norm == "layer":
            modules.append((f"conv_norm{place}", nn.GroupNorm(1, self.channels)))
        modules.append((f"conv_act{place}", ACTIVATIONS.get(activation).build()))
        if self.pool != "none":
            pool = nn.MaxPool2d if self.pool == "max" else nn.AvgPool2d
            modules.append((f"pool{place}", pool(self.pool_size)))
        if self.dropout:
            modules.append((f"conv_drop{place}", nn.Dropout2d(self.dropout)))
        return modules


@architecture
class CNN(ArchitectureConfig):
    """Blocks of convolution, normalization, activation and pooling; then dense layers. LeCun et al. (1998)."""

    help = "Filters that slide over a picture, then dense layers"
    kind: Literal["cnn"] = "cnn"
    blocks: Annotated[tuple[ConvBlock, ...], Field(min_length=1, max_length=64)] = (
        ConvBlock(channels=32),
        ConvBlock(channels=64),
    )
    """The convolutions, in order."""
    dense_sizes: Annotated[tuple[Width, ...], Field(max_length=4)] = (128,)
    """Neurons of each dense layer before the output."""
    dropout: Dropout = 0.0
    """Share of each dense layer's outputs set to zero while training."""

    def check(self, data: DataInfo) -> None:
        """Refuse what is no picture, and blocks that shrink the picture to nothing."""
        if len(data.input_shape) != 3:
            raise CannotBuild("kind", "a cnn slides over pictures, and these data are none; pick mlp")
        self._sizes(data)

    def _sizes(self, data: DataInfo) -> list[tuple[int, int]]:
        """Return height and width of the picture, then of each block's feature maps."""
        sizes = [(data.input_shape[1], data.input_shape[2])]
        for place, block in enumerate(self.blocks):
            height, width = sizes[-1]
            size = (block.output_size(height), block.output_size(width))
            if min(size) < 1:
                raise CannotBuild(
                    f"blocks.{place}",
                    f"feature maps of {height}×{width} shrink to nothing here; "
                    "take a smaller kernel, stride or pool, more padding, or fewer blocks",
                )
            is_single = block.filtered_size(height) == block.filtered_size(width) == 1
            if self.norm == "layer" and block.channels == 1 and is_single:
                raise CannotBuild(
                    f"blocks.{place}",
                    "layer norm would take its mean over a single number here; "
                    "take more channels, or batch norm, or none",
                )
            sizes.append(size)
        return sizes

    def room(self, data: DataInfo, num_outputs: int) -> Room:
        """Return what convolutions and dense layers hold."""
        room, channels, sizes = Room(0, 0), data.input_shape[0], self._sizes(data)
        for block, before, after in zip(self.blocks, sizes, sizes[1:], strict=False):
            room += block.room(channels, before, after, self.norm)
            channels = block.channels
        first = channels * math.prod(sizes[-1])
        return room + dense_room(self.dense_sizes, first=first, norm=self.norm, num_outputs=num_outputs)

    def build(self, data: DataInfo, num_outputs: int) -> "nn.Module":
        """Return the network, (B, C, H, W) → (B, num_outputs)."""
        from torch import nn

        sizes = self._sizes(data)
        channels = data.input_shape[0]
        modules: list[tuple[str, Any]] = []
        for place, block in enumerate(self.blocks, start=1):
            modules += block.modules(place, channels, self.activation, self.norm)
            channels = block.channels
        modules.append(("flatten", nn.Flatten()))
        dense, last = dense_layers(
            self.dense_sizes,
            first=channels * math.prod(sizes[-1]),
            activation=self.activation,
            norm=self.norm,
            dropout=(self.dropout,) * len(self.dense_sizes),
            prefix="hidden",
        )
        modules += dense
        return assemble(modules, self, last=last, num_outputs=num_outputs)
