"""Is a picture that the network makes new, or one that it has learnt by heart?"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Literal

import numpy as np
from pydantic import Field

from nets.views.base import View, view
from nets.views.generation import decoded, distances, drawn, labels_for, noise

if TYPE_CHECKING:
    from torch import Tensor

    from nets.training import Training

STRANGERS = 64
"""Test pictures that tell how far a picture which nobody copied is from the nearest training picture."""


@dataclass(frozen=True)
class Nearest:
    """The ``sample`` (h, w) or (h, w, 3) uint8, and the training ``pictures`` (K, …) nearest to it, nearest first.

    ``away`` (K,) float32 is how far they are: the root mean square difference of the inputs. ``usual`` is how far a
    test picture is from its nearest training picture, the median of 64; ``closest`` the least of them. ``indices`` and
    ``labels`` (K,) int64 are places in the training part and classes; ``searched`` training pictures were compared.
    """

    sample: np.ndarray
    pictures: np.ndarray
    away: np.ndarray
    indices: np.ndarray
    labels: np.ndarray
    usual: float
    closest: float
    searched: int


@view
class NearestView(View):
    """The training pictures nearest to a sample, pixel by pixel."""

    kind: Literal["nearest"] = "nearest"
    sample: Annotated[int, Field(ge=0, le=99)] = 0
    """Number of the sample; behind the last it begins anew."""
    samples: Annotated[int, Field(ge=1, le=100)] = 64
    """How many samples the noise is for."""
    seed: Annotated[int, Field(ge=0, le=2**31 - 1)] = 0
    """Of the noise."""
    count: Annotated[int, Field(ge=1, le=24)] = 6
    """Training pictures."""
    among: Annotated[int, Field(ge=10, le=100_000)] = 5000
    """Training pictures compared, at most."""

    @property
    def every_seconds(self) -> float:
        """Thousands of pictures are compared."""
        return 0.5

    def look(self, training: "Training") -> Nearest:
        """Return the pictures.

        Raises:
            ValueError: if the network makes no pictures.
        """
        place = self.sample % self.samples
        labels = labels_for(training, self.samples)
        z = noise(training, self.samples, self.seed)[place : place + 1]
        made = decoded(training, z, None if labels is None else labels[place : place + 1])
        part = training.parts.train.first(self.among)
        known = training.inputs(part.x)
        away, indices = distances(made, known)[0].cpu().topk(min(self.count, len(known)), largest=False)
        strangers = distances_of_strangers(training, known)
        pictures = drawn(training, known[indices.to(known.device)])
        return Nearest(
            drawn(training, made)[0],
            pictures,
            away.numpy(),
            indices.numpy(),
            part.labels.cpu()[indices].numpy(),
            strangers.median().item(),
            strangers.min().item(),
            len(known),
        )


def distances_of_strangers(training: "Training", known: "Tensor") -> "Tensor":
    """Return how far test pictures are from the nearest of ``known`` inputs, (N,) float32 for up to 64 of them."""
    strangers = training.inputs(training.parts.test.first(STRANGERS).x)
    return distances(strangers, known, exact=False).amin(dim=1).cpu()
