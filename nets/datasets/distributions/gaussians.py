"""Normal clouds around a circle."""

from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from nets.datasets.base import dataset
from nets.datasets.distributions.base import ModesConfig


@dataset
class Gaussians(ModesConfig):
    """Clouds at even distances around a circle; three by default, as GAN Lab has them."""

    help = "Clouds around a circle: does the generator find all of them?"
    name: Literal["gaussians"] = "gaussians"
    num_modes: Annotated[int, Field(ge=1, le=16)] = 3
    """Clouds around the circle."""

    def centres(self) -> tuple[tuple[float, ...], ...]:
        """Return the clouds, the first one at the top."""
        angles = np.arange(self.num_modes) / self.num_modes * 2 * np.pi
        ring = np.round(0.6 * np.column_stack([np.sin(angles), np.cos(angles)]), 6).tolist()
        return tuple(map(tuple, ring))
