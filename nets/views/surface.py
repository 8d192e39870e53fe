"""The decision map: what the network says at every place of the plane."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Literal

import numpy as np
from pydantic import Field

from nets.datasets.points.base import EXTENT, PointsConfig, features
from nets.views.base import View, share_bytes, signed_bytes, view

if TYPE_CHECKING:
    from nets.training import Training


@dataclass(frozen=True)
class Surface:
    """``map`` (H, W) uint8: the score (0 … 254, 127 is zero), or with ``confidence`` (H, W) the winning class.

    Row 0 is the top (x2 = 6), column 0 the left (x1 = -6).
    """

    map: np.ndarray
    confidence: np.ndarray | None


@view
class SurfaceView(View):
    """The network's output over the plane."""

    kind: Literal["surface"] = "surface"
    size: Annotated[int, Field(ge=10, le=400)] = 100
    """Rows and columns."""

    def look(self, training: "Training") -> Surface:
        """Return the map of a network that learns points."""
        import torch

        data = training.experiment.data
        assert isinstance(data, PointsConfig), "a surface needs points"
        grid = torch.from_numpy(features(plane_grid(self.size), data.inputs)).to(training.device)
        with torch.inference_mode():
            scores = training.objective.scores(training.model(grid)).cpu()
        if scores.shape[1] == 1:
            return Surface(signed_bytes(scores).reshape(self.size, self.size), None)
        confidence, winner = scores.max(dim=1)
        shape = (self.size, self.size)
        return Surface(winner.byte().numpy().reshape(shape), share_bytes(confidence).reshape(shape))


def plane_grid(size: int) -> np.ndarray:
    """Return the middles of ``size`` × ``size`` cells of the plane, (size², 2) float32, top left first."""
    ticks = ((np.arange(size) + 0.5) / size * 2 - 1) * EXTENT
    x1, x2 = np.meshgrid(ticks, -ticks)
    return np.column_stack([x1.ravel(), x2.ravel()]).astype(np.float32)
