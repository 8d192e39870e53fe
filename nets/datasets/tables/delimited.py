"""How a text is cut into cells: its encoding, what separates cells, how decimals are written, where the names are."""

import codecs
import csv
import io
import re
from collections import Counter
from dataclasses import dataclass

from nets.datasets.images.entries import BadUpload

SEPARATORS = (",", ";", "\t", "|")
SAMPLE_BYTES = 200_000
SAMPLE_ROWS = 200
CHUNK = 1 << 22
NUMBER = re.compile(r"\s*[-+]?(\d+([.,]\d+)*|[.,]\d+)([eE][-+]?\d+)?\s*%?")
COMMA = re.compile(r"\s*[-+]?(\d{1,3}(\.\d{3})+|\d+),\d+\s*")
POINT = re.compile(r"\s*[-+]?\d*\.\d+([eE][-+]?\d+)?\s*")


@dataclass(frozen=True)
class Dialect:
    """How the cells of a text are found; ``skipped`` rows of text in front of the first row are no rows."""

    separator: str
    decimal: str
    thousands: str | None
    skipped: int
    names: tuple[str, ...]
    notes: tuple[str, ...]


def encoding_of(content: bytes) -> tuple[str, list[str]]:
    """Return the encoding of a text, and a sentence where it is an unusual one.

    Raises:
        BadUpload: if it is no text.
    """
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16", []
    if b"\0" in content[:SAMPLE_BYTES]:
        raise BadUpload("The file is no text and no table that is known; take CSV, TSV, Excel or Parquet.")
    if content.startswith(codecs.BOM_UTF8):
        return "utf-8-sig", []
    if content.isascii():
        return "utf-8", []
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for start in range(0, len(content), CHUNK):
            decoder.decode(content[start : start + CHUNK], final=start + CHUNK >= len(content))
    except UnicodeDecodeError:
        return "cp1252", ["The file is not in UTF-8; it is read as Windows-1252 (Western European)."]
    return "utf-8", []


def dialect_of(content: bytes, encoding: str) -> Dialect:
    """Return how a text is cut into cells.

    Raises:
        BadUpload: if nothing separates cells.
    """
    text = content[:SAMPLE_BYTES].decode(encoding, errors="replace")
    if len(content) > SAMPLE_BYTES:
        text = text.rpartition("\n")[0] or text
    if not text.strip():
        raise BadUpload("The file holds nothing but blanks.")
    if text.lstrip().startswith(("<!DOCTYPE", "<html", "<?xml", "{", "[")):
        raise BadUpload("The file is a web page, XML or JSON, not a table; take CSV, TSV, Excel or Parquet.")
    declared = re.match(r"sep=(.)\r?\n", text)
    skipped = 1 if declared else 0
    separator = declared.group(1) if declared else _separator(text)
    rows = _rows(text, separator)[skipped:]
    width = Counter(len(row) for row in rows if row).most_common(1)[0][0] if rows else 0
    if width < 2:
        raise BadUpload("The table has one column; cells are to be separated by comma, semicolon, tab or |.")
    notes = []
    title = next((place for place, row in enumerate(rows) if len(row) >= width), 0)
    if title:
        notes.append(f"The first {title} lines hold a title, not columns; they are left out.")
    head, *body = rows[title:]
    if _has_names(head, body):
        names, first = head, title + 1
    else:
        names, first = [f"column {place}" for place in range(1, len(head) + 1)], title
        notes.append("The table has no row of names; columns are called by their place.")
    decimal, thousands = _decimal(body, separator)
    if decimal == ",":
        notes.append("Numbers are written with a decimal comma.")
    return Dialect(separator, decimal, thousands, skipped + first, tuple(names), tuple(notes))


def _rows(text: str, separator: str) -> list[list[str]]:
    """Return the first rows, empty lines included."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, skipinitialspace=True)
    try:
        return [row for row, _ in zip(reader, range(SAMPLE_ROWS), strict=False)]
    except csv.Error as error:
        raise BadUpload(f"The rows of the table can't be told apart: {error}.") from None


def _separator(text: str) -> str:
    """Return what cuts most lines into the same number of cells, of at least two."""
    best, found = (0.0, 0), ","
    for separator in SEPARATORS:
        counts = Counter(len(row) for row in _rows(text, separator) if row)
        if not counts:
            continue
        width, lines = counts.most_common(1)[0]
        score = (round(lines / counts.total(), 1) if width > 1 else 0.0, width)
        if score > best:
            best, found = score, separator
    return found


def _has_names(head: list[str], body: list[list[str]]) -> bool:
    """Is the first row one of names: no cell of it a number, or some column numbers below a word?"""
    if not any(NUMBER.fullmatch(cell) for cell in head):
        return True
    numbers = [place for place, cell in enumerate(head) if NUMBER.fullmatch(cell)]
    others = [place for place in range(len(head)) if place not in numbers]
    below = [row for row in body if len(row) == len(head)]
    return any(
        head[place].strip() and below and all(NUMBER.fullmatch(row[place]) or not row[place] for row in below)
        for place in others
    )


def _decimal(body: list[list[str]], separator: str) -> tuple[str, str | None]:
    """Return how decimals and thousands are written."""
    cells = [cell for row in body for cell in row if cell]
    commas = sum(bool(COMMA.fullmatch(cell)) for cell in cells)
    points = [cell for cell in cells if POINT.fullmatch(cell)]
    if separator == "," or not commas or len(points) > commas:
        return ".", None
    return ",", "." if any(re.fullmatch(r"\s*[-+]?\d{1,3}(\.\d{3})+,\d+\s*", cell) for cell in cells) else None
