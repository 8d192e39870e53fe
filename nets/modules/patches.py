"""What a vision transformer is made of. Dosovitskiy et al. (2020), "An Image is Worth 16x16 Words"."""

import torch
from torch import Tensor, nn

PLACE_STD = 0.06
"""Of the first places and of the token: thrice the paper's 0.02, from which small networks learn them slowly."""


class Patches(nn.Module):
    """Cuts a picture into squares and describes each by ``d_model`` numbers: a convolution that steps a whole square.

    Args:
        in_channels: of the picture.
        d_model: numbers for each square.
        patch: height and width of a square, in pixels.
    """

    def __init__(self, in_channels: int, d_model: int, patch: int) -> None:
        super().__init__()
        self.in_channels, self.d_model, self.patch = in_channels, d_model, patch
        self.conv = nn.Conv2d(in_channels, d_model, patch, patch)

    def forward(self, x: Tensor) -> Tensor:
        """(B, C, H, W) → (B, T, d_model), row by row, T = (H / patch) · (W / patch)."""
        return self.conv(x).flatten(2).transpose(1, 2)  # (B, d_model, H / patch, W / patch) → (B, T, d_model)


class Positions(nn.Module):
    """Adds to each square what the network has learnt about its place, and may put a token in front of them.

    Args:
        num_patches: T, how many squares there are.
        d_model: numbers for each.
        has_token: is there a token in front that belongs to no square, to read the class off?
    """

    def __init__(self, num_patches: int, d_model: int, has_token: bool = False) -> None:
        super().__init__()
        self.num_patches, self.d_model, self.has_token = num_patches, d_model, has_token
        self.places = nn.Parameter(torch.empty(1, num_patches, d_model))
        nn.init.normal_(self.places, std=PLACE_STD)
        if has_token:
            self.token = nn.Parameter(torch.empty(1, 1, d_model))
            nn.init.normal_(self.token, std=PLACE_STD)

    def forward(self, x: Tensor) -> Tensor:
        """(B, T, d_model) → (B, T, d_model), or (B, 1 + T, d_model) with a token."""
        placed = x + self.places
        if not self.has_token:
            return placed
        return torch.cat([self.token.expand(x.shape[0], -1, -1), placed], dim=1)  # len(x) would fix B in an export


class EncoderBlock(nn.TransformerEncoderLayer):
    """Torch's encoder layer, normalizing first: attention between the squares, then two dense layers over each.

    Args:
        d_model: numbers for each square.
        num_heads: ways of attending; each sees ``d_model / num_heads`` of the numbers.
        feed_forward: width between the two dense layers.
        activation: between these.
        share: of the outputs and of the attention set to zero while training.
    """

    def __init__(
        self, d_model: int, num_heads: int, feed_forward: int, activation: nn.Module, share: float = 0.0
    ) -> None:
        super().__init__(d_model, num_heads, feed_forward, share, activation, batch_first=True, norm_first=True)
        self.d_model, self.num_heads, self.feed_forward, self.share = d_model, num_heads, feed_forward, share


class ReadOut(nn.Module):
    """One description of the whole picture out of those of its squares.

    Args:
        of_token: take the token in front alone; otherwise the mean over all squares.
    """

    def __init__(self, of_token: bool = False) -> None:
        super().__init__()
        self.of_token = of_token

    def forward(self, x: Tensor) -> Tensor:
        """(B, T, d_model) → (B, d_model)."""
        return x[:, 0] if self.of_token else x.mean(dim=1)
