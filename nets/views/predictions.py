"""Test pictures with what the network takes them for."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Literal

import numpy as np
from pydantic import Field

from nets.views.base import View, view

if TYPE_CHECKING:
    from nets.training import Training

MOST_LOOKED_AT = 2048


@dataclass(frozen=True)
class Predictions:
    """The shown test examples: ``indices``, ``predicted`` and ``actual`` (N,) int64, ``confidence`` (N,) float32.

    ``pictures`` (N, H, W) or (N, H, W, 3) uint8.
    """

    indices: np.ndarray
    predicted: np.ndarray
    actual: np.ndarray
    confidence: np.ndarray
    pictures: np.ndarray


@view
class PredictionsView(View):
    """A grid of test pictures, in the order of the data, the wrong ones alone, or the hardest first."""

    kind: Literal["predictions"] = "predictions"
    count: Annotated[int, Field(ge=1, le=100)] = 36
    """Pictures shown at most."""
    order: Literal["all", "wrong", "hardest"] = "all"
    """Which: hardest are those whose true class gets the smallest probability."""

    def look(self, training: "Training") -> Predictions:
        """Return predictions of the test part; to find the wrong or the hardest, its first 2,048 are looked at."""
        import torch

        part = training.parts.test.first(self.count if self.order == "all" else MOST_LOOKED_AT)
        assert training.split.test_pictures is not None, "predictions need pictures"
        with torch.inference_mode():
            outputs = training.model(part.x)
            shares = training.objective.shares(outputs).cpu()
        labels = part.labels.cpu()
        predicted = shares.argmax(dim=1)
        if self.order == "wrong":
            chosen = (predicted != labels).nonzero()[:, 0]
        elif self.order == "hardest":
            chosen = shares[torch.arange(len(labels)), labels].argsort(stable=True)
        else:
            chosen = torch.arange(len(labels))
        chosen = chosen[: self.count]
        return Predictions(
            chosen.numpy(),
            predicted[chosen].numpy(),
            labels[chosen].numpy(),
            shares[chosen].amax(dim=1).numpy(),
            training.split.test_pictures[chosen.numpy()],
        )
