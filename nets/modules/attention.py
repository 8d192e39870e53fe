"""What a transformer over sequences is made of. Vaswani et al. (2017), "Attention Is All You Need", norms first."""

import math

import torch
from torch import Tensor, nn
from torch.nn import functional

PLACE_STD = 0.06
"""Of places that are learnt."""


class Places(nn.Module):
    """Adds to each step where it stands.

    Args:
        num_steps: how many there are at most.
        d_model: numbers for each.
        learned: learn the places? Otherwise they are waves of many lengths.
    """

    def __init__(self, num_steps: int, d_model: int, learned: bool = False) -> None:
        super().__init__()
        self.num_steps, self.d_model, self.learned = num_steps, d_model, learned
        if learned:
            self.places = nn.Parameter(torch.empty(1, num_steps, d_model))
            nn.init.normal_(self.places, std=PLACE_STD)
        else:
            self.register_buffer("places", waves(num_steps, d_model))

    def forward(self, x: Tensor) -> Tensor:
        """(B, T, d_model) → the same shape, T up to ``num_steps``."""
        return x + self.places[:, : x.shape[1]]


def waves(num_steps: int, d_model: int) -> Tensor:
    """Return sinusoidal places (1, num_steps, d_model) of lengths 2π … 20,000π (Vaswani et al. 2017)."""
    halves = (d_model + 1) // 2
    speeds = torch.exp(torch.arange(halves) * (-math.log(10_000.0) / max(1, halves - 1)))
    angles = torch.arange(num_steps).float()[:, None] * speeds
    return torch.stack([angles.sin(), angles.cos()], dim=2).flatten(1)[None, :, :d_model]  # (T, halves, 2) → (1, T, D)


class Attention(nn.Module):
    """Every step asks all others, or those before it, and takes a mean of what they hold, in several ways at once.

    Args:
        d_model: numbers for each step.
        num_heads: ways of asking; each sees ``d_model / num_heads`` of the numbers.
        dropout: share of the attention set to zero while training.
        causal: may a step see itself and those before it alone?
    """

    def __init__(self, d_model: int, num_heads: int, dropout: float = 0.0, causal: bool = False) -> None:
        super().__init__()
        self.d_model, self.num_heads, self.dropout, self.causal = d_model, num_heads, dropout, causal
        self.query, self.key = nn.Linear(d_model, d_model), nn.Linear(d_model, d_model)
        self.value, self.mix = nn.Linear(d_model, d_model), nn.Linear(d_model, d_model)
        self.drop = nn.Dropout(dropout)

    def forward(self, x: Tensor, is_real: Tensor | None = None) -> Tensor:
        """(B, T, d_model) → the same shape; padding, at the end, where ``is_real`` (B, T) is false, is not seen."""
        allowed = None if self.causal or is_real is None else is_real[:, None, None, :]
        mixed = functional.scaled_dot_product_attention(
            self.split(self.query(x)),
            self.split(self.key(x)),
            self.split(self.value(x)),
            attn_mask=allowed,
            dropout_p=self.dropout if self.training else 0.0,
            is_causal=self.causal,
        )
        return self.mix(mixed.transpose(1, 2).flatten(2))  # (B, heads, T, D / heads) → (B, T, D)

    def split(self, x: Tensor) -> Tensor:
        """(B, T, d_model) → (B, heads, T, d_model / heads)."""
        return x.unflatten(2, (self.num_heads, -1)).transpose(1, 2)

    def maps(self, x: Tensor, is_real: Tensor | None = None) -> Tensor:
        """Return how much each step takes from each other one: (B, heads, T, T), rows adding up to 1."""
        size = self.d_model // self.num_heads
        scores = self.split(self.query(x)) @ self.split(self.key(x)).transpose(2, 3) / math.sqrt(size)
        if self.causal:
            later = torch.ones(x.shape[1], x.shape[1], dtype=torch.bool, device=x.device).triu(1)
            scores = scores.masked_fill(later, -torch.inf)
        elif is_real is not None:
            scores = scores.masked_fill(~is_real[:, None, None, :], -torch.inf)
        return scores.softmax(dim=3)


class AttentionBlock(nn.Module):
    """Attention, then two dense layers over each step; each adds to what came in.

    Args:
        d_model: numbers for each step.
        num_heads: ways of attending.
        feedforward_size: width between the two dense layers.
        activation: between these.
        dropout: share of the attention and of what is added set to zero while training.
        causal: may a step see itself and those before it alone?
    """

    def __init__(
        self,
        d_model: int,
        num_heads: int,
        feedforward_size: int,
        activation: nn.Module,
        dropout: float = 0.0,
        causal: bool = False,
    ) -> None:
        super().__init__()
        self.d_model, self.num_heads, self.feedforward_size = d_model, num_heads, feedforward_size
        self.dropout, self.causal = dropout, causal
        self.norm1, self.norm2 = nn.LayerNorm(d_model), nn.LayerNorm(d_model)
        self.attention = Attention(d_model, num_heads, dropout, causal)
        self.inner, self.activation = nn.Linear(d_model, feedforward_size), activation
        self.outer, self.drop = nn.Linear(feedforward_size, d_model), nn.Dropout(dropout)

    def forward(self, x: Tensor, is_real: Tensor | None = None) -> Tensor:
        """(B, T, d_model) → the same shape."""
        x = x + self.drop(self.attention(self.norm1(x), is_real))
        return x + self.drop(self.outer(self.drop(self.activation(self.inner(self.norm2(x))))))


class TransformerCore(nn.Module):
    """Places, attention blocks, a last norm. ``maps`` gives the attention of every block and head.

    Args:
        places: what tells where a step stands.
        blocks: an ``nn.Sequential`` of attention blocks.
        norm: behind them.
        inputs: makes ``d_model`` numbers of those of a step; None where they are that many already.
    """

    def __init__(
        self, places: nn.Module, blocks: nn.Sequential, norm: nn.Module, inputs: nn.Module | None = None
    ) -> None:
        super().__init__()
        self.inputs, self.places, self.blocks, self.norm = inputs, places, blocks, norm

    def forward(self, x: Tensor, is_real: Tensor | None = None) -> Tensor:
        """(B, T, D) → states (B, T, d_model)."""
        x = self.placed(x)
        for block in self.blocks:
            x = block(x, is_real)
        return self.norm(x)

    def placed(self, x: Tensor) -> Tensor:
        """(B, T, D) → what the first block sees, (B, T, d_model)."""
        return self.places(x if self.inputs is None else self.inputs(x))

    def kept(self, is_real: Tensor) -> Tensor:
        """Return which steps (B, T) of the states are real."""
        return is_real

    def maps(self, x: Tensor, is_real: Tensor | None = None) -> Tensor:
        """Return the attention of every block: (blocks, B, heads, T, T), of what the core sees, (B, T, D)."""
        x = self.placed(x)
        found = []
        for block in self.blocks:
            found.append(block.attention.maps(block.norm1(x), is_real))  # type: ignore[union-attr,operator]
            x = block(x, is_real)
        return torch.stack(found)
