"""Layers whose largest singular value is kept at 1. Miyato et al. (2018), "Spectral Normalization for GANs"."""

import torch
from torch import Tensor, nn
from torch.nn import functional


class SpectralLinear(nn.Linear):
    """A dense layer divided by the largest stretch that it gives to any input.

    Args:
        in_features: inputs.
        out_features: outputs.
    """

    def __init__(self, in_features: int, out_features: int) -> None:
        super().__init__(in_features, out_features)
        self.direction: Tensor
        self.register_buffer("direction", functional.normalize(torch.randn(out_features), dim=0))

    def forward(self, x: Tensor) -> Tensor:
        """(B, in_features) → (B, out_features); one power iteration while training."""
        return functional.linear(x, self.weight / stretch(self.weight, self.direction, self.training), self.bias)


class SpectralConv2d(nn.Conv2d):
    """A convolution whose kernels, laid out as one matrix, are divided by its largest singular value.

    Args:
        in_channels: feature maps before.
        out_channels: feature maps after.
        kernel_size: height and width of a filter.
        stride: pixels between two places.
        padding: rings of zeros around.
    """

    def __init__(
        self, in_channels: int, out_channels: int, kernel_size: int, stride: int = 1, padding: int = 0
    ) -> None:
        super().__init__(in_channels, out_channels, kernel_size, stride, padding)
        self.direction: Tensor
        self.register_buffer("direction", functional.normalize(torch.randn(out_channels), dim=0))

    def forward(self, x: Tensor) -> Tensor:
        """(B, C, H, W) → (B, out_channels, H', W'); one power iteration while training."""
        weight = self.weight / stretch(self.weight.flatten(1), self.direction, self.training)
        return functional.conv2d(x, weight, self.bias, self.stride, self.padding)


def stretch(matrix: Tensor, direction: Tensor, improve: bool) -> Tensor:
    """Return the largest singular value of a matrix (O, I), a scalar with its graph.

    ``direction`` (O,) is what is known of its left singular vector; ``improve`` takes one power iteration, in place.
    """
    with torch.no_grad():
        right = functional.normalize(matrix.T @ direction, dim=0)
        if improve:
            direction.copy_(functional.normalize(matrix @ right, dim=0))
        left = direction.clone()
    return left @ (matrix @ right)
