"""Residual networks: many convolutions deep, because each block only adds to what it was given."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field

from nets.activations import ACTIVATIONS
from nets.architectures.base import (
    ArchitectureConfig,
    CannotBuild,
    Dropout,
    InitializerName,
    Norm,
    Room,
    architecture,
    assemble,
    dense_room,
)
from nets.datasets.base import DataInfo

if TYPE_CHECKING:
    from torch import nn

Block = Literal["basic", "bottleneck"]
Depth = Annotated[int, Field(ge=1, le=64)]


@dataclass(frozen=True)
class BlockPlan:
    """One block: its name, the maps it takes, its width, its stride, and the factor from its width to what it gives."""

    name: str
    in_channels: int
    width: int
    stride: int
    expansion: int

    @property
    def out_channels(self) -> int:
        """Maps that go out."""
        return self.width * self.expansion

    def room(self, before: int, after: int, norm: Norm, *, skip: bool) -> Room:
        """Return what the block holds that takes maps of ``before`` pixels and gives maps of ``after``."""
        if self.expansion == 1:
            room = conv_room(self.in_channels, self.width, 3, after, norm)
        else:
            room = conv_room(self.in_channels, self.width, 1, before, norm)
            room += conv_room(self.width, self.width, 3, after, norm)
        room += conv_room(self.width, self.out_channels, 3 if self.expansion == 1 else 1, after, norm)
        if skip:
            room += Room(0, self.out_channels * after)
        if skip and (self.stride != 1 or self.in_channels != self.out_channels):
            shortcut = conv_room(self.in_channels, self.out_channels, 1, after, norm)
            room += Room(shortcut.parameters, shortcut.activations - self.out_channels * after)
        return room


def block_plans(depths: tuple[int, ...], width: int, expansion: int) -> Iterator[BlockPlan]:
    """Yield the blocks of all stages, in order: each stage doubles the width, and all but the first halve the maps."""
    channels = width
    for stage, depth in enumerate(depths):
        for place in range(depth):
            stride = 2 if stage and not place else 1
            plan = BlockPlan(f"block{stage + 1}_{place + 1}", channels, width * 2**stage, stride, expansion)
            yield plan
            channels = plan.out_channels


def conv_room(in_channels: int, out_channels: int, kernel: int, pixels: int, norm: Norm) -> Room:
    """Return what a convolution to maps of ``pixels`` holds, its normalization and its activation included."""
    weights = in_channels * out_channels * kernel**2
    scales = out_channels if norm == "none" else 2 * out_channels
    return Room(weights + scales, (2 if norm == "none" else 3) * out_channels * pixels)


def residual_room(
    plans: tuple[BlockPlan, ...], size: tuple[int, ...], stem: Literal["small", "large"], norm: Norm, *, skip: bool
) -> Room:
    """Return what stem and blocks hold over pictures of ``size`` (C, H, W), and the pool behind them."""
    sides: tuple[int, ...] = size[1:]
    if stem == "large":
        sides = _halved(sides)
    room = conv_room(size[0], plans[0].in_channels, 7 if stem == "large" else 3, sides[0] * sides[1], norm)
    if stem == "large":
        sides = _halved(sides)
        room += Room(0, plans[0].in_channels * sides[0] * sides[1])
    for plan in plans:
        before, sides = sides, _halved(sides) if plan.stride == 2 else sides
        room += plan.room(before[0] * before[1], sides[0] * sides[1], norm, skip=skip)
    return room + Room(0, plans[-1].out_channels)


def _halved(sides: tuple[int, ...]) -> tuple[int, ...]:
    """Return height and width of maps after a stride of 2."""
    return tuple((side + 1) // 2 for side in sides)


@architecture
class ResNet(ArchitectureConfig):
    """A stem, stages of residual blocks, the mean over each feature map, the output. He et al. (2015).

    The name of a block is its stage and its place there: block1_1, block1_2, block2_1. So a block more, at the end of
    any stage, leaves all others their weights.
    """

    help = "Blocks of convolutions with a way around each, so that depth does not hurt"
    kind: Literal["resnet"] = "resnet"
    block: Block = "basic"
    """Two 3×3 convolutions, or 1×1, 3×3, 1×1 that are four times as wide outside as inside."""
    depths: Annotated[tuple[Depth, ...], Field(min_length=1, max_length=4)] = (2, 2, 2)
    """Blocks of each stage; each stage after the first halves the feature maps and doubles their number."""
    width: Annotated[int, Field(ge=4, le=256)] = 16
    """Feature maps of the first stage."""
    skip: bool = True
    """Add what goes into a block to what comes out; without, it is a plain deep network."""
    stem: Literal["small", "large"] = "small"
    """A 3×3 convolution, or for large pictures 7×7 that halves them, and a pool that halves them again."""
    norm: Norm = "batch"
    """After each convolution: batch, layer (all maps of an example together), or none."""
    initializer: InitializerName = "orthogonal"
    """How the weights start."""
    dropout: Dropout = 0.0
    """Share of the inputs of the output layer set to zero while training."""

    def plans(self) -> tuple[BlockPlan, ...]:
        """Return the blocks of all stages, in order."""
        return tuple(block_plans(self.depths, self.width, 1 if self.block == "basic" else 4))

    def check(self, data: DataInfo) -> None:
        """Refuse what is no picture, and stages that would halve a single pixel."""
        if len(data.input_shape) != 3:
            raise CannotBuild("kind", "a resnet slides over pictures, and these data are none; pick mlp")
        sides: tuple[int, ...] = data.input_shape[1:]
        for _ in range(2 if self.stem == "large" else 0):
            sides = self._halved_again(sides, "stem", "take the small stem, or larger pictures")
        for stage in range(1, len(self.depths)):
            advice = f"take {stage} {'stage' if stage == 1 else 'stages'}, or larger pictures"
            sides = self._halved_again(
                sides, "depths", advice if self.stem == "small" else f"{advice}, or a small stem"
            )

    def _halved_again(self, sides: tuple[int, ...], field: str, advice: str) -> tuple[int, ...]:
        if max(sides) == 1:
            raise CannotBuild(field, f"feature maps of a single pixel would be halved here; {advice}")
        return _halved(sides)

    def room(self, data: DataInfo, num_outputs: int) -> Room:
        """Return what stem, blocks and output layer hold."""
        plans = self.plans()
        room = residual_room(plans, data.input_shape, self.stem, self.norm, skip=self.skip)
        return room + dense_room((), first=plans[-1].out_channels, norm="none", num_outputs=num_outputs)

    def build(self, data: DataInfo, num_outputs: int) -> "nn.Module":
        """Return the network, (B, C, H, W) → (B, num_outputs)."""
        from torch import nn

        from nets.modules.residual import BasicBlock, Bottleneck

        modules = self._stem(data.input_shape[0])
        plans = self.plans()
        kind = BasicBlock if self.block == "basic" else Bottleneck
        for plan in plans:
            activation = ACTIVATIONS.get(self.activation).build()
            block = kind(plan.in_channels, plan.width, activation, plan.stride, self.norm, self.skip)
            modules.append((plan.name, block))
        modules += [("pool", nn.AdaptiveAvgPool2d(1)), ("flatten", nn.Flatten())]
        if self.dropout:
            modules.append(("drop", nn.Dropout(self.dropout)))
        return assemble(modules, self, last=plans[-1].out_channels, num_outputs=num_outputs)

    def _stem(self, channels: int) -> "list[tuple[str, nn.Module]]":
        from torch import nn

        from nets.modules.residual import normalization

        kernel, stride = (7, 2) if self.stem == "large" else (3, 1)
        conv = nn.Conv2d(channels, self.width, kernel, stride, kernel // 2, bias=self.norm == "none")
        modules: list[tuple[str, Any]] = [("stem1", conv)]
        if self.norm != "none":
            modules.append(("stem_norm1", normalization(self.norm, self.width)))
        modules.append(("stem_act1", ACTIVATIONS.get(self.activation).build()))
        if self.stem == "large":
            modules.append(("stem_pool1", nn.MaxPool2d(3, 2, 1)))
        return modules
