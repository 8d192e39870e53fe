"""The user's own series, out of a CSV file that was uploaded."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal

import numpy as np
from pydantic import AfterValidator, Field, StringConstraints

from nets.datasets.base import Split, dataset
from nets.datasets.lines import BadText
from nets.datasets.series.base import SeriesConfig
from nets.datasets.series.own_reading import MOST_LETTERS, OwnSeries, read_series
from nets.datasets.uploads import Digest, Shelf, say, why_not
from nets.problems import InvalidExperiment, Problem

SERIES = "series.safetensors"
"""What an exported script calls the numbers: a copy of datasets/own_series/….safetensors in PLAYGROUND_HOME."""
MOST_CHOSEN = 16
SHELF = Shelf("own_series", "a CSV file")


def _each_once(names: tuple[str, ...]) -> tuple[str, ...]:
    if len(set(names)) < len(names):
        raise ValueError("names a column twice")
    return names


ColumnName = Annotated[str, StringConstraints(min_length=1, max_length=MOST_LETTERS)]


@dataset
class OwnSeriesConfig(SeriesConfig):
    """Columns of numbers of a table that was uploaded, its rows in the order of time."""

    help = "Your own series: a CSV file, a row for each time"
    from_file: ClassVar[tuple[str, ...]] = ("path", "column", "driver")
    """What the command line takes in place of an upload."""

    name: Literal["own_series"] = "own_series"
    upload: Digest = ""
    """Which upload: its SHA-256 sum."""
    columns: Annotated[
        tuple[ColumnName, ...], Field(min_length=1, max_length=MOST_CHOSEN), AfterValidator(_each_once)
    ] = ("value",)
    """Columns that are told ahead, and seen."""
    drivers: Annotated[tuple[ColumnName, ...], Field(max_length=MOST_CHOSEN), AfterValidator(_each_once)] = ()
    """Columns that are seen alone: what drives the others."""
    every: Annotated[int, Field(ge=1, le=1000)] = 1
    """Rows that make one step, by their mean."""
    gaps: Literal["fill", "leave_out"] = "fill"
    """Numbers that are missing: filled along a straight line, or their windows left out."""

    @classmethod
    def taken(cls, given: Mapping[str, Any]) -> dict[str, Any]:
        """Return the settings that stand for a file on this computer, whose numbers are kept.

        Args:
            given: ``path``; ``column`` or ``columns``, what to tell ahead: one name, several with commas between, or a
                list; without it the first that is no driver; ``driver`` or ``drivers`` likewise, what is seen alone.

        Raises:
            InvalidExperiment: if the file can't be taken.
        """
        path = str(given.get("path", ""))
        try:
            with Path(path).open("rb") as file:
                own = read_series(file)
            keep_series(own)
        except BadText as error:
            raise InvalidExperiment([Problem("data.path", why_not(error))]) from None
        except OSError as error:
            raise InvalidExperiment([Problem("data.path", f"{path} can't be read: {error.strerror}")]) from None
        say(own.said())
        chosen, drivers = (_listed(given.get(one) or given.get(f"{one}s") or ()) for one in ("column", "driver"))
        others = [name for name in own.names if name not in drivers]
        return {"upload": own.digest, "columns": chosen or others[:1] or [own.names[0]], "drivers": drivers}

    def columns_of(self) -> tuple[str, ...]:
        """Return the names of the columns to tell ahead."""
        return self.columns

    def drivers_of(self) -> tuple[str, ...]:
        """Return the names of the columns that are seen alone."""
        return self.drivers

    def faults(self) -> Iterator[Problem]:
        """Refuse a column that is both told ahead and seen alone."""
        if both := [name for name in self.drivers if name in self.columns]:
            message = f"{both[0]} is told ahead already, and what is told ahead is seen too; take it out of one"
            yield Problem("data.drivers", message)

    def values(self, seed: int) -> np.ndarray:  # noqa: ARG002 - it is what it is
        """Return the chosen columns, (N, D), drivers behind; NaN in a gap that is to be left out.

        Raises:
            InvalidExperiment: if nothing was uploaded, or not here, or it has no such column.
        """
        kept = {
            **kept_series(self.upload, self.columns),
            **(kept_series(self.upload, self.drivers, "data.drivers") if self.drivers else {}),
        }
        return self.chosen(kept)

    def load_in_script(self, seed: int) -> Split:  # noqa: ARG002
        """Return the same as ``load``, out of the file that was kept: put it beside this script."""
        from safetensors.numpy import load_file

        return self.cut(self.chosen(load_file(SERIES)))

    def chosen(self, kept: Mapping[str, np.ndarray]) -> np.ndarray:
        """Return the chosen ones of kept columns, sampled, their gaps filled."""
        values = sampled(np.stack([kept[name] for name in (*self.columns, *self.drivers)], axis=1), self.every)
        return filled(values) if self.gaps == "fill" else values


def _listed(names: Any) -> list[str]:
    return [name.strip() for name in names.split(",")] if isinstance(names, str) else list(names)


def sampled(values: np.ndarray, every: int) -> np.ndarray:
    """Return the mean of each ``every`` rows of (N, D), gaps left out; NaN where all of them are missing."""
    if every == 1:
        return values
    whole = len(values) // every
    rows = values[: whole * every].reshape(whole, every, values.shape[1])
    counts = np.isfinite(rows).sum(axis=1)
    return np.where(counts > 0, np.nansum(rows, axis=1) / np.maximum(counts, 1), np.nan)


def filled(values: np.ndarray) -> np.ndarray:
    """Return values (N, D) with gaps filled along a straight line, at the ends by the nearest number."""
    whole = values.copy()
    places = np.arange(len(values))
    for column in range(values.shape[1]):
        there = np.isfinite(values[:, column])
        if there.any():
            whole[:, column] = np.interp(places, places[there], values[there, column])
    return whole


def keep_series(own: OwnSeries) -> None:
    """Keep the columns of a file, the numbers alone.

    Raises:
        OSError: if it can't be written.
    """
    from safetensors.numpy import save

    columns = {name: np.ascontiguousarray(own.values[:, place]) for place, name in enumerate(own.names)}
    with SHELF.writing(own.digest) as file:
        file.write(save(columns))


def kept_names(digest: str) -> tuple[str, ...]:
    """Return the names of all columns that were kept of an upload, sorted.

    Raises:
        InvalidExperiment: if nothing of it is here.
    """
    return tuple(sorted(_opened(digest)))


def kept_series(digest: str, names: tuple[str, ...], path: str = "data.columns") -> dict[str, np.ndarray]:
    """Return columns of an upload, each (N,) float64.

    Raises:
        InvalidExperiment: if nothing of it is here, or it has no such column, which ``path`` asked for.
    """
    kept = _opened(digest)
    if unknown := [name for name in names if name not in kept]:
        known = ", ".join(sorted(kept)[:20])
        raise InvalidExperiment([Problem(path, f"there is no {unknown[0]}; choose from {known}")])
    return {name: kept[name] for name in names}


def _opened(digest: str) -> dict[str, np.ndarray]:
    from safetensors.numpy import load_file

    with SHELF.reading(digest) as path:
        return load_file(path)
