"""The series itself, and what the network says of it: step by step, and running free."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Literal

import numpy as np
from pydantic import Field

from nets.views.base import View, view
from nets.views.running import ahead, drivers_from, record_of, windows_before

if TYPE_CHECKING:
    from nets.training import Training


@dataclass(frozen=True)
class Forecast:
    """A piece of a series, from step ``start`` on, in its own units.

    ``truth`` (N,) is what was; ``one_step`` (N,) what the network says of each step, knowing all before it;
    ``free`` (M,) what it says from ``origin`` on, knowing nothing since but what it has said itself, and the drivers as
    they were; it ends where one of those is missing. All float32, NaN in gaps. What follows step ``border`` tests.
    """

    start: int
    border: int
    origin: int
    truth: np.ndarray
    one_step: np.ndarray
    free: np.ndarray


@view
class ForecastView(View):
    """The end of the training part, and what follows it, of one column."""

    kind: Literal["forecast"] = "forecast"
    before: Annotated[int, Field(ge=0, le=1000)] = 60
    """Steps of the training part that are shown."""
    after: Annotated[int, Field(ge=1, le=1000)] = 110
    """Steps of the test part that are shown, at most."""
    column: Annotated[int, Field(ge=0, le=15)] = 0
    """Which of the values of a step."""

    @property
    def every_seconds(self) -> float:
        """Return a short while: the free run goes step by step."""
        return 0.15

    def look(self, training: "Training") -> Forecast:
        """Return the piece around the border.

        Raises:
            ValueError: if the training learns from no series.
        """
        record = record_of(training)
        window = training.experiment.data.info().input_shape[0]
        start = max(0, record.border - self.before)
        end = min(len(record.values), record.border + self.after)
        column = min(self.column, record.told - 1)
        one_step = np.full(end - start, np.nan)
        places, seen = windows_before(record, np.arange(max(start, window), end), window)
        if len(places):
            one_step[places - start] = ahead(training, seen, 1)[:, 0, column]
        free, origin = np.zeros(0), record.border
        places, seen = windows_before(record, np.arange(max(record.border, window), end), window)
        if len(places):
            origin = int(places[0])
            drivers = drivers_from(record, places[:1], end - origin)
            broken = np.flatnonzero(~np.isfinite(drivers[0]).all(axis=1))
            steps = min(end - origin, int(broken[0]) + 1) if len(broken) else end - origin
            free = ahead(training, seen[:1], steps, drivers[:, :steps])[0, :, column]
        mean, spread = record.mean[column], record.spread[column]
        truth, one_step, free = (
            (values * spread + mean).astype(np.float32) for values in (record.values[start:end, column], one_step, free)
        )
        return Forecast(start, record.border, origin, truth, one_step, free)
