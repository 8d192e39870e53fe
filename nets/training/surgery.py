"""Changing a network's shape while it learns, keeping every weight that still has a place."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch import nn


@dataclass(frozen=True)
class Transplant:
    """How many numbers went from the old network to the new, and how many in the new are fresh."""

    kept: int
    fresh: int

    def __str__(self) -> str:
        return f"{self.kept:,} weights kept, {self.fresh:,} new"


def transplant(old: "nn.Module", new: "nn.Module") -> Transplant:
    """Copy weights and statistics of ``old`` into ``new``, in place, wherever names and positions agree.

    A tensor of another size keeps the part that both have: the first neurons, the first inputs. A convolution keeps
    nothing where its kernel has another size, for a shifted filter is another filter.
    """
    import torch

    source = old.state_dict()
    kept = total = 0
    with torch.no_grad():
        for name, target in new.state_dict().items():
            total += target.numel()
            if name not in source or source[name].dim() != target.dim():
                continue
            given = source[name]
            if target.dim() == 4 and given.shape[2:] != target.shape[2:]:
                continue
            overlap = tuple(slice(min(a, b)) for a, b in zip(given.shape, target.shape, strict=True))
            target[overlap] = given[overlap]
            kept += target[overlap].numel()
    return Transplant(kept, total - kept)
