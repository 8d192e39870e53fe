"""A dense network as a diagram: what each neuron responds to, and every weight."""

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Literal

import numpy as np
from pydantic import Field

from nets.datasets.base import DatasetConfig
from nets.datasets.curves.base import CurveConfig
from nets.datasets.points.base import PointsConfig, features
from nets.views.base import View, signed_bytes, view
from nets.views.curve import curve_grid
from nets.views.surface import plane_grid

if TYPE_CHECKING:
    from torch import Tensor

    from nets.training import Training

MAP_BYTES = 18_000
"""What the maps of one diagram may take of a frame."""
SMALLEST_MAP = 8


@dataclass(frozen=True)
class Network:
    """``maps`` (K, S, S) uint8, 127 is zero: hidden neurons layer by layer, then outputs; S is smaller for many.

    A map covers the plane of the points, or the range of a curve's x from left to right; other data have none.
    ``weights`` (to, from) and ``biases`` (to,) float32 for each layer, the output last. Only the first neurons of a
    layer are in it, ``shown`` of each.
    """

    maps: np.ndarray | None
    weights: tuple[np.ndarray, ...]
    biases: tuple[np.ndarray, ...]
    shown: tuple[int, ...]


@view
class NetworkView(View):
    """Neuron maps and weights of an MLP."""

    kind: Literal["network"] = "network"
    size: Annotated[int, Field(ge=4, le=64)] = 20
    """Rows and columns of a neuron's map, at most."""
    most: Annotated[int, Field(ge=1, le=64)] = 16
    """Neurons shown of a layer."""

    def look(self, training: "Training") -> Network:
        """Return the diagram; a map is scaled by its largest value where that is above 1."""
        from torch import nn

        dense = [module for module in training.model.modules() if isinstance(module, nn.Linear)]
        shown = tuple(min(layer.out_features, self.most) for layer in dense)
        sources = (min(dense[0].in_features, self.most), *shown[:-1])
        return Network(
            self._maps(training, shown),
            tuple(
                layer.weight.detach()[:to, :source].cpu().numpy().copy()
                for layer, to, source in zip(dense, shown, sources, strict=True)
            ),
            tuple(layer.bias.detach()[:to].cpu().numpy().copy() for layer, to in zip(dense, shown, strict=True)),
            shown,
        )

    def _maps(self, training: "Training", shown: tuple[int, ...]) -> np.ndarray | None:
        import torch

        size = map_size(sum(shown), self.size)
        places = _places(training.experiment.data, size)
        if places is None:
            return None
        x = torch.from_numpy(places).to(training.device)
        columns: list[Tensor] = []
        with torch.inference_mode():
            for name, module in training.model.named_children():
                x = module(x)
                if name.startswith("act"):
                    columns.append(_within_one(x[:, : shown[len(columns)]]))
            scores = training.objective.scores(x)
        columns.append(_of_each_output(scores, shown[-1]))
        return signed_bytes(torch.cat(columns, dim=1).T.reshape(-1, size, size).cpu())


def map_size(count: int, most: int) -> int:
    """Return rows and columns of ``count`` maps, at most ``most``: all of them together stay below MAP_BYTES."""
    return max(SMALLEST_MAP, min(most, math.isqrt(MAP_BYTES // max(1, count))))


def _places(data: DatasetConfig, size: int) -> np.ndarray | None:
    """Return inputs (size², D) float32 at the cells of a map, top left first; along a curve all rows are alike."""
    if isinstance(data, PointsConfig):
        return features(plane_grid(size), data.inputs)
    if isinstance(data, CurveConfig):
        return np.tile(curve_grid(data, size), size)[:, None]
    return None


def _of_each_output(scores: "Tensor", outputs: int) -> "Tensor":
    """Return scores as one column an output within -1 … 1; two outputs for two classes mirror each other."""
    if scores.shape[1] > 1:
        return scores * 2 - 1
    import torch

    within = _within_one(scores)
    return torch.cat([-within, within], dim=1) if outputs == 2 else within


def _within_one(activations: "Tensor") -> "Tensor":
    return activations / activations.abs().amax(dim=0, keepdim=True).clamp(min=1)
