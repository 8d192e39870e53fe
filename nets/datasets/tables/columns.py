"""What a table's columns are, and which inputs of a network each of them becomes."""

from collections.abc import Iterator

Column = tuple[str, str, tuple[str, ...]]
"""A column's name, its kind (number, category, date or text), and its distinct values where these are few.

Of a date it is the parts that differ from row to row. An empty string among the values: some cells are missing.
"""
Columns = tuple[Column, ...]
KINDS = ("number", "category", "date", "text")
DATE_PARTS = ("year", "month", "day", "day_of_week", "hour")


def number_names(columns: Columns) -> tuple[str, ...]:
    """Return the names of the inputs that numbers and parts of dates become."""
    return tuple(
        name if kind == "number" else f"{name} {part}"
        for name, kind, values in columns
        if kind in ("number", "date")
        for part in (values if kind == "date" else (name,))
        if part
    )


def gap_names(columns: Columns) -> tuple[str, ...]:
    """Return the names of the columns of numbers with missing cells, which an input more may tell of."""
    return tuple(name for name, kind, values in columns if kind == "number" and "" in values)


def category_columns(columns: Columns) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return name and values of each column of categories."""
    return tuple((name, values) for name, kind, values in columns if kind == "category")


def text_names(columns: Columns) -> tuple[str, ...]:
    """Return the names of the columns of free text."""
    return tuple(name for name, kind, _ in columns if kind == "text")


def input_names(columns: Columns, *, codes: bool, indicator: bool, hash_size: int) -> tuple[str, ...]:
    """Return the name of every input, in order: numbers, what is missing, categories, hashed text."""
    return tuple(name for name, _, _ in inputs_of(columns, codes=codes, indicator=indicator, hash_size=hash_size))


def inputs_of(columns: Columns, *, codes: bool, indicator: bool, hash_size: int) -> Iterator[tuple[str, str, int]]:
    """Yield every input: its name, the column it comes from, and the categories that it has codes of (0: a number)."""
    for name, kind, values in columns:
        if kind == "number":
            yield name, name, 0
        elif kind == "date":
            yield from ((f"{name} {part}", name, 0) for part in values if part)
    if indicator:
        yield from ((f"{name} missing", name, 0) for name in gap_names(columns))
    for name, values in category_columns(columns):
        if codes:
            yield name, name, len(values) + 1
        else:
            yield from ((f"{name} = {value or 'missing'}", name, 0) for value in values)
    for name in text_names(columns):
        yield from ((f"{name} #{place + 1}", name, 0) for place in range(hash_size))
