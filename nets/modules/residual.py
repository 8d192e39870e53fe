"""Residual blocks: what they compute is added to what they were given. He et al. (2015), "Deep Residual Learning"."""

from torch import Tensor, nn

EXPANSION = 4
"""How many times wider a bottleneck is outside than inside."""


def normalization(norm: str, channels: int) -> nn.Module:
    """Return the normalization of (B, channels, H, W) that ``norm`` names; "layer" is one group of all channels."""
    if norm == "none":
        return nn.Identity()
    return nn.BatchNorm2d(channels) if norm == "batch" else nn.GroupNorm(1, channels)


def shortcut(in_channels: int, out_channels: int, stride: int, norm: str) -> nn.Module:
    """Return the way around a block: nothing at all, or a 1×1 convolution where the shape changes (option B)."""
    if in_channels == out_channels and stride == 1:
        return nn.Identity()
    conv = nn.Conv2d(in_channels, out_channels, 1, stride, bias=norm == "none")
    return nn.Sequential(conv, normalization(norm, out_channels))


class BasicBlock(nn.Module):
    """Two 3×3 convolutions and the way around them.

    Args:
        in_channels: maps that come in.
        out_channels: maps that go out.
        activation: after the first convolution and at the end.
        stride: of the first convolution; 2 halves height and width.
        norm: none, batch or layer, after each convolution.
        skip: false leaves the way around out.
    """

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        activation: nn.Module,
        stride: int = 1,
        norm: str = "batch",
        skip: bool = True,
    ) -> None:
        super().__init__()
        self.in_channels, self.out_channels = in_channels, out_channels
        self.stride, self.norm, self.skip = stride, norm, skip
        self.conv1 = nn.Conv2d(in_channels, out_channels, 3, stride, 1, bias=norm == "none")
        self.norm1 = normalization(norm, out_channels)
        self.conv2 = nn.Conv2d(out_channels, out_channels, 3, 1, 1, bias=norm == "none")
        self.norm2 = normalization(norm, out_channels)
        self.activation = activation
        if skip:
            self.shortcut = shortcut(in_channels, out_channels, stride, norm)

    def forward(self, x: Tensor) -> Tensor:
        """(B, in_channels, H, W) → (B, out_channels, ⌈H / stride⌉, ⌈W / stride⌉)."""
        changed = self.activation(self.norm1(self.conv1(x)))
        changed = self.norm2(self.conv2(changed))
        return self.activation(changed + self.shortcut(x) if self.skip else changed)


class Bottleneck(nn.Module):
    """A 1×1 convolution to fewer maps, a 3×3 convolution over these, a 1×1 convolution back, and the way around.

    Args:
        in_channels: maps that come in.
        width: maps inside; four times as many go out.
        activation: after each convolution, the last time at the end.
        stride: of the 3×3 convolution; 2 halves height and width.
        norm: none, batch or layer, after each convolution.
        skip: false leaves the way around out.
    """

    def __init__(
        self,
        in_channels: int,
        width: int,
        activation: nn.Module,
        stride: int = 1,
        norm: str = "batch",
        skip: bool = True,
    ) -> None:
        super().__init__()
        self.in_channels, self.width = in_channels, width
        self.stride, self.norm, self.skip = stride, norm, skip
        out_channels = EXPANSION * width
        self.conv1 = nn.Conv2d(in_channels, width, 1, bias=norm == "none")
        self.norm1 = normalization(norm, width)
        self.conv2 = nn.Conv2d(width, width, 3, stride, 1, bias=norm == "none")
        self.norm2 = normalization(norm, width)
        self.conv3 = nn.Conv2d(width, out_channels, 1, bias=norm == "none")
        self.norm3 = normalization(norm, out_channels)
        self.activation = activation
        if skip:
            self.shortcut = shortcut(in_channels, out_channels, stride, norm)

    def forward(self, x: Tensor) -> Tensor:
        """(B, in_channels, H, W) → (B, 4 · width, ⌈H / stride⌉, ⌈W / stride⌉)."""
        changed = self.activation(self.norm1(self.conv1(x)))
        changed = self.activation(self.norm2(self.conv2(changed)))
        changed = self.norm3(self.conv3(changed))
        return self.activation(changed + self.shortcut(x) if self.skip else changed)
