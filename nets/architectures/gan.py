"""The generative adversarial network: a generator and a discriminator that learn from each other."""

import math
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field

from nets.activations import ACTIVATIONS
from nets.architectures.base import ActivationName, CannotBuild, Dropout, Norm, Room, Width, architecture
from nets.architectures.coding import (
    Channels,
    CodingConfig,
    LatentSize,
    activated,
    coder_room,
    dense_maker,
    growing,
    growing_room,
    halved,
    hidden_room,
    named,
    norm_module,
    shrinking_room,
)
from nets.datasets.base import DataInfo
from nets.initializers import INITIALIZERS

if TYPE_CHECKING:
    from torch import nn

SLOPE = 0.2
"""Of a leaky ReLU below zero, in a discriminator: what Radford et al. (2015) found to work."""


@architecture
class GAN(CodingConfig):
    """A generator and a discriminator. Goodfellow et al. (2014); with convolutions Radford et al. (2015)."""

    help = "A generator of examples, and a discriminator that tells them from real ones"
    objectives = ("adversarial",)
    kind: Literal["gan"] = "gan"
    latent_dim: LatentSize = 100
    """Numbers of noise that an example is made of."""
    noise: Literal["gaussian", "uniform"] = "gaussian"
    """What the noise is drawn from: normal with spread 1, or evenly from -1 to 1."""
    generator_sizes: Annotated[tuple[Width, ...], Field(max_length=8)] = (128,)
    """Neurons of the generator's dense layers."""
    discriminator_sizes: Annotated[tuple[Width, ...], Field(max_length=8)] = (128,)
    """Neurons of the discriminator's dense layers."""
    channels: Annotated[tuple[Channels, ...], Field(min_length=1, max_length=5)] = (32, 64)
    """Feature maps of the discriminator's convolutions, where it has any; the generator's are the same, backwards."""
    discriminator_activation: ActivationName = "leaky_relu"
    """Between the discriminator's layers; a leaky ReLU has slope 0.2 here."""
    discriminator_norm: Norm = "none"
    """Normalization after each layer of the discriminator but the first; batch norm sees real and fake apart."""
    discriminator_dropout: Dropout = 0.0
    """Share of the discriminator's hidden outputs set to zero while training."""
    spectral_norm: bool = False
    """Keep every layer of the discriminator from stretching its input: it learns more calmly."""

    def check(self, data: DataInfo) -> None:
        """Refuse what neither can be built for, and two norms at once."""
        super().check(data)
        if self.spectral_norm and self.discriminator_norm != "none":
            raise CannotBuild("spectral_norm", "is a normalization already; take discriminator_norm none beside it")

    def room(self, data: DataInfo, num_outputs: int) -> Room:  # noqa: ARG002 - it makes examples, not outputs
        """Return what generator and discriminator hold; the latter sees real and fake."""
        shape, told = data.input_shape, self.told(data)
        first, norm = self.latent_dim + told, self.discriminator_norm
        if self.style == "dense":
            size = math.prod(shape)
            maker = coder_room(self.generator_sizes, first=first, norm=self.norm, outputs=size)
            judge = coder_room(self.discriminator_sizes, first=size + told, norm=norm, outputs=1)
            judge += self._first_norm(self.discriminator_sizes)
            return maker + judge + Room(0, judge.activations)
        maker, last = hidden_room(self.generator_sizes, first=first, norm=self.norm)
        maker += growing_room(self.channels, shape, self.norm, last)
        flat = self.channels[-1] * math.prod(halved(shape, self.channels)[-1])
        judge = shrinking_room(self.channels, shape, norm, shape[0] + told)
        judge += coder_room(self.discriminator_sizes, first=flat, norm=norm, outputs=1)
        judge += self._first_norm(self.channels)
        return maker + judge + Room(0, judge.activations)

    def _first_norm(self, widths: tuple[int, ...]) -> Room:
        """Return what the discriminator does without: its first layer is not normalized."""
        return Room(-2 * widths[0] if widths and self.discriminator_norm != "none" else 0, 0)

    def build(self, data: DataInfo, num_outputs: int) -> "nn.Module":  # noqa: ARG002
        """Return the network: ``generator`` makes examples of noise, ``discriminator`` scores them (B, 1)."""
        from nets.modules.generative import Adversaries

        model = Adversaries(self.generator(data), self.discriminator(data), self.latent_dim)
        INITIALIZERS.get(self.initializer).apply(model)
        return model

    def generator(self, data: DataInfo) -> "nn.Module":
        """Return the generator, (B, latent_dim), and labels (B,) where it is conditional, → (B, *input_shape)."""
        from nets.architectures.base import dense_layers
        from nets.modules.generative import ByClass

        shape, told, widths = data.input_shape, self.told(data), self.generator_sizes
        kind: dict[str, Any] = {"activation": self.activation, "norm": self.norm}
        first = self.latent_dim + told
        if self.style == "dense":
            layers = dense_maker(widths, shape, first=first, output_activation=self.output_activation, **kind)
        else:
            dense, last = dense_layers(widths, first=first, dropout=(0.0,) * len(widths), prefix="hidden", **kind)
            maps = growing(self.channels, shape, last=last, **kind)
            layers = named([*dense, *maps, *activated(self.output_activation, math.prod(shape))])
        return ByClass(layers, told) if told else layers

    def discriminator(self, data: DataInfo) -> "nn.Module":
        """Return the discriminator, (B, *input_shape), and labels (B,) where it is conditional, → (B, 1)."""
        from torch import nn

        from nets.modules.generative import ByClass

        shape, told = data.input_shape, self.told(data)
        is_dense = self.style == "dense"
        modules: list[tuple[str, Any]] = [] if is_dense else self._filters(shape[0] + told)
        if is_dense and len(shape) > 1 and not told:
            modules.append(("flatten", nn.Flatten()))
        flat = (shape[0] + told, *halved(shape, self.channels)[-1]) if not is_dense else ()
        first = math.prod(shape) + told if is_dense else self.channels[-1] * math.prod(flat[1:])
        for place, width in enumerate(self.discriminator_sizes, start=1):
            modules.append((f"hidden{place}", self._linear(first, width)))
            if self.discriminator_norm != "none" and (place > 1 or not is_dense):
                batch = self.discriminator_norm == "batch"
                modules.append((f"norm{place}", nn.BatchNorm1d(width) if batch else nn.LayerNorm(width)))
            modules += self._after(f"act{place}", f"drop{place}")
            first = width
        layers = named([*modules, ("output", self._linear(first, 1))])
        return ByClass(layers, told, as_planes=not is_dense) if told else layers

    def _filters(self, first: int) -> "list[tuple[str, Any]]":
        """Return the named modules of the discriminator's convolutions, and what flattens them."""
        from torch import nn

        from nets.modules.spectral import SpectralConv2d

        modules: list[tuple[str, Any]] = []
        for place, count in enumerate(self.channels, start=1):
            convolution = SpectralConv2d if self.spectral_norm else nn.Conv2d
            modules.append((f"conv{place}", convolution(first, count, 3, 2, 1)))
            if place > 1 and (norm := norm_module(self.discriminator_norm, count)) is not None:
                modules.append((f"conv_norm{place}", norm))
            modules += self._after(f"conv_act{place}", f"conv_drop{place}")
            first = count
        return [*modules, ("flatten", nn.Flatten())]

    def _linear(self, first: int, width: int) -> "nn.Module":
        from torch import nn

        from nets.modules.spectral import SpectralLinear

        return SpectralLinear(first, width) if self.spectral_norm else nn.Linear(first, width)

    def _after(self, act: str, drop: str) -> "list[tuple[str, Any]]":
        """Return the discriminator's activation and dropout as named modules."""
        from torch import nn

        is_leaky = self.discriminator_activation == "leaky_relu"
        module = nn.LeakyReLU(SLOPE) if is_leaky else ACTIVATIONS.get(self.discriminator_activation).build()
        share = self.discriminator_dropout
        return [(act, module), *([(drop, nn.Dropout(share))] if share else [])]
