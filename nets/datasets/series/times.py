"""What the first column of a series says of time: whether it goes back, stands still, or leaves rows out."""

from collections.abc import Sequence
from datetime import UTC, datetime

import numpy as np

MOST_UNREADABLE = 0.1
"""Share of the cells that may hold no date; a column with more is none of dates."""
LEAVES_OUT = 1.5
"""Times the usual step from one row to the next: from here on a row is missing. Months differ by less."""
UNITS = ((86400.0, "day"), (3600.0, "hour"), (60.0, "minute"), (1.0, "second"))


def seconds(cells: Sequence[str]) -> np.ndarray:
    """Return dates and times as ISO 8601 writes them, (N,) float64 in seconds; NaN where a cell holds none.

    Empty where hardly any does.
    """
    found = np.array([_seconds(cell) for cell in cells])
    return found if len(found) and np.isnan(found).mean() <= MOST_UNREADABLE else np.empty(0)


def _seconds(cell: str) -> float:
    try:
        moment = datetime.fromisoformat(cell)
    except ValueError:
        return np.nan
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def goes_back(times: np.ndarray) -> bool:
    """Is the last of the dates earlier than the first?"""
    known = times[~np.isnan(times)]
    return len(known) > 1 and bool(known[-1] < known[0])


def remarks_on(times: np.ndarray, cells: Sequence[str]) -> list[str]:
    """Return a sentence about rows that are missing, and one about rows that do not come later than those before.

    Args:
        times: (N,) in seconds, in the order of the rows.
        cells: (N,) as they were written.
    """
    places = np.flatnonzero(~np.isnan(times))
    steps = np.diff(times[places])
    if not (forward := steps[steps > 0]).size:
        return []
    usual = float(np.median(forward))
    remarks = []
    if (late := np.flatnonzero(steps > LEAVES_OUT * usual)).size:
        widest = late[np.argmax(steps[late])]
        rows = int(np.round(steps[late] / usual - 1).sum())
        remarks.append(
            f"Rows are usually {_in_words(usual)} apart; at {late.size:,} places more, so about {rows:,} are missing, "
            f"the most between {cells[places[widest]]} and {cells[places[widest + 1]]}. They are not filled up."
        )
    if (still := int((steps <= 0).sum())) > 0:
        remarks.append(f"Rows that are not later than the one before: {still:,}.")
    return remarks


def _in_words(duration: float) -> str:
    size, unit = next((pair for pair in UNITS if duration >= pair[0]), UNITS[-1])
    count = f"{duration / size:.4g}"
    return f"a {unit}".replace("a hour", "an hour") if count == "1" else f"{count} {unit}s"
