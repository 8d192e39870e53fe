"""Convolutions along a sequence: filters that slide over its steps."""

import torch
from torch import Tensor, nn
from torch.nn import functional


class StepConvolution(nn.Module):
    """One convolution along the steps, with what follows it: normalization, activation, pool, dropout.

    Args:
        in_channels: numbers of a step.
        channels: filters.
        kernel: steps that a filter sees.
        activation: behind the normalization.
        stride: steps between two places of a filter.
        dilation: steps between two numbers that a filter sees.
        pool: none, max or average, over two steps.
        norm: none, batch or layer.
        dropout: share of whole channels set to zero while training.
        causal: may a step see itself and those before it alone?
    """

    def __init__(
        self,
        in_channels: int,
        channels: int,
        kernel: int,
        activation: nn.Module,
        stride: int = 1,
        dilation: int = 1,
        pool: str = "none",
        norm: str = "none",
        dropout: float = 0.0,
        causal: bool = False,
    ) -> None:
        super().__init__()
        self.in_channels, self.channels, self.kernel, self.stride = in_channels, channels, kernel, stride
        self.dilation, self.pool, self.norm, self.dropout, self.causal = dilation, pool, norm, dropout, causal
        self.conv = nn.Conv1d(in_channels, channels, kernel, stride, dilation=dilation)
        norms = {"none": nn.Identity, "batch": nn.BatchNorm1d, "layer": OneGroup}
        self.normalization = nn.Identity() if norm == "none" else norms[norm](channels)
        self.activation, self.drop = activation, nn.Dropout1d(dropout)

    def forward(self, x: Tensor) -> Tensor:
        """(B, C, T) → (B, channels, T'), T' = ⌈T / stride⌉, halved by a pool."""
        reach = (self.kernel - 1) * self.dilation
        before = reach if self.causal else reach // 2
        x = self.conv(functional.pad(x, (before, reach - before)))
        x = self.activation(self.normalization(x))
        if self.pool == "max":
            x = functional.max_pool1d(x, 2, ceil_mode=True)
        if self.pool == "average":
            x = functional.avg_pool1d(x, 2, ceil_mode=True)
        return self.drop(x)

    def kept(self, is_real: Tensor) -> Tensor:
        """Return which steps (B, T') of what comes out are real, of those (B, T) that come in."""
        kept = is_real[:, :: self.stride]
        return kept if self.pool == "none" else kept[:, ::2]


class OneGroup(nn.GroupNorm):
    """Normalizes each example over all its channels and steps.

    Args:
        channels: how many there are.
    """

    def __init__(self, channels: int) -> None:
        super().__init__(1, channels)
        self.channels = channels


class Convolutions(nn.Module):
    """Convolutions, one after the other; padding is zero in front of each.

    Args:
        blocks: an ``nn.Sequential`` of ``StepConvolution``.
    """

    def __init__(self, blocks: nn.Sequential) -> None:
        super().__init__()
        self.blocks = blocks

    def forward(self, x: Tensor, is_real: Tensor | None = None) -> Tensor:
        """(B, T, D) → states (B, T', H)."""
        x = x.transpose(1, 2)  # (B, D, T)
        for block in self.blocks:
            if is_real is not None:
                x = torch.where(is_real.unsqueeze(1), x, 0.0)
                is_real = block.kept(is_real)  # type: ignore[operator]
            x = block(x)
        return x.transpose(1, 2)

    def kept(self, is_real: Tensor) -> Tensor:
        """Return which steps (B, T') of the states are real."""
        for block in self.blocks:
            is_real = block.kept(is_real)  # type: ignore[operator]
        return is_real
