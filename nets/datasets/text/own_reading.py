"""The user's own texts with labels, out of CSV or TSV files: every row counted, what can't be taken said."""

import hashlib
import itertools
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import IO, Any

import numpy as np

from nets.datasets.lines import MOST_BYTES, MOST_LINE_BYTES, BadText, Lines, readable
from nets.datasets.text.columns import LOOKED_AT, Layout, cells, layout_of, separator_of
from nets.datasets.text.tokens import WORD
from nets.wording import plural

MOST_ROWS = 500_000
MOST_LETTERS = 10_000
"""Characters of a text that are kept."""
MOST_CLASSES = 1000
MOST_NAME_LETTERS = 60
LABEL_SEPARATORS = "|;"
"""What parts several labels in one cell."""
MOST_LEFT_OUT = 0.5
"""Share of the rows that may be unusable; a file with more was meant otherwise."""

Row = tuple[str, str]


@dataclass(frozen=True)
class OwnTexts:
    """What a file, or a pair of them, holds.

    Args:
        digest: SHA-256 sum of what is kept, in hexadecimal.
        texts: every text, those for training first.
        labels: (B,) int64, places in ``class_names``; or several an example, (B, K) float32 of 0 and 1.
        is_test: (B,) bool, which of them came in a file for testing.
        class_names: sorted.
        layout: how the file was read.
        notes: sentences about what was left out or mended.
    """

    digest: str
    texts: tuple[str, ...]
    labels: np.ndarray
    is_test: np.ndarray
    class_names: tuple[str, ...]
    layout: Layout
    notes: tuple[str, ...] = ()

    def settings(self) -> dict[str, Any]:
        """Return the fields of the dataset ``own_text`` that this upload sets."""
        words, letters = set[str](), set[str]()
        for text in self.texts:
            words.update(WORD.findall(text))
            letters.update(text)
        return {
            "upload": self.digest,
            "class_names": list(self.class_names),
            "multilabel": self.labels.ndim == 2,
            "num_words": max(1, len(words)),
            "num_characters": max(1, len(letters)),
        }


@dataclass(frozen=True)
class Bounds:
    """How much of a file is read."""

    file_bytes: int = MOST_BYTES
    line_bytes: int = MOST_LINE_BYTES
    rows: int = MOST_ROWS


def read_texts(
    file: IO[bytes],
    file_name: str = "",
    test: IO[bytes] | None = None,
    *,
    text_column: str = "",
    label_column: str = "",
    bounds: Bounds | None = None,
) -> OwnTexts:
    """Return the texts of a file, and of one for testing if there is one.

    Args:
        file: open for reading; it is read bit by bit.
        file_name: its name: ".tsv" says that tabs part the cells.
        test: a second file with the same columns.
        text_column: name of the column of texts, or its number from 1; empty to find it.
        label_column: the same for the labels.
        bounds: how much is read.

    Raises:
        BadText: saying what is wrong with a file.
    """
    bounds = bounds or Bounds()
    lines = Lines(file, bounds.file_bytes, bounds.line_bytes)
    rows, layout = _opened(iter(lines), file_name, text_column, label_column)
    train, notes = _read(rows, layout, bounds, "")
    notes += _mended(lines, "")
    tested: list[Row] = []
    if test is not None:
        tested, more = _test_rows(test, layout, bounds)
        notes += more
    return _labelled(train, tested, layout, notes)


def _opened(
    lines: Iterator[str], file_name: str, text_column: str, label_column: str
) -> tuple[Iterator[list[str]], Layout]:
    """Return the rows below the header, and how the file is to be read."""
    first = list(itertools.islice(lines, LOOKED_AT))
    separator = separator_of(first, file_name)
    sample = [row for row in cells(first, separator) if any(cell.strip() for cell in row)]
    layout = layout_of(sample, separator, text_column, label_column)
    rows = (row for row in cells(itertools.chain(first, lines), separator) if any(cell.strip() for cell in row))
    if layout.has_header:
        next(rows)
    return rows, layout


def _read(rows: Iterator[list[str]], layout: Layout, bounds: Bounds, where: str) -> tuple[list[Row], list[str]]:
    """Return texts and label cells, and sentences about the rows that were left out."""
    kept: list[Row] = []
    uneven, empty, cut = 0, 0, 0
    for row in rows:
        if len(kept) >= bounds.rows:
            raise BadText(
                f"The file has more than {bounds.rows:,} rows{where}; at most so many are read. Take a part of it."
            )
        if len(row) != len(layout.names):
            uneven += 1
            continue
        text, label = row[layout.text].strip(), row[layout.label].strip()
        if not text or not label:
            empty += 1
            continue
        cut += len(text) > MOST_LETTERS
        kept.append((text[:MOST_LETTERS], label))
    if uneven > MOST_LEFT_OUT * (len(kept) + uneven + empty):
        wrong = f"{plural(uneven, 'row')}{where} with another number of columns than {len(layout.names)}"
        raise BadText(f"The file has {wrong}; is it complete?")
    if not kept:
        raise BadText(
            f"No row{where} has a text in {layout.names[layout.text]} and a label in {layout.names[layout.label]}."
        )
    notes = []
    if uneven:
        notes.append(f"Left out: {plural(uneven, 'row')}{where} with another number of columns.")
    if empty:
        notes.append(f"Left out: {plural(empty, 'row')}{where} without text or label.")
    if cut:
        notes.append(f"Cut after {MOST_LETTERS:,} characters: {plural(cut, 'text')}{where}.")
    return kept, notes


def _test_rows(test: IO[bytes], layout: Layout, bounds: Bounds) -> tuple[list[Row], list[str]]:
    lines = Lines(test, bounds.file_bytes, bounds.line_bytes)
    rows = (row for row in cells(lines, layout.separator) if any(cell.strip() for cell in row))
    if layout.has_header:
        header = [readable(cell) for cell in next(rows, [])]
        wanted = layout.names[layout.text], layout.names[layout.label]
        if missing := [name for name in wanted if name not in header]:
            raise BadText(f"The test file has no column {missing[0]}; it has {', '.join(header[:20])}.")
        layout = Layout(layout.separator, True, tuple(header), header.index(wanted[0]), header.index(wanted[1]))
    kept, notes = _read(rows, layout, bounds, " for testing")
    return kept, notes + _mended(lines, " for testing")


def _mended(lines: Lines, where: str) -> list[str]:
    if not lines.mended:
        return []
    return [f"Read as Windows-1252, for it is no UTF-8: {plural(lines.mended, 'line')}{where}."]


def _labelled(train: list[Row], tested: list[Row], layout: Layout, notes: list[str]) -> OwnTexts:
    mark = _several(train)
    cells_of = [_parts(label, mark) for _, label in train]
    names = sorted({name for labels in cells_of for name in labels})
    _check_classes(names, layout, len(train))
    place_of = {name: place for place, name in enumerate(names)}
    unseen = Counter(name for _, label in tested for name in _parts(label, mark) if name not in place_of)
    if unseen:
        shown = ", ".join(readable(name) for name, _ in unseen.most_common(3))
        notes.append(f"Left out: {plural(unseen.total(), 'test row')} with labels that no training row has ({shown}).")
        tested = [row for row in tested if all(name in place_of for name in _parts(row[1], mark))]
        if not tested:
            raise BadText(f"No test row has a label that occurs in training; the test file has {shown}.")
    labels = _numbers([*cells_of, *(_parts(label, mark) for _, label in tested)], place_of, mark)
    texts = tuple(text for text, _ in [*train, *tested])
    is_test = np.arange(len(texts)) >= len(train)
    digest = digest_of(texts, labels, is_test, names)
    return OwnTexts(digest, texts, labels, is_test, tuple(names), layout, tuple(notes))


def _several(rows: Sequence[Row]) -> str:
    """Return what parts several labels in a cell: a sign whose parts recur in other cells; empty for one label each."""
    whole = {label for _, label in rows}
    for mark in LABEL_SEPARATORS:
        joined = [label for label in whole if mark in label]
        parts = {part for label in whole for part in _parts(label, mark)}
        if joined and len(parts) < len(whole) + len(joined) and len(parts) >= 2:
            return mark
    return ""


def _parts(label: str, mark: str) -> list[str]:
    parts = [part.strip() for part in label.split(mark)] if mark else [label]
    return [readable(part, MOST_NAME_LETTERS) for part in parts if part]


def _check_classes(names: Sequence[str], layout: Layout, rows: int) -> None:
    column = layout.names[layout.label]
    if len(names) < 2:
        raise BadText(f"All {rows:,} rows have the label {names[0]}; at least two different ones are needed.")
    hint = f"choose the column of labels among {', '.join(layout.names[:20])}."
    if len(names) > MOST_CLASSES:
        message = f"{column} has {len(names):,} different labels; at most {MOST_CLASSES:,} are told apart"
        raise BadText(f"{message}: {hint}")
    if len(names) > max(2, rows // 2):
        raise BadText(f"{column} has {len(names):,} different labels in {rows:,} rows, too few of each: {hint}")


def _numbers(labels: Sequence[Sequence[str]], place_of: dict[str, int], mark: str) -> np.ndarray:
    if not mark:
        return np.array([place_of[name] for (name,) in labels], dtype=np.int64)
    table = np.zeros((len(labels), len(place_of)), dtype=np.float32)
    for row, names in zip(table, labels, strict=True):
        row[[place_of[name] for name in names]] = 1
    return table


def digest_of(texts: Sequence[str], labels: np.ndarray, is_test: np.ndarray, names: Sequence[str]) -> str:
    """Return the SHA-256 sum of what is kept: the same rows have the same, however their file was written."""
    summed = hashlib.sha256()
    for text in (*texts, *names):
        summed.update(text.encode(errors="replace") + b"\0")
    summed.update(np.ascontiguousarray(labels).tobytes() + is_test.tobytes())
    return summed.hexdigest()
