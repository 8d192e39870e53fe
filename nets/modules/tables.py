"""Parts of networks for tables: categories as vectors, a wide way beside the deep one, dense blocks."""

import torch
from torch import Tensor, nn


class Codes(nn.Module):
    """Numbers stay as they are; each category's code becomes a learned vector. Guo and Berkhahn (2016).

    Args:
        categories: of each column how many codes it has, 0 for numbers.
        size: numbers of a vector.
    """

    def __init__(self, categories: tuple[int, ...], size: int) -> None:
        super().__init__()
        self.categories, self.size = categories, size
        self.numbers = tuple(place for place, count in enumerate(categories) if not count)
        self.codes = tuple(place for place, count in enumerate(categories) if count)
        self.starts = tuple(sum(categories[:place]) for place in self.codes)
        self.table = nn.Embedding(sum(categories), size)

    def forward(self, x: Tensor) -> Tensor:
        """(B, D) → (B, numbers + categories · size)."""
        codes = x[:, list(self.codes)].long() + torch.tensor(self.starts, device=x.device)
        vectors = self.table(codes).flatten(1)  # (B, categories, size) → (B, categories · size)
        return torch.cat([x[:, list(self.numbers)], vectors], dim=1)


class WideAndDeep(nn.Module):
    """A linear model and a deep network whose outputs are added. Cheng et al. (2016), "Wide & Deep Learning".

    Args:
        wide: (B, D) → (B, K).
        deep: (B, D) → (B, K).
    """

    def __init__(self, wide: nn.Module, deep: nn.Module) -> None:
        super().__init__()
        self.wide, self.deep = wide, deep

    def forward(self, x: Tensor) -> Tensor:
        """(B, D) → (B, K)."""
        wide: Tensor = self.wide(x)
        return wide + self.deep(x)


class DenseBlock(nn.Module):
    """Two dense layers and the way around them.

    Gorishniy et al. (2021), "Revisiting Deep Learning Models for Tabular Data".

    Args:
        width: numbers that come in and go out.
        inner: neurons between.
        activation: between the layers.
        norm: none, batch or layer, before the first layer.
        dropout: share of the inner outputs set to zero while training.
    """

    def __init__(
        self, width: int, inner: int, activation: nn.Module, norm: str = "batch", dropout: float = 0.0
    ) -> None:
        super().__init__()
        self.width, self.inner, self.norm, self.dropout = width, inner, norm, dropout
        self.first = (
            nn.Identity() if norm == "none" else nn.BatchNorm1d(width) if norm == "batch" else nn.LayerNorm(width)
        )
        self.hidden = nn.Linear(width, inner)
        self.activation = activation
        self.drop = nn.Dropout(dropout)
        self.back = nn.Linear(inner, width)

    def forward(self, x: Tensor) -> Tensor:
        """(B, width) → (B, width)."""
        changed: Tensor = self.back(self.drop(self.activation(self.hidden(self.first(x)))))
        return x + changed
