"""A long text of cells, read piece by piece.

Pieces that fit into a processor's cache are read up to three times as fast, and only what they hold is kept: numbers in
half the room, words as places in a list.
"""

import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

LONG = 8_000_000
"""Bytes from which on a text is read in pieces."""
ROWS = 20_000
MANY = 100_000
"""Rows from which on numbers are kept as float32, where these tell them apart."""
SPREADS = 1e-5
"""What float32 may be off by, in spreads of the column."""


def compact(values: np.ndarray) -> np.ndarray:
    """Return numbers (B,) as float32 where that changes none by more than a part in 100,000 of their spread."""
    if values.dtype == np.float32:
        return values
    if not len(values) or np.isnan(values).all():
        return values.astype(np.float32)
    largest = max(abs(float(np.nanmax(values))), abs(float(np.nanmin(values))))
    is_close = largest < 1e30 and largest * float(np.finfo(np.float32).eps) <= SPREADS * float(np.nanstd(values))
    return values.astype(np.float32) if is_close else values


@dataclass
class Found:
    """What the pieces hold of one column: ``parts`` are numbers, or places in the list of ``words`` (-1: none)."""

    parts: list[np.ndarray] = field(default_factory=list)
    words: dict[str, int] = field(default_factory=dict)
    kinds: set[str] = field(default_factory=set)

    def take(self, cells: "pd.Series") -> None:
        """Take the column's cells of one piece in."""
        import pandas as pd

        values = cells.to_numpy()
        if values.dtype.kind == "f" and np.isnan(values).all():
            self.parts.append(values.astype(np.float32))
        elif values.dtype.kind in "iuf":
            self.kinds.add("numbers")
            self.parts.append(values if values.dtype.kind in "iu" else compact(values))
        else:
            self.kinds.add("flags" if values.dtype.kind == "b" else "words")
            codes, words = pd.factorize(cells)
            places = [self.words.setdefault(word, len(self.words)) for word in words]
            self.parts.append(np.append(np.array(places, dtype=np.int32), np.int32(-1))[codes])

    @property
    def is_mixed(self) -> bool:
        """Is it read as numbers here and as words there, so that only all of it together says what it is?"""
        return len(self.kinds) > 1

    def column(self) -> Any:
        """Return the column, and forget its parts."""
        import pandas as pd

        if not self.words:
            found = np.concatenate(self.parts)
            self.parts.clear()
            return found
        codes = np.concatenate([part if part.dtype.kind == "i" else np.full(len(part), -1) for part in self.parts])
        self.parts.clear()
        return pd.Categorical.from_codes(codes, categories=pd.Index(list(map(str, self.words)), dtype=object))


def read_in_pieces(content: bytes, options: Mapping[str, Any]) -> "pd.DataFrame":
    """Return what pandas reads from a text, words as categories; ``options`` are those of ``pandas.read_csv``.

    Raises:
        ValueError: as ``pandas.read_csv`` does.
    """
    import pandas as pd

    names = list(options["names"])
    found = {name: Found() for name in names}
    with pd.read_csv(io.BytesIO(content), **options, chunksize=ROWS) as pieces:
        for piece in pieces:
            for name, column in found.items():
                column.take(piece[name])
    mixed = [name for name, column in found.items() if column.is_mixed]
    whole = pd.read_csv(io.BytesIO(content), **options, usecols=mixed) if mixed else None
    columns = {
        name: whole[name] if whole is not None and name in mixed else column.column() for name, column in found.items()
    }
    return pd.DataFrame(columns, copy=False)
