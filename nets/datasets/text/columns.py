"""Which columns of somebody's file hold the texts and the labels, and how its cells are parted."""

import csv
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from nets.datasets.lines import BadText, readable

SEPARATORS = {"\t": "tab", ",": "comma", ";": "semicolon", "|": "bar"}
TEXT_NAMES = ("text", "sentence", "review", "comment", "content", "message", "document", "phrase", "body", "tweet")
LABEL_NAMES = ("label", "labels", "class", "category", "sentiment", "target", "tags", "topic", "genre", "language", "y")
LOOKED_AT = 200
"""Rows that the columns are told from."""
MOST_ROW_LINES = 150
"""Lines that a quoted cell may go on for; one that goes on longer is not closed."""
MOST_COLUMNS = 1000


@dataclass(frozen=True)
class Layout:
    """How a file is to be read: ``names`` are those of its columns, ``text`` and ``label`` two of their places."""

    separator: str
    has_header: bool
    names: tuple[str, ...]
    text: int
    label: int


def separator_of(lines: Sequence[str], file_name: str) -> str:
    """Return what parts the cells of a file's first lines.

    Raises:
        BadText: if nothing does: there is one column alone.
    """
    filled = [line for line in lines if line.strip()]
    if file_name.lower().endswith((".tsv", ".tab")) and any("\t" in line for line in filled):
        return "\t"
    found = {mark: _evenness(filled, mark) for mark in SEPARATORS}
    best = max(found, key=lambda mark: found[mark])
    if found[best] == 0:
        message = f"The file has one column ({readable(filled[0])}); one of texts and one of labels are needed."
        raise BadText(f"{message} Part them with a tab or a comma.")
    return best


def _evenness(lines: Sequence[str], separator: str) -> float:
    """Return the share of lines with the usual number of cells; 0 where that is one. A tab counts a little more."""
    counts = Counter(len(row) for row in cells(lines, separator) if any(row))
    usual, times = max(counts.items(), key=lambda item: (item[1] if item[0] > 1 else 0, -item[0]), default=(1, 0))
    return 0.0 if usual < 2 else times / sum(counts.values()) + (0.5 if separator == "\t" else 0)


def cells(lines: Iterable[str], separator: str) -> Iterator[list[str]]:
    """Yield the rows; quotes count at both ends of a cell alone where tabs part the cells.

    Raises:
        BadText: if a quote is never closed, or a cell is too long.
    """
    if separator == "\t":
        for line in lines:
            yield [_unquoted(cell) for cell in line.rstrip("\r\n").split("\t")]
        return
    reader = csv.reader(lines, delimiter=separator, skipinitialspace=True)
    before = 0
    try:
        for row in reader:
            if reader.line_num - before > MOST_ROW_LINES:
                raise BadText(f"A quote that opens in line {before + 1:,} is not closed.")
            before = reader.line_num
            yield row
    except csv.Error as error:
        raise BadText(f"The row that begins in line {before + 1:,} can't be read: {error}.") from None


def _unquoted(cell: str) -> str:
    cell = cell.strip()
    if len(cell) >= 2 and cell[0] == cell[-1] == '"' and cell[1:-1].replace('""', "").count('"') == 0:
        return cell[1:-1].replace('""', '"')
    return cell


def layout_of(rows: Sequence[Sequence[str]], separator: str, text: str = "", label: str = "") -> Layout:
    """Return how a file is to be read, told from its first rows.

    Args:
        rows: the first ones, with the header if there is one.
        separator: what parts the cells.
        text: name of the column of texts, or its number from 1; empty to find it.
        label: the same for the labels.

    Raises:
        BadText: if a column is not there.
    """
    width = Counter(len(row) for row in rows).most_common(1)[0][0]
    if width > MOST_COLUMNS:
        raise BadText(f"The file has {width:,} columns; at most {MOST_COLUMNS:,} are read.")
    has_header = _is_header(rows, width)
    names = _names(rows[0] if has_header else (), width)
    body = [row for row in rows[has_header:] if len(row) == width]
    if not body:
        raise BadText("The file has a header and no row below it." if has_header else "The file has no row to learn.")
    label_place = _place(label, names) if label else None
    text_place = _place(text, names) if text else _text_column(body, names, has_header, label_place)
    if label_place is None:
        label_place = _label_column(body, names, has_header, text_place)
    if text_place == label_place:
        raise BadText(f"{names[text_place]} can't be the text and the label at once; choose two columns.")
    return Layout(separator, has_header, names, text_place, label_place)


def _is_header(rows: Sequence[Sequence[str]], width: int) -> bool:
    first = [cell.strip().lower() for cell in rows[0]]
    if len(first) != width or any(not cell or _is_number(cell) for cell in first):
        return False
    if {*first} & {*TEXT_NAMES, *LABEL_NAMES}:
        return True
    below = [{row[place].strip().lower() for row in rows[1:] if len(row) == width} for place in range(width)]
    seen_again = any(cell in found for cell, found in zip(first, below, strict=True))
    numbers_below = any(found and all(map(_is_number, found)) for found in below)
    return not seen_again and (numbers_below or all(len(cell) <= 20 and " " not in cell for cell in first))


def _names(header: Sequence[str], width: int) -> tuple[str, ...]:
    """Return a name for each column: its own, or its number where it has none or another has it already."""
    taken: list[str] = []
    for place in range(width):
        own = readable(header[place]) if place < len(header) else ""
        taken.append(own if own and own not in taken else f"column {place + 1}")
    return tuple(taken)


def _place(wanted: str, names: Sequence[str]) -> int:
    lowered = [name.lower() for name in names]
    if wanted.strip().lower() in lowered:
        return lowered.index(wanted.strip().lower())
    if wanted.strip().isdigit() and 1 <= int(wanted) <= len(names):
        return int(wanted) - 1
    raise BadText(f"There is no column {readable(wanted)}; choose from {', '.join(names[:20])}.")


def _text_column(rows: Sequence[Sequence[str]], names: Sequence[str], has_header: bool, label: int | None) -> int:
    open_places = [place for place in range(len(names)) if place != label]
    if has_header:
        for name in TEXT_NAMES:
            if found := [place for place in open_places if names[place].lower() == name]:
                return found[0]
    if not open_places:
        raise BadText("The file has one column; one of texts and one of labels are needed.")
    return max(open_places, key=lambda place: sum(len(row[place]) for row in rows))


def _label_column(rows: Sequence[Sequence[str]], names: Sequence[str], has_header: bool, text: int) -> int:
    open_places = [place for place in range(len(names)) if place != text]
    if has_header:
        for name in LABEL_NAMES:
            if found := [place for place in open_places if names[place].lower() == name]:
                return found[0]
    if not open_places:
        raise BadText("The file has one column; one of texts and one of labels are needed.")
    several = [place for place in open_places if len({row[place] for row in rows}) > 1]
    return min(several or open_places, key=lambda place: len({row[place] for row in rows}))


def _is_number(cell: str) -> bool:
    try:
        float(cell.replace(",", "."))
    except ValueError:
        return False
    return True
