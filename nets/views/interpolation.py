"""The way from one picture to another through the space of codes."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Literal

import numpy as np
from pydantic import Field

from nets.views.base import View, view
from nets.views.generation import codes, decoded, drawn, is_conditional, labels_for, noise

if TYPE_CHECKING:
    from torch import Tensor

    from nets.training import Training


@dataclass(frozen=True)
class Interpolation:
    """``pictures`` (N, h, w) or (N, h, w, 3) uint8 on the way; ``ends`` (2, h, w) or (2, h, w, 3) are the originals.

    Where both ends are made of noise there are no originals. ``labels`` (2,) int64 are the ends' classes, if known.
    """

    pictures: np.ndarray
    ends: np.ndarray | None
    labels: np.ndarray | None


@view
class InterpolationView(View):
    """Pictures decoded at even steps between two codes.

    A network with an encoder goes straight from test picture to test picture. One that makes pictures of noise goes
    from sample to sample on an arc, so that the noise on the way is as long as it is used to be (White 2016).
    """

    kind: Literal["interpolation"] = "interpolation"
    first: Annotated[int, Field(ge=0, le=1_000_000)] = 0
    """Place of one end in the test part, or its number among the samples; behind the last it begins anew."""
    second: Annotated[int, Field(ge=0, le=1_000_000)] = 1
    """The other end."""
    steps: Annotated[int, Field(ge=2, le=48)] = 11
    """Pictures, both ends among them."""
    seed: Annotated[int, Field(ge=0, le=2**31 - 1)] = 0
    """Of the samples' noise."""
    samples: Annotated[int, Field(ge=2, le=100)] = 64
    """How many samples the noise is for."""

    def look(self, training: "Training") -> Interpolation:
        """Return the pictures.

        Raises:
            ValueError: if the network makes no pictures.
        """
        import torch

        share = torch.linspace(0, 1, self.steps, device=training.device)[:, None]
        if not hasattr(training.model, "encoder"):
            known = noise(training, self.samples, self.seed)
            ends = known[[self.first % len(known), self.second % len(known)]]
            wanted = labels_for(training, self.samples)
            told = None if wanted is None else wanted[self.first % len(known)].expand(self.steps)
            return Interpolation(drawn(training, decoded(training, on_arc(ends, share), told)), None, None)
        test = training.parts.test
        indices = torch.tensor([self.first % len(test.x), self.second % len(test.x)], device=test.x.device)
        x, labels = training.inputs(test.x[indices]), test.labels[indices]
        found = codes(training, x)
        way = found[:1] + (found[1:] - found[:1]) * share
        told = torch.where(share[:, 0] < 0.5, labels[0], labels[1]) if is_conditional(training) else None
        return Interpolation(
            drawn(training, decoded(training, way, told)), drawn(training, x), labels.cpu().numpy().copy()
        )


def on_arc(ends: "Tensor", share: "Tensor") -> "Tensor":
    """Return points (N, L) on the arc between two ends (2, L) at shares (N, 1) of its angle (Shoemake 1985)."""
    import torch

    first, second = ends
    cosine = torch.nn.functional.cosine_similarity(first, second, dim=0).clamp(-1, 1)
    angle = torch.arccos(cosine)
    if angle.sin().abs() < 1e-4:
        return first + (second - first) * share
    return (torch.sin((1 - share) * angle) * first + torch.sin(share * angle) * second) / torch.sin(angle)
