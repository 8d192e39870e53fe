"""What a view is: a config that looks at a live training and returns small arrays."""

from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from nets.config import Config
from nets.registry import Registry, config_registrar

if TYPE_CHECKING:
    from torch import Tensor

    from nets.training import Training


class View(Config):
    """One kind of picture of a training. Looking never changes the training, nor draws random numbers."""

    changes_with_weights: ClassVar[bool] = True
    """Whether training changes it; what depends on the network's shape alone is looked at once."""

    share_of_time: ClassVar[float] = 0.06
    """Of the worker's time that it may cost, where it sets its own pace."""

    kind: str = ""

    @property
    def every_seconds(self) -> float:
        """Seconds between two looks at least while it trains; what costs more than a frame may asks for some."""
        return 0.0

    def prepare(self) -> None:
        """Import what looking needs and may take a second: no part of what a look costs."""

    def look(self, training: "Training") -> Any:
        """Return a frozen dataclass of arrays; the model is in evaluation mode."""
        raise NotImplementedError


VIEWS: Registry[type[View]] = Registry("view")
view = config_registrar(VIEWS, "kind")


def signed_bytes(values: "Tensor") -> np.ndarray:
    """Return values in -1 … 1 (others clipped, NaN as 0) as uint8 0 … 254 with 127 for zero, of the same shape."""
    return (values.nan_to_num(0).clamp(-1, 1) * 127 + 127).round().byte().numpy()


def drawable(pictures: "Tensor") -> np.ndarray:
    """Return pictures (N, C, H, W) of bytes as they are drawn: (N, H, W), or in colour (N, H, W, 3)."""
    grey = pictures.shape[1] == 1
    return np.ascontiguousarray((pictures[:, 0] if grey else pictures.permute(0, 2, 3, 1)).cpu().numpy())


def smaller_sides(height: int, width: int, side: int) -> tuple[int, int]:
    """Return height and width of a picture that fits into ``side``, in its own proportions."""
    longer = max(height, width)
    if longer <= side:
        return height, width
    return max(1, round(height * side / longer)), max(1, round(width * side / longer))


def smaller(pictures: "Tensor", side: int) -> "Tensor":
    """Return pictures or maps (…, H, W) with at most ``side`` rows and columns: each cell is the mean of its place.

    Bytes stay bytes, other values become float32.
    """
    from torch.nn import functional

    sides = smaller_sides(pictures.shape[-2], pictures.shape[-1], side)
    if sides == tuple(pictures.shape[-2:]):
        return pictures
    means = functional.adaptive_avg_pool2d(pictures.float(), sides)
    return means if pictures.is_floating_point() else means.round().to(pictures.dtype)


def finite(values: "Tensor") -> "Tensor":
    """Return values as float32 that can be drawn and sent: NaN as 0, infinity as the largest number."""
    return values.float().nan_to_num(0)


def share_bytes(values: "Tensor") -> np.ndarray:
    """Return values in 0 … 1 as uint8 0 … 255, of the same shape."""
    return (values.nan_to_num(0).clamp(0, 1) * 255).round().byte().numpy()
