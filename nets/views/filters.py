"""What the first layer looks for: its weights as pictures."""

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Literal

import numpy as np
from pydantic import Field

from nets.views.base import View, finite, signed_bytes, smaller, smaller_sides, view

if TYPE_CHECKING:
    from torch import Tensor, nn

    from nets.training import Training

BYTES = 50_200
"""What the pictures of one look may take: 64 of 28×28."""
SMALLEST = 16
"""Pixels of a side below which fewer filters are shown instead of smaller ones."""


@dataclass(frozen=True)
class Filters:
    """The first filters of the first layer that sees the picture: ``layer`` is its name, ``module`` its torch class.

    ``pictures`` (N, h, w) uint8, 127 is zero, or (N, h, w, 3) where the layer sees three colours; the mean over the
    channels where it sees other numbers of them. A dense layer's weights are laid out as the picture is.
    ``scales`` (N,) float32: what the byte 254 stands for. ``shape`` (filters, C, H, W) is the whole layer's.
    """

    layer: str
    module: str
    shape: tuple[int, ...]
    pictures: np.ndarray
    scales: np.ndarray


@view
class FiltersView(View):
    """The first convolution's kernels, or the weights of the first dense layer's neurons."""

    kind: Literal["filters"] = "filters"
    most: Annotated[int, Field(ge=1, le=256)] = 64
    """Filters shown, at most."""
    size: Annotated[int, Field(ge=4, le=64)] = 32
    """Rows and columns of a filter's picture, at most."""
    scale: Literal["filter", "layer"] = "filter"
    """What the strongest colour stands for: the largest weight of each filter, or of all that are shown."""

    @property
    def every_seconds(self) -> float:
        """Weights move slowly, and a dense layer's are many."""
        return 0.25

    def look(self, training: "Training") -> Filters:
        """Return the filters, at most 50 KB of them.

        Raises:
            ValueError: if no layer sees a picture.
        """
        name, module, weights = first_filters(training.model, training.experiment.data.info().input_shape)
        values = weights if weights.shape[1] == 3 else weights.mean(dim=1, keepdim=True)
        count, side = self._fitting(tuple(values.shape))
        values = finite(smaller(finite(values[:count]), side)).cpu()
        scales = values.abs().amax(dim=(1, 2, 3))
        if self.scale == "layer":
            scales = scales.amax().expand(len(scales)).clone()
        drawn = signed_bytes(values / scales.clamp(min=1e-30)[:, None, None, None])  # (N, C, h, w)
        pictures = drawn[:, 0] if drawn.shape[1] == 1 else np.ascontiguousarray(drawn.transpose(0, 2, 3, 1))
        return Filters(name, type(module).__name__, tuple(weights.shape), pictures, scales.numpy())

    def _fitting(self, shape: tuple[int, ...]) -> tuple[int, int]:
        """Return how many filters (N, C, H, W), of what side, fit into BYTES."""
        count, channels, height, width = shape
        count = min(count, self.most)
        side = min(self.size, max(SMALLEST, math.isqrt(BYTES // (count * channels))))
        rows, columns = smaller_sides(height, width, side)
        return min(count, max(1, BYTES // (rows * columns * channels))), side


def first_filters(model: "nn.Module", input_shape: tuple[int, ...]) -> "tuple[str, nn.Module, Tensor]":
    """Return name, module and weights (N, C, H, W) of the first layer of a network that sees the picture.

    Raises:
        ValueError: if none does.
    """
    from torch import nn

    if len(input_shape) == 3:
        for name, module in model.named_modules():
            if isinstance(module, nn.Conv2d):
                return name, module, module.weight.detach()
            if isinstance(module, nn.Linear) and module.in_features == math.prod(input_shape):
                return name, module, module.weight.detach().unflatten(1, input_shape)  # (N, D) → (N, C, H, W)
    raise ValueError("no layer of this network sees a picture, so there are no filters to show")
