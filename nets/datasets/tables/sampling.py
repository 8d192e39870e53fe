"""Rows of a table drawn by chance: what a long one looks like, without all of it in memory."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Sampled:
    """Typed rows drawn by chance, in random order, of ``rows`` in all, and the share of all that each column lacks."""

    frame: "pd.DataFrame"
    rows: int
    missing: dict[str, float]


def sample_of(frame: "pd.DataFrame", count: int) -> Sampled:
    """Return ``count`` rows of a table, or all, where it has no more."""
    missing = {str(name): float(share) for name, share in frame.isna().mean().items()}
    return Sampled(frame.sample(min(len(frame), count), random_state=0), len(frame), missing)


def sample_of_file(path: Path, count: int) -> Sampled | None:
    """Return rows of a longer Parquet file, of which a part is read at a time; nothing where it has no more.

    Raises:
        OSError: or ValueError, if it can't be read.
    """
    import pandas as pd
    from pyarrow import default_memory_pool, parquet

    with parquet.ParquetFile(path) as file:
        rows = file.metadata.num_rows
        if rows <= count:
            return None
        places = np.sort(np.random.default_rng(0).choice(rows, count, replace=False))
        parts, first = [], 0
        nulls = np.zeros(file.metadata.num_columns, dtype=np.int64)
        for group in range(file.num_row_groups):
            table = file.read_row_group(group)
            nulls += [column.null_count for column in table.columns]
            found = places[(places >= first) & (places < first + len(table))] - first
            parts.append(table.take(found).to_pandas())
            first += len(table)
            del table
        default_memory_pool().release_unused()
        missing = dict(zip(file.schema_arrow.names, (nulls / rows).tolist(), strict=True))
        return Sampled(pd.concat(parts, ignore_index=True).sample(frac=1, random_state=0), rows, missing)
