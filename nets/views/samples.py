"""What a network makes of the same noise, again and again while it learns."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Literal

import numpy as np
from pydantic import Field

from nets.views.base import View, view
from nets.views.generation import decoded, drawn, labels_for, noise

if TYPE_CHECKING:
    from nets.training import Training


@dataclass(frozen=True)
class Samples:
    """``pictures`` (N, h, w) or (N, h, w, 3) uint8; ``labels`` (N,) int64 are the classes asked for, if any."""

    pictures: np.ndarray
    labels: np.ndarray | None


@view
class SamplesView(View):
    """Pictures from fixed noise: what changes from frame to frame is the network alone."""

    kind: Literal["samples"] = "samples"
    count: Annotated[int, Field(ge=1, le=100)] = 64
    """Pictures."""
    seed: Annotated[int, Field(ge=0, le=2**31 - 1)] = 0
    """Of the noise."""

    def look(self, training: "Training") -> Samples:
        """Return the pictures.

        Raises:
            ValueError: if the network makes no pictures.
        """
        labels = labels_for(training, self.count)
        made = decoded(training, noise(training, self.count, self.seed), labels)
        return Samples(drawn(training, made), None if labels is None else labels.cpu().numpy())
