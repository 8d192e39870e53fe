"""The fitted curve of a network with one input."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Literal

import numpy as np
from pydantic import Field

from nets.datasets.curves.base import CurveConfig
from nets.views.base import View, view

if TYPE_CHECKING:
    from nets.training import Training


@dataclass(frozen=True)
class Curve:
    """``x`` and ``y`` (G,) float32: what the network says along its input's range."""

    x: np.ndarray
    y: np.ndarray


@view
class CurveView(View):
    """What the network says along the whole range of x."""

    kind: Literal["curve"] = "curve"
    size: Annotated[int, Field(ge=10, le=2000)] = 200
    """Places along x."""

    def look(self, training: "Training") -> Curve:
        """Return the fitted curve, a twentieth wider than the data on both sides."""
        import torch

        data = training.experiment.data
        assert isinstance(data, CurveConfig), "a curve needs one input"
        x = curve_grid(data, self.size)
        with torch.inference_mode():
            y = training.model(torch.from_numpy(x)[:, None].to(training.device))
        return Curve(x, y[:, 0].cpu().numpy())


def curve_grid(data: CurveConfig, size: int) -> np.ndarray:
    """Return ``size`` places along x, (size,) float32."""
    margin = (data.high - data.low) / 20
    return np.linspace(data.low - margin, data.high + margin, size, dtype=np.float32)
