"""Convolutions along a sequence: filters that slide over its steps."""

import math
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from nets.activations import ACTIVATIONS
from nets.architectures.base import CannotBuild, Room, architecture
from nets.architectures.sequence import (
    MAX_ONE_HOT,
    Readout,
    SequenceConfig,
    embedding_room,
    step_size,
)
from nets.datasets.base import DataInfo

if TYPE_CHECKING:
    from torch import nn


@architecture
class Conv1d(SequenceConfig):
    """Blocks of convolution, normalization, activation and pool; then a read-out. Waibel et al. (1989), Kim (2014)."""

    help = "Filters that slide along the steps and find a pattern wherever it is"
    kind: Literal["conv1d"] = "conv1d"
    channels: Annotated[tuple[Annotated[int, Field(ge=1, le=1024)], ...], Field(min_length=1, max_length=12)] = (16, 16)
    """Filters of each convolution."""
    kernel: Annotated[int, Field(ge=1, le=63)] = 5
    """Steps that a filter sees."""
    stride: Annotated[int, Field(ge=1, le=8)] = 1
    """Steps between two places of a filter."""
    dilation: Annotated[int, Field(ge=1, le=4)] = 1
    """How many times farther apart each convolution looks than the one before (van den Oord et al. 2016)."""
    pool: Literal["none", "max", "average"] = "none"
    """What halves the steps behind each convolution."""
    causal: bool = False
    """A step sees itself and those before it alone."""
    embedding_dim: Annotated[int, Field(ge=0, le=1024)] = 0
    """Numbers that describe a token, where the steps are tokens; 0 has a column for each token instead."""
    readout: Readout = "max"
    """What the answer is read off: the last step, the mean or the maximum over all steps, or every step by itself."""

    def check(self, data: DataInfo) -> None:
        """Refuse what is no sequence, steps that vanish or see ahead where each has an answer, and too many columns."""
        super().check(data)
        if data.vocab_size > MAX_ONE_HOT and not self.embedding_dim:
            message = f"0 would make a column for each of {data.vocab_size:,} tokens; take for example 32"
            raise CannotBuild("embedding_dim", message)
        if data.per_step:
            if not self.causal:
                raise CannotBuild("causal", "every step would see what follows it; take true")
            if self.stride > 1:
                raise CannotBuild("stride", f"{self.stride} would leave steps without an answer; take 1")
            if self.pool != "none":
                raise CannotBuild("pool", f"{self.pool} would leave steps without an answer; take none")

    def fitted(self, data: DataInfo) -> "Conv1d":
        """Return these settings as the data need them."""
        fitted = super().fitted(data)
        assert isinstance(fitted, Conv1d)
        if data.vocab_size > MAX_ONE_HOT and not self.embedding_dim:
            fitted = fitted.model_copy(update={"embedding_dim": 32})
        if not data.per_step:
            return fitted
        return fitted.model_copy(update={"causal": True, "stride": 1, "pool": "none"})

    def reach(self, place: int) -> int:
        """Return the dilation of a convolution, its place counted from 0."""
        return int(self.dilation**place)

    def room(self, data: DataInfo, num_outputs: int) -> Room:
        """Return what the convolutions hold."""
        room = embedding_room(data, self.embedding_dim)
        steps, before = data.input_shape[0], step_size(data, self.embedding_dim)
        norm_weights, passed = (0, 2) if self.norm == "none" else (2, 3)
        for channels in self.channels:
            padded = (steps + (self.kernel - 1) * self.reach(len(self.channels) - 1)) * before
            steps = math.ceil(steps / self.stride)
            weights = channels * (before * self.kernel + 1 + norm_weights)
            room += Room(weights, padded + passed * steps * channels)
            steps = steps if self.pool == "none" else math.ceil(steps / 2)
            before = channels
        return room + self.head_room(data, before, num_outputs)

    def build(self, data: DataInfo, num_outputs: int) -> "nn.Module":
        """Return the network, (B, T, D) or tokens (B, T) → (B, num_outputs), or (B, T, num_outputs)."""
        from torch import nn

        from nets.modules.convolutions import Convolutions, StepConvolution

        blocks, before = [], step_size(data, self.embedding_dim)
        for place, channels in enumerate(self.channels):
            blocks.append(
                StepConvolution(
                    before,
                    channels,
                    self.kernel,
                    ACTIVATIONS.get(self.activation).build(),
                    self.stride,
                    self.reach(place),
                    self.pool,
                    self.norm,
                    self.dropout,
                    self.causal,
                )
            )
            before = channels
        return self.assembled(
            Convolutions(nn.Sequential(*blocks)),
            data,
            width=before,
            num_outputs=num_outputs,
            embedding_dim=self.embedding_dim,
        )
