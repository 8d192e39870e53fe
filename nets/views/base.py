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

    kind: str = ""

    def look(self, training: "Training") -> Any:
        """Return a frozen dataclass of arrays; the model is in evaluation mode."""
        raise NotImplementedError


VIEWS: Registry[type[View]] = Registry("view")
view = config_registrar(VIEWS, "kind")


def signed_bytes(values: "Tensor") -> np.ndarray:
    """Return values in -1 … 1 (others clipped, NaN as 0) as uint8 0 … 254 with 127 for zero, of the same shape."""
    return (values.nan_to_num(0).clamp(-1, 1) * 127 + 127).round().byte().numpy()


def share_bytes(values: "Tensor") -> np.ndarray:
    """Return values in 0 … 1 as uint8 0 … 255, of the same shape."""
    return (values.nan_to_num(0).clamp(0, 1) * 255).round().byte().numpy()
