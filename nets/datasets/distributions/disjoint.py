"""Two clouds far apart."""

from typing import Literal

from nets.datasets.base import dataset
from nets.datasets.distributions.base import ModesConfig


@dataset
class Disjoint(ModesConfig):
    """A small cloud at the lower left and one at the upper right."""

    help = "Two clouds with nothing between them: a generator must tear its noise apart"
    name: Literal["disjoint"] = "disjoint"

    def centres(self) -> tuple[tuple[float, ...], ...]:
        """Return the two clouds."""
        return ((-0.6, -0.6), (0.6, 0.6))
