"""How far ahead a network can tell, beside two who know nothing: same as last, and same as one season ago."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Literal

import numpy as np
from pydantic import Field

from nets.datasets.series.windows import Record, season_of
from nets.views.base import View, view
from nets.views.running import ahead, drivers_from, record_of, windows_before

if TYPE_CHECKING:
    from nets.training import Training

STARTS = 32
"""Places of the test part that forecasts begin at, at most."""


@dataclass(frozen=True)
class Horizons:
    """Errors at 1, 2, … steps ahead: root mean squares over many beginnings in the test part, all (S,) float32.

    ``network`` feeds on what it has told itself, and on drivers as they were; ``last`` says that all stays as it was at
    the beginning; ``before`` that all is as one ``season`` ago, empty where the series has none (``season`` 0). In the
    column's own units.
    """

    network: np.ndarray
    last: np.ndarray
    before: np.ndarray
    season: int
    starts: int


@view
class HorizonsView(View):
    """Errors by how far ahead they are told."""

    kind: Literal["horizons"] = "horizons"
    steps: Annotated[int, Field(ge=1, le=200)] = 40
    """Steps ahead, at most."""
    column: Annotated[int, Field(ge=0, le=15)] = 0
    """Which of the values of a step."""

    @property
    def every_seconds(self) -> float:
        """Return a while: many forecasts go step by step."""
        return 0.5

    def look(self, training: "Training") -> Horizons:
        """Return the errors.

        Raises:
            ValueError: if the training learns from no series, or its test part has only gaps.
        """
        record, data = record_of(training), training.experiment.data
        window = data.info().input_shape[0]
        column = min(self.column, record.told - 1)
        left = len(record.values) - record.border
        steps = min(self.steps, max(1, left // 2))
        season = getattr(data, "season", 0) or season_of(filled(record.values[: record.border, column]))
        first = max(record.border, window, season)
        places = np.unique(np.linspace(first, max(first, len(record.values) - steps), STARTS).astype(int))
        places, seen = windows_before(record, places[places <= len(record.values) - steps], window)
        drivers = drivers_from(record, places, steps)
        whole = np.isfinite(drivers).all(axis=(1, 2))
        places, seen, drivers = places[whole], seen[whole], drivers[whole]
        if not len(places):
            raise ValueError("the test part is too short, or has gaps everywhere")
        return errors(record, places, ahead(training, seen, steps, drivers)[:, :, column], season, column)


def errors(record: Record, places: np.ndarray, told: np.ndarray, season: int, column: int) -> Horizons:
    """Return the errors of forecasts ``told`` (B, S) that begin at ``places``, and of those who know nothing."""
    values = record.values[:, column]
    steps = np.arange(told.shape[1])
    truth = values[places[:, None] + steps]
    last = np.repeat(values[places - 1][:, None], len(steps), axis=1)
    found = [told, last]
    if season:
        back = season * (1 + steps // season)  # the newest step of that place in a season that is known
        found.append(values[places[:, None] + steps - back])
    sizes = [root_mean_square(forecast - truth) * record.spread[column] for forecast in found]
    network, same, *ago = (size.astype(np.float32) for size in sizes)
    return Horizons(network, same, ago[0] if ago else np.zeros(0, np.float32), season, len(places))


def root_mean_square(differences: np.ndarray) -> np.ndarray:
    """Return the root of the mean square of each column of (B, S), gaps left out; 0 where there are only gaps."""
    there = np.isfinite(differences)
    squares = np.where(there, np.nan_to_num(differences) ** 2, 0.0)
    return np.sqrt(squares.sum(axis=0) / np.maximum(there.sum(axis=0), 1))


def filled(values: np.ndarray) -> np.ndarray:
    """Return values (N,) without the gaps."""
    return values[np.isfinite(values)]
