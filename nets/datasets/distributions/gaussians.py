"""Normal clouds around a circle."""

from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from nets.datasets.base import dataset
from nets.datasets.distributions.base import Modes, ModesConfig


@dataset
class Gaussians(ModesConfig):
    """Clouds at even distances around a circle; three by default, as GAN Lab has them."""

    help = "Clouds around a circle: does the generator find all of them?"
    name: Literal["gaussians"] = "gaussians"
    num_modes: Annotated[int, Field(ge=1, le=16)] = 3
    """Clouds around the circle."""
    spread: Annotated[float, Field(ge=0.01, le=0.3)] = 0.08
    """Standard deviation of a cloud."""

    def modes(self) -> Modes:
        """Return the clouds, the first one at the top."""
        angles = np.arange(self.num_modes) / self.num_modes * 2 * np.pi
        centres = tuple((round(float(np.sin(a)) * 0.6, 6), round(float(np.cos(a)) * 0.6, 6)) for a in angles)
        return Modes(centres, self.spread)
