"""How points that a network makes lie in the plane beside those it learns from."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch import Tensor

CELLS = 30
"""Rows and columns of the histograms, as GAN Lab has them (Kahng et al. 2018)."""
SMOOTHING = 1e-4
"""Added to each cell, so that an empty one has a logarithm; GAN Lab's."""
NEAR = 3.0
"""Standard deviations from a mode's centre within which a point is good (Srivastava et al. 2017)."""
FAIR_SHARE = 0.1
"""Of the points that a mode would get evenly, how many make it covered; a single stray point does not."""


def cells_of(points: "Tensor") -> "Tensor":
    """Return the share of points (B, 2) in each cell of the plane from -1 to 1, (CELLS²,); edges take what lies out."""
    import torch

    places = ((points.nan_to_num(0) + 1) / 2 * CELLS).floor().clamp(0, CELLS - 1).long()
    return torch.bincount(places[:, 0] + CELLS * places[:, 1], minlength=CELLS * CELLS) / len(points)


def divergences(real: "Tensor", made: "Tensor") -> "tuple[Tensor, Tensor]":
    """Return the KL and the JS divergence, in bits, of made points (B, 2) from real ones, by their histograms."""
    p, q = cells_of(real), cells_of(made)
    middle = (p + q) / 2 + SMOOTHING
    p, q = p + SMOOTHING, q + SMOOTHING
    kl = (p * (p / q).log2()).sum()
    js = ((p * (p / middle).log2()).sum() + (q * (q / middle).log2()).sum()) / 2
    return kl, js


def found_modes(made: "Tensor", centres: tuple[tuple[float, ...], ...], spread: float) -> "tuple[Tensor, Tensor]":
    """Return how many modes made points (B, 2) cover, and which share of the points is good.

    A point is good within three standard deviations of a mode's centre; a mode is covered by good points that are at
    least a tenth of its even share.
    """
    import torch

    distances = torch.cdist(made.nan_to_num(1e6), torch.tensor(centres, device=made.device))  # (B, 2) → (B, modes)
    nearest = distances.min(dim=1)
    is_good = nearest.values <= NEAR * spread
    counts = torch.bincount(nearest.indices[is_good], minlength=len(centres))
    needed = max(1.0, FAIR_SHARE * len(made) / len(centres))
    return (counts >= needed).sum(), is_good.float().mean()
