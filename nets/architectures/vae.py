"""The variational autoencoder: an encoder that gives a distribution over codes. Kingma and Welling (2013)."""

from typing import TYPE_CHECKING, Literal

from nets.architectures.autoencoder import EncoderDecoderConfig
from nets.architectures.base import architecture
from nets.architectures.coding import LatentSize
from nets.datasets.base import DataInfo
from nets.initializers import INITIALIZERS

if TYPE_CHECKING:
    from torch import nn


@architecture
class VAE(EncoderDecoderConfig):
    """Encoder and decoder, with a cloud instead of a point for each example: between the clouds lie new examples."""

    help = "An autoencoder whose codes fill a space to draw new examples from"
    objectives = ("variational",)
    code_size = 2
    kind: Literal["vae"] = "vae"
    latent_dim: LatentSize = 2
    """Latent numbers: what an example is made of. Two can be looked at as a plane."""

    def build(self, data: DataInfo, num_outputs: int) -> "nn.Module":  # noqa: ARG002
        """Return the network, (B, *input_shape) → (B, *input_shape), with the parts ``encoder`` and ``decoder``."""
        from nets.modules.generative import VariationalEncoderDecoder

        model = VariationalEncoderDecoder(self.encoder(data), self.decoder(data), self.latent_dim)
        INITIALIZERS.get(self.initializer).apply(model)
        return model
