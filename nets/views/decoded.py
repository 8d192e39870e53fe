"""One picture from a code that somebody chooses."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Literal

import numpy as np
from pydantic import Field

from nets.views.base import View, view
from nets.views.generation import decoded, drawn, latent_size, same_label

if TYPE_CHECKING:
    from nets.training import Training


@dataclass(frozen=True)
class Decoded:
    """``picture`` (h, w) or (h, w, 3) uint8 made of the code ``z`` (L,) float32; ``label`` is the class it was told."""

    picture: np.ndarray
    z: np.ndarray
    label: int | None


@view
class DecodedView(View):
    """One picture from a code of the visitor's choice."""

    kind: Literal["decoded"] = "decoded"
    z: Annotated[tuple[Annotated[float, Field(ge=-1e6, le=1e6)], ...], Field(max_length=4096)] = ()
    """The code; missing numbers are 0."""
    label: Annotated[int, Field(ge=0, le=10_000)] = 0
    """The class, where the network is told one; the last one where there are fewer."""

    def look(self, training: "Training") -> Decoded:
        """Return the picture.

        Raises:
            ValueError: if the network makes no pictures, or the code has more numbers than it takes.
        """
        import torch

        size = latent_size(training)
        if len(self.z) > size:
            raise ValueError(f"the code has {len(self.z)} numbers; this network takes {size}")
        z = torch.zeros(1, size)
        z[0, : len(self.z)] = torch.tensor(self.z, dtype=torch.float32)
        labels = same_label(training, 1, self.label)
        picture = drawn(training, decoded(training, z, labels))[0]
        return Decoded(picture, z[0].numpy(), None if labels is None else int(labels[0]))
