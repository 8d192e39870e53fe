"""Series: what every one has in common, and how it becomes windows with what follows them."""

from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal

import numpy as np
from pydantic import Field

from nets.datasets.base import DataInfo, DatasetConfig, Split
from nets.datasets.series.windows import Record, scale, windows
from nets.problems import InvalidExperiment, Problem

MOST_NUMBERS = 100_000_000
"""In all windows of a series together."""


class SeriesConfig(DatasetConfig):
    """One series, cut into windows; the end of it tests. A dataset gives ``values``."""

    in_time: ClassVar[bool] = True

    kind: Literal["series"] = "series"
    window: Annotated[int, Field(ge=1, le=512)] = 20
    """Steps that the network sees."""
    horizon: Annotated[int, Field(ge=1, le=64)] = 1
    """Steps that it tells ahead."""
    stride: Annotated[int, Field(ge=1, le=512)] = 1
    """Steps between the starts of two windows."""
    scaling: Literal["standard", "minmax", "none"] = "standard"
    """Values: standard mean 0 and spread 1, minmax 0 … 1, both over the training part; none as they are."""
    train_share: Annotated[float, Field(ge=0.1, le=0.9)] = 0.7
    """Share of the series, from its beginning, used for training; what follows tests."""
    season: Annotated[int, Field(ge=0, le=10_000)] = 0
    """Steps of a season, for the comparison with one season ago; 0 finds it."""

    def values(self, seed: int) -> np.ndarray:
        """Return the series, (N, D) float64: N steps of D numbers; NaN where one is missing."""
        raise NotImplementedError

    def columns_of(self) -> tuple[str, ...]:
        """Return the names of the numbers of a step that are told ahead, which come first."""
        return ("value",)

    def drivers_of(self) -> tuple[str, ...]:
        """Return the names of those that are seen alone, which come behind them."""
        return ()

    def info(self) -> DataInfo:
        """Return windows of all columns, and the values that follow of those to tell ahead, step by step."""
        told, drivers = self.columns_of(), self.drivers_of()
        shape = (self.window, len(told) + len(drivers))
        return DataInfo("regression", shape, self.horizon * len(told), (), (*told, *drivers))

    def load(self, seed: int) -> Split:
        """Return the windows of both parts, in the order of time.

        A window of the test part may begin in the training part: what it asks for never does.
        """
        return self.cut(self.values(seed))

    def cut(self, values: np.ndarray) -> Split:
        """Return the windows of a series (N, D).

        Raises:
            InvalidExperiment: if a part has no window, or they are too many.
        """
        border = round(len(values) * self.train_share)
        train = np.arange(0, border - self.window - self.horizon + 1, self.stride)
        test = np.arange(max(border - self.window, 0), len(values) - self.window - self.horizon + 1, self.stride)
        if fault := self.fault(len(values), len(train), len(test)):
            raise InvalidExperiment([fault])
        mean, spread = scale(values[:border], self.scaling)
        scaled, told = ((values - mean) / spread).astype(np.float32), len(self.columns_of())
        train_x, train_y = windows(scaled, train, self.window, self.horizon, told)
        test_x, test_y = windows(scaled, test, self.window, self.horizon, told)
        return Split(train_x, train_y, test_x, test_y, Record(scaled, border, mean, spread, told))

    def fault(self, steps: int, train: int, test: int) -> Problem | None:
        """Return what is wrong with a series of so many steps that gives so many windows; None if nothing is."""
        if not train or not test:
            part = "test" if train else "training"
            found = f"{steps:,} steps leave the {part} part without a window of {self.window} and {self.horizon} more"
            return Problem("data.window", f"{found}; take a shorter window or another share")
        if (train + test) * self.window * self.info().input_shape[1] > MOST_NUMBERS:
            found = f"{train + test:,} windows of {self.window} steps hold too many numbers"
            return Problem("data.stride", f"{found}; take a larger stride")
        return None


class MadeSeries(SeriesConfig):
    """A series that is made as long as one wants it."""

    num_steps: Annotated[int, Field(ge=50, le=50_000)] = 400
    """Steps of the whole series."""

    def faults(self) -> Iterator[Problem]:
        """Refuse a series that is too short for its windows."""
        border = round(self.num_steps * self.train_share)
        if border < self.window + self.horizon or self.num_steps - border < self.horizon:
            message = (
                f"a series of {self.num_steps} steps, {self.train_share:.0%} of them to train, has no room for windows "
                f"of {self.window} steps and {self.horizon} that follow; take more steps or a shorter window"
            )
            yield Problem("data.window", message)

    def steps(self) -> np.ndarray:
        """Return 0, 1, 2, …: (N,) float64."""
        return np.arange(self.num_steps, dtype=np.float64)
