"""Test pictures with what the network takes them for."""

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Literal

import numpy as np
from pydantic import Field

from nets.views.base import View, drawable, smaller, view
from nets.views.passages import shares_of

if TYPE_CHECKING:
    from torch import Tensor

    from nets.training import Training

BYTES = 80_000
"""What the pictures of one look should take; where these are many, they are shown at 32 pixels all the same."""
SMALLEST, LARGEST = 32, 96
"""Pixels that a shown picture's longer side is brought down to, where it is larger."""
TOP = 5
"""Classes given for each picture, the likeliest first."""


@dataclass(frozen=True)
class Predictions:
    """The shown test examples: ``indices``, ``predicted`` and ``actual`` (N,) int64, ``confidence`` (N,) float32.

    ``pictures`` (N, H, W) or (N, H, W, 3) uint8, large ones shrunk: to 32 pixels, or to more where they are few.
    ``top_classes`` (N, k) int64 are the likeliest classes of each, ``top_shares`` (N, k) float32 how likely; k is 5, or
    the number of classes where that is less.
    """

    indices: np.ndarray
    predicted: np.ndarray
    actual: np.ndarray
    confidence: np.ndarray
    pictures: np.ndarray
    top_classes: np.ndarray
    top_shares: np.ndarray


@view
class PredictionsView(View):
    """A grid of test pictures: in the order of the data, the wrong ones alone, the hardest first; of chosen classes."""

    kind: Literal["predictions"] = "predictions"
    count: Annotated[int, Field(ge=1, le=100)] = 36
    """Pictures shown at most."""
    order: Literal["all", "wrong", "hardest"] = "all"
    """Which: hardest are those whose true class gets the smallest probability."""
    actual: Annotated[int, Field(ge=0)] | None = None
    """Only those of this true class."""
    predicted: Annotated[int, Field(ge=0)] | None = None
    """Only those that are taken for this class."""
    among: Annotated[int, Field(ge=1, le=10_000)] = 2048
    """Test examples looked at, at most, to find the wrong, the hardest, or those of a class."""

    @property
    def every_seconds(self) -> float:
        """To find certain pictures hundreds are looked at."""
        return 0.25 if self._finds else 0.0

    @property
    def _finds(self) -> bool:
        return self.order != "all" or self.actual is not None or self.predicted is not None

    def look(self, training: "Training") -> Predictions:
        """Return predictions of the test part; to find certain ones, its first ``among`` are looked at.

        Raises:
            ValueError: if the data are no pictures of classes, or there is no such class.
        """
        import torch

        self._check(training)
        part = training.parts.test.first(self.among if self._finds else self.count)
        shares = shares_of(training, part)
        labels = part.labels.cpu()
        predicted = shares.argmax(dim=1)
        if self.order == "hardest":
            order = shares[torch.arange(len(labels)), labels].argsort(stable=True)
        else:
            order = torch.arange(len(labels))
        chosen = order[self._wanted(labels, predicted)[order]][: self.count]
        top_shares, top_classes = shares[chosen].topk(min(TOP, shares.shape[1]), dim=1)
        return Predictions(
            chosen.numpy(),
            predicted[chosen].numpy(),
            labels[chosen].numpy(),
            shares[chosen].amax(dim=1).numpy(),
            drawable(smaller(part.x[chosen.to(part.x.device)], self._side(part.x.shape[1]))),
            top_classes.numpy(),
            top_shares.numpy(),
        )

    def _side(self, channels: int) -> int:
        return max(SMALLEST, min(LARGEST, math.isqrt(BYTES // (self.count * channels))))

    def _wanted(self, labels: "Tensor", predicted: "Tensor") -> "Tensor":
        wanted = predicted != labels if self.order == "wrong" else labels >= 0
        if self.actual is not None:
            wanted = wanted & (labels == self.actual)
        if self.predicted is not None:
            wanted = wanted & (predicted == self.predicted)
        return wanted

    def _check(self, training: "Training") -> None:
        if training.parts.test.x.dim() != 4:
            raise ValueError("these data are no pictures; there is nothing here that could be shown")
        classes = training.experiment.data.info().num_targets
        for field, chosen in (("actual", self.actual), ("predicted", self.predicted)):
            if chosen is not None and chosen >= classes:
                raise ValueError(f"{field} is class {chosen}; the {classes} classes count from 0 to {classes - 1}")
