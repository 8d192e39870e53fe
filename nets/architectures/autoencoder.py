"""The autoencoder: an encoder down to a few numbers, and a decoder back. Hinton and Salakhutdinov (2006)."""

import math
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

from pydantic import Field

from nets.architectures.base import Room, Width, architecture
from nets.architectures.coding import (
    Channels,
    CodingConfig,
    activated,
    coder_room,
    dense_coder,
    dense_maker,
    growing,
    growing_room,
    hidden_room,
    named,
    shrinking,
    shrinking_room,
)
from nets.datasets.base import DataInfo
from nets.initializers import INITIALIZERS

if TYPE_CHECKING:
    from torch import nn


class EncoderDecoderConfig(CodingConfig):
    """An encoder, and a decoder that goes the same way back."""

    code_size: ClassVar[int] = 1
    """Numbers that the encoder gives for each latent one."""

    hidden_sizes: Annotated[tuple[Width, ...], Field(max_length=8)] = (128, 64)
    """Neurons of the encoder's dense layers; those of the decoder are the same, backwards."""
    channels: Annotated[tuple[Channels, ...], Field(min_length=1, max_length=5)] = (16, 32)
    """Feature maps of the encoder's convolutions, where it has any."""
    decoder_sizes: Annotated[tuple[Width, ...], Field(max_length=8)] | None = None
    """Neurons of the decoder's dense layers, where they are to be others than the encoder's."""

    def widths_back(self) -> tuple[int, ...]:
        """Return the neurons of the decoder's dense layers."""
        return self.hidden_sizes[::-1] if self.decoder_sizes is None else self.decoder_sizes

    def room(self, data: DataInfo, num_outputs: int) -> Room:  # noqa: ARG002 - it makes examples, not outputs
        """Return what encoder and decoder hold."""
        shape, code = data.input_shape, self.latent_dim * self.code_size
        first, norm = self.latent_dim + self.told(data), self.norm
        if self.style == "dense":
            there = coder_room(self.hidden_sizes, first=math.prod(shape), norm=norm, outputs=code)
            return there + coder_room(self.widths_back(), first=first, norm=norm, outputs=math.prod(shape))
        flat = self.flat_size(shape)
        there = shrinking_room(self.channels, shape, norm, shape[0])
        there += coder_room(self.hidden_sizes, first=flat, norm=norm, outputs=code)
        back, last = hidden_room(self.widths_back(), first=first, norm=norm)
        return there + back + growing_room(self.channels, shape, norm, last)

    def flat_size(self, shape: tuple[int, ...]) -> int:
        """Return how many numbers the last feature maps have together."""
        sides = 2 ** len(self.channels)
        return self.channels[-1] * math.ceil(shape[1] / sides) * math.ceil(shape[2] / sides)

    def encoder(self, data: DataInfo) -> "nn.Module":
        """Return the encoder, (B, *input_shape) → (B, latent_dim · code_size)."""
        shape, code = data.input_shape, self.latent_dim * self.code_size
        kind: dict[str, Any] = {"activation": self.activation, "norm": self.norm}
        if self.style == "dense":
            first, is_flat = math.prod(shape), len(shape) == 1
            return dense_coder(self.hidden_sizes, first=first, outputs=code, flatten=not is_flat, **kind)
        maps = shrinking(self.channels, first=shape[0], **kind)  # built first: weights are drawn in the layers' order
        dense = dense_coder(self.hidden_sizes, first=self.flat_size(shape), outputs=code, flatten=False, **kind)
        return named([*maps, *dense.named_children()])

    def decoder(self, data: DataInfo) -> "nn.Module":
        """Return the decoder, (B, latent_dim), and labels (B,) where it is conditional, → (B, *input_shape)."""
        from nets.architectures.base import dense_layers
        from nets.modules.generative import ByClass

        shape, told, widths = data.input_shape, self.told(data), self.widths_back()
        kind: dict[str, Any] = {"activation": self.activation, "norm": self.norm}
        first = self.latent_dim + told
        if self.style == "dense":
            layers = dense_maker(widths, shape, first=first, output_activation=self.output_activation, **kind)
        else:
            dense, last = dense_layers(widths, first=first, dropout=(0.0,) * len(widths), prefix="hidden", **kind)
            modules = [
                *dense,
                *growing(self.channels, shape, last=last, **kind),
                *activated(self.output_activation, math.prod(shape)),
            ]
            layers = named(modules)
        return ByClass(layers, told) if told else layers


@architecture
class Autoencoder(EncoderDecoderConfig):
    """Encoder and decoder, trained to give back what they are shown."""

    help = "Squeezes examples into a few numbers and makes them again"
    objectives = ("reconstruction",)
    kind: Literal["autoencoder"] = "autoencoder"

    def build(self, data: DataInfo, num_outputs: int) -> "nn.Module":  # noqa: ARG002
        """Return the network, (B, *input_shape) → (B, *input_shape), with the parts ``encoder`` and ``decoder``."""
        from nets.modules.generative import EncoderDecoder

        model = EncoderDecoder(self.encoder(data), self.decoder(data), self.latent_dim)
        INITIALIZERS.get(self.initializer).apply(model)
        return model
