"""The numbers of each epoch, kept short enough to draw."""

from collections.abc import Iterable, Mapping
from typing import Any

Row = Mapping[str, Any]


class History:
    """Rows by epoch; when there are more than ``limit``, every second one goes, the first and the last stay.

    Args:
        limit: rows kept at most.
    """

    def __init__(self, limit: int = 2000) -> None:
        self.limit = limit
        self.rows: list[Row] = []
        self._every = 1
        self._seen = 0

    def extend(self, rows: Iterable[Row]) -> None:
        """Take new rows in."""
        for row in rows:
            self._add(row)

    def _add(self, row: Row) -> None:
        while self.rows and self.rows[-1]["epoch"] >= row["epoch"]:  # training goes over some epochs again
            self.rows.pop()
            self._seen = min(self._seen, len(self.rows) * self._every)
        last_is_extra = bool(self.rows) and (self._seen - 1) % self._every != 0
        if last_is_extra:
            self.rows[-1] = row
        else:
            self.rows.append(row)
        self._seen += 1
        if len(self.rows) > self.limit:
            self._every *= 2
            last = self.rows[-1]
            self.rows = self.rows[::2]
            if self.rows[-1] is not last:
                self.rows.append(last)

    @property
    def last(self) -> Row | None:
        """The newest row."""
        return self.rows[-1] if self.rows else None

    def column(self, name: str) -> list[float]:
        """Return one value of every row; NaN where a row has none."""
        return [row.get(name, float("nan")) for row in self.rows]
