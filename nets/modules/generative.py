"""What networks are made of that make examples: pairs of an encoder and a decoder, of a generator and its opponent."""

import torch
from torch import Tensor, nn
from torch.nn import functional


class WideTanh(nn.Tanh):
    """The hyperbolic tangent of many numbers at once, by way of the sigmoid, where torch's takes longer.

    They differ by rounding, at most 2e-7.
    """

    def forward(self, x: Tensor) -> Tensor:
        """Any shape → the same shape, between -1 and 1."""
        return 2 * (2 * x).sigmoid() - 1


class ByClass(nn.Module):
    """Tells layers the class of each example: a 0 or 1 for every class joins their input.

    Args:
        layers: what sees both.
        num_classes: how many classes there are.
        as_planes: does each class become a plane of a picture's size? Otherwise the input is flattened first.
    """

    def __init__(self, layers: nn.Module, num_classes: int, as_planes: bool = False) -> None:
        super().__init__()
        self.layers = layers
        self.num_classes, self.as_planes = num_classes, as_planes

    def forward(self, x: Tensor, labels: Tensor) -> Tensor:
        """(B, D) or (B, C, H, W), and labels (B,) int64 → what the layers give."""
        told = functional.one_hot(labels, self.num_classes).to(x.dtype)  # (B, num_classes)
        if self.as_planes:
            planes = told[:, :, None, None].expand(-1, -1, x.shape[2], x.shape[3])  # → (B, num_classes, H, W)
            return self.layers(torch.cat([x, planes], dim=1))
        return self.layers(torch.cat([x.flatten(1), told], dim=1))


class EncoderDecoder(nn.Module):
    """An autoencoder: an encoder that squeezes examples into a few numbers, a decoder that makes examples of these.

    Args:
        encoder: (B, *input_shape) → (B, latent).
        decoder: (B, latent), and labels (B,) where it is ``ByClass``, → (B, *input_shape).
        latent: how many numbers.
    """

    def __init__(self, encoder: nn.Module, decoder: nn.Module, latent: int) -> None:
        super().__init__()
        self.encoder, self.decoder = encoder, decoder
        self.latent = latent

    def forward(self, x: Tensor, labels: Tensor | None = None) -> Tensor:
        """(B, *input_shape) → (B, *input_shape), each example as it comes out again."""
        z = self.encoder(x)
        return self.decoder(z) if labels is None else self.decoder(z, labels)


class VariationalEncoderDecoder(nn.Module):
    """A variational autoencoder: the encoder gives a normal distribution over codes. Kingma and Welling (2013).

    Args:
        encoder: (B, *input_shape) → (B, 2 · latent), means and then log-variances.
        decoder: (B, latent), and labels (B,) where it is ``ByClass``, → (B, *input_shape).
        latent: how many numbers a code has.
    """

    def __init__(self, encoder: nn.Module, decoder: nn.Module, latent: int) -> None:
        super().__init__()
        self.encoder, self.decoder = encoder, decoder
        self.latent = latent

    def forward(self, x: Tensor, labels: Tensor | None = None) -> Tensor:
        """(B, *input_shape) → (B, *input_shape): what becomes of the mean; draws nothing."""
        mu = self.encoder(x)[:, : self.latent]
        return self.decoder(mu) if labels is None else self.decoder(mu, labels)


class Adversaries(nn.Module):
    """A generator that makes examples of noise, and a discriminator that tells them from real ones.

    Goodfellow et al. (2014). Training may add ``average``, a generator whose weights are a running mean.

    Args:
        generator: (B, latent), and labels (B,) where it is ``ByClass``, → (B, *input_shape).
        discriminator: (B, *input_shape), and labels alike, → (B, 1): raw scores, the higher the more real.
        latent: numbers of noise for one example.
    """

    def __init__(self, generator: nn.Module, discriminator: nn.Module, latent: int) -> None:
        super().__init__()
        self.generator, self.discriminator = generator, discriminator
        self.latent = latent

    def forward(self, x: Tensor, labels: Tensor | None = None) -> Tensor:
        """(B, *input_shape) → (B, 1), the discriminator's raw scores."""
        return self.discriminator(x) if labels is None else self.discriminator(x, labels)
