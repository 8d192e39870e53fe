"""Columns of numbers out of somebody's CSV file, read line by line: bounded, and nothing of it is trusted."""

import csv
import hashlib
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import IO

import numpy as np

from nets.datasets.lines import BadText, Lines, readable
from nets.datasets.series.times import goes_back, remarks_on, seconds
from nets.wording import plural

MOST_BYTES = 100_000_000
MOST_LINE_BYTES = 100_000
MOST_ROWS = 200_000
MOST_COLUMNS = 200
MOST_NUMBERS = 10_000_000
FEWEST_ROWS = 20
MOST_WORDS = 0.5
"""Share of a column's cells that may hold no number; a column with more is none of numbers."""
MOST_LETTERS = 60
SEPARATORS = (",", ";", "\t", "|")
NOTHING = ("", "na", "n/a", "nan", "null", "none", "-", "?", ".")
"""What stands in cells for a missing number."""


@dataclass(frozen=True)
class OwnSeries:
    """What a file holds.

    Args:
        digest: SHA-256 sum of names and numbers, in hexadecimal.
        names: of the columns of numbers, each once.
        values: (N, C) float64, NaN where there is a gap.
        remarks: sentences about what was left out, turned around or filled up.
    """

    digest: str
    names: tuple[str, ...]
    values: np.ndarray
    remarks: tuple[str, ...] = ()

    def gaps(self) -> tuple[int, ...]:
        """Return how many numbers are missing in each column."""
        return tuple(int(count) for count in np.isnan(self.values).sum(axis=0))

    def said(self) -> tuple[str, ...]:
        """Return the remarks, and a sentence that says in which columns numbers are missing."""
        gaps = [f"{name} {count:,}" for name, count in zip(self.names, self.gaps(), strict=True) if count]
        return (*self.remarks, *([f"Numbers that are missing: {', '.join(gaps[:8])}."] if gaps else []))


def read_series(file: IO[bytes], most_bytes: int = MOST_BYTES) -> OwnSeries:
    """Return the columns of numbers of a CSV or TSV file, rows in the order of time.

    Raises:
        BadText: saying what is wrong with the file.
    """
    lines = Lines(file, most_bytes, MOST_LINE_BYTES)
    rows = _rows(iter(lines))
    first = next(rows, None)
    if first is None:
        raise BadText("The file is empty.")
    separator = max(SEPARATORS, key=lambda mark: _cells(first, mark)[1])
    head = _cells(first, separator)[0]
    if len(head) > MOST_COLUMNS:
        raise BadText(f"The file has {len(head):,} columns; at most {MOST_COLUMNS} are read.")
    has_header = not any(math.isfinite(_number(cell, separator)) for cell in head)
    table = _table(rows if has_header else _again(first, rows), separator, len(head))
    names = _names(head if has_header else [f"column {place}" for place in range(1, len(head) + 1)])
    return _chosen(names, table)


@dataclass(frozen=True)
class _Table:
    """Numbers (N, C), which cells held something else (N, C), the first column's cells, odd rows."""

    values: np.ndarray
    words: np.ndarray
    first_cells: list[str]
    odd: int


def _rows(lines: Iterator[str]) -> Iterator[str]:
    return (line for line in lines if line.strip())


def _again(first: str, rest: Iterator[str]) -> Iterator[str]:
    yield first
    yield from rest


def _cells(line: str, separator: str) -> tuple[list[str], int]:
    """Return the cells of a line and how many there are."""
    try:
        found = next(csv.reader([line], delimiter=separator, skipinitialspace=True), [])
    except csv.Error:
        found = [line]
    return [cell.strip() for cell in found], len(found)


def _number(cell: str, separator: str) -> float:
    """Return a cell's number; NaN where it holds none. Where no comma parts the cells it may be a decimal point."""
    text = cell.replace(",", ".") if separator != "," and cell.count(",") == 1 and "." not in cell else cell
    try:
        value = float(text) if "_" not in text else math.nan
    except ValueError:
        return math.nan
    return value if math.isfinite(value) else math.nan


def _table(rows: Iterable[str], separator: str, width: int) -> _Table:
    numbers: list[float] = []
    words: list[bool] = []
    first_cells: list[str] = []
    odd = 0
    for line in rows:
        cells, found = _cells(line, separator)
        odd += found != width
        cells = [*cells[:width], *[""] * (width - found)]
        first_cells.append(cells[0][:MOST_LETTERS])
        for cell in cells:
            value = _number(cell, separator)
            numbers.append(value)
            words.append(math.isnan(value) and cell.lower() not in NOTHING)
        if len(first_cells) > MOST_ROWS:
            raise BadText(f"The file has more than {MOST_ROWS:,} rows; take a part of it, or every tenth row.")
        if len(numbers) > MOST_NUMBERS:
            raise BadText(f"The file has more than {MOST_NUMBERS:,} cells; leave columns out.")
    if (count := len(first_cells)) < FEWEST_ROWS:
        raise BadText(f"The file has {plural(count, 'row')} of numbers; a series needs at least {FEWEST_ROWS}.")
    shape = (count, width)
    return _Table(np.array(numbers).reshape(shape), np.array(words).reshape(shape), first_cells, odd)


def _chosen(names: tuple[str, ...], table: _Table) -> OwnSeries:
    """Return the columns that hold numbers."""
    numbers = ~np.isnan(table.values)
    filled = numbers.sum(axis=0) + table.words.sum(axis=0)
    is_number = (numbers.sum(axis=0) >= FEWEST_ROWS // 2) & (table.words.sum(axis=0) <= MOST_WORDS * filled)
    if not is_number.any():
        raise BadText(f"No column holds numbers; the first row has {readable(', '.join(names))}.")
    values = table.values[:, is_number]
    remarks = []
    if left := [name for name, kept in zip(names, is_number, strict=True) if not kept]:
        remarks.append(f"No numbers, so left out: {readable(', '.join(left), 120)}.")
    if (broken := int(table.words[:, is_number].sum())) > 0:
        remarks.append(f"Cells without a number, taken for gaps: {broken:,}.")
    if table.odd:
        remarks.append(f"Rows with more or fewer cells than the first: {table.odd:,}.")
    times, cells = seconds(table.first_cells), table.first_cells
    if goes_back(times):
        values, times, cells = values[::-1], times[::-1], cells[::-1]
        remarks.append("The rows go back in time, so they were turned around.")
    remarks += remarks_on(times, cells)
    kept = tuple(name for name, good in zip(names, is_number, strict=True) if good)
    values = np.ascontiguousarray(values)
    digest = hashlib.sha256("\n".join(kept).encode(errors="replace") + values.tobytes()).hexdigest()
    return OwnSeries(digest, kept, values, tuple(remarks))


def _names(cells: Iterable[str]) -> tuple[str, ...]:
    """Return names of columns that can be shown, each once."""
    names: list[str] = []
    for place, cell in enumerate(cells, start=1):
        name = readable(cell, MOST_LETTERS).lstrip("_") or f"column {place}"
        number = 2
        while name in names:
            name = f"{readable(cell, MOST_LETTERS - 4) or 'column'} {number}"
            number += 1
        names.append(name)
    return tuple(names)
