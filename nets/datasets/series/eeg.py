"""A real series: currents of a brain."""

from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from nets.datasets.base import dataset
from nets.datasets.series.base import SeriesConfig

CHANNELS = 4
FILE = "mpl-data/sample_data/eeg.dat"


@dataset
class EEG(SeriesConfig):
    """An electroencephalogram, 800 steps at four places of the head, out of matplotlib's sample data."""

    help = "Real currents of a brain, 800 steps at four places of the head"
    name: Literal["eeg"] = "eeg"
    channels: Annotated[int, Field(ge=1, le=CHANNELS)] = 1
    """Places of the head that are seen and told ahead, from the first on."""

    def columns_of(self) -> tuple[str, ...]:
        """Return the places by their numbers."""
        return tuple(f"place {number}" for number in range(1, self.channels + 1))

    def values(self, seed: int) -> np.ndarray:  # noqa: ARG002 - it is what it is
        """Return the currents, (800, channels), in units of their standard deviation."""
        return sample_data()[:, : self.channels]


def sample_data() -> np.ndarray:
    """Return the currents at all places, (800, 4)."""
    package = Path(find_spec("matplotlib").origin).parent  # type: ignore[union-attr,arg-type]
    return np.fromfile(package / FILE).reshape(-1, CHANNELS)  # one after the other → (N, 4)
