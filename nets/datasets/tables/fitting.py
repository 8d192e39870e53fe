"""Rows from elsewhere brought to the columns of a table: what is typed into a form, or a second file."""

from typing import TYPE_CHECKING

import numpy as np

from nets.datasets.tables.columns import Columns

if TYPE_CHECKING:
    import pandas as pd


def fitting(frame: "pd.DataFrame", columns: Columns, like: "pd.DataFrame") -> "tuple[pd.DataFrame, tuple[str, ...]]":
    """Return the columns of a frame as a table has them, and a sentence about what is missing or not understood.

    Args:
        frame: raw or typed cells; names differ in case or blanks at most.
        columns: those that are needed.
        like: typed rows of the table.

    Raises:
        ValueError: if none of the columns is there.
    """
    import pandas as pd

    known = {str(name).strip().casefold(): name for name in frame.columns}
    found, notes = {}, []
    missing = missing_from(frame, columns)
    if missing:
        notes.append(f"Without cells: {', '.join(missing[:8])}{' …' if len(missing) > 8 else ''}.")
    for name, kind, _ in columns:
        raw = frame[known[name.casefold()]] if name.casefold() in known else pd.Series([None] * len(frame))
        column = _column(raw.reset_index(drop=True), kind)
        lost = int((raw.notna().to_numpy() & column.isna().to_numpy()).sum())
        if lost:
            notes.append(f"{lost:,} cells of {name} are no {'dates' if kind == 'date' else 'numbers'}.")
        if kind == "category":
            strange = set(column.dropna()) - set(like[name].dropna().astype(str))
            if strange:
                notes.append(f"{name} has values that training never saw: {', '.join(sorted(strange)[:4])}.")
        found[name] = column
    return pd.DataFrame(found), tuple(notes)


def missing_from(frame: "pd.DataFrame", columns: Columns) -> list[str]:
    """Return the names of the columns that a frame has not; they differ in case or blanks at most.

    Raises:
        ValueError: if none of the columns is there.
    """
    known = {str(name).strip().casefold() for name in frame.columns}
    missing = [name for name, _, _ in columns if name.casefold() not in known]
    if len(missing) == len(columns):
        raise ValueError(f"the table has none of the columns; it needs {', '.join(missing[:8])}")
    return missing


def typed_like(frame: "pd.DataFrame", columns: Columns) -> "pd.DataFrame":
    """Return raw cells as a table has its columns; one that is not there is empty.

    Raises:
        ValueError: if none of the columns is there.
    """
    import pandas as pd

    names = [name for name, _, _ in columns]
    if not set(names) & set(frame.columns):
        raise ValueError(f"the table has none of the columns; it needs {', '.join(names[:8])}")
    there = frame.reindex(columns=names)
    return pd.DataFrame({name: _column(there[name], kind) for name, kind, _ in columns})


def _column(raw: "pd.Series", kind: str) -> "pd.Series":
    import pandas as pd

    if kind == "number":
        return pd.to_numeric(raw, errors="coerce").astype(np.float64)
    if kind == "date":
        return pd.to_datetime(raw, errors="coerce", format="mixed").astype("datetime64[s]")
    return raw.where(raw.isna(), raw.astype(str)).astype(object)
