"""The bytes of somebody's table as rows and columns of raw cells: CSV, TSV, Excel, OpenDocument or Parquet.

Nothing in such a file is to be trusted: sizes are looked at before anything is unpacked, and what can't be read is
refused with a sentence.
"""

import io
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from nets.datasets.images.entries import BadUpload
from nets.datasets.tables.delimited import dialect_of, encoding_of
from nets.datasets.tables.naming import clean_names
from nets.datasets.tables.pieces import LONG, read_in_pieces

if TYPE_CHECKING:
    import pandas as pd

MOST_BYTES = 400_000_000
MOST_UNPACKED = 1_000_000_000
MOST_ROWS = 1_000_000
MOST_COLUMNS = 300
FEWEST_ROWS = 5
NOTHING = ("?", "-", "--", "–", ".", "na", "Na", "n.a.", "N.A.", "NONE", "none", "nil", "NIL", "missing", "Missing")
ERRORS_OF_EXCEL = ("#VALUE!", "#REF!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!")
MISSING = (*NOTHING, *ERRORS_OF_EXCEL)
"""What stands for a missing cell beside what pandas takes for one: empty, NA, N/A, NaN, null …"""
PACKED = {b"\x1f\x8b": "gzip", b"7z\xbc\xaf": "7-Zip", b"Rar!": "RAR", b"BZh": "bzip2", b"\xfd7zX": "xz"}
NO_TABLES = {b"%PDF": "a PDF", b"\x89PNG": "a picture", b"\xff\xd8\xff": "a picture", b"GIF8": "a picture"}


@dataclass(frozen=True)
class Raw:
    """Cells as they were found, and what was noticed on the way, a sentence each."""

    frame: "pd.DataFrame"
    notes: tuple[str, ...]


def read_cells(content: bytes, fewest: int = FEWEST_ROWS) -> Raw:
    """Return the cells of a table of at least the ``fewest`` rows.

    Raises:
        BadUpload: saying what is wrong with the file.
    """
    if not content:
        raise BadUpload("The file is empty.")
    if len(content) > MOST_BYTES:
        raise BadUpload(f"The file has {len(content) / 1e6:,.0f} MB; at most {MOST_BYTES / 1e6:,.0f} MB are read.")
    for start, what in PACKED.items():
        if content.startswith(start):
            raise BadUpload(f"The file is packed with {what}; unpack it and take the table inside.")
    for start, what in NO_TABLES.items():
        if content.startswith(start):
            raise BadUpload(f"The file is {what}, not a table; take CSV, TSV, Excel or Parquet.")
    if content.startswith(b"PAR1"):
        raw = _parquet(content)
    elif content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raw = _sheet(content)
    else:
        raw = _text(content)
    return _checked(raw, fewest)


def _checked(raw: Raw, fewest: int) -> Raw:
    rows, columns = raw.frame.shape
    if rows > MOST_ROWS:
        raise BadUpload(f"The table has {rows:,} rows; at most {MOST_ROWS:,} are taken.")
    if columns > MOST_COLUMNS:
        raise BadUpload(f"The table has {columns:,} columns; at most {MOST_COLUMNS:,} are taken.")
    if columns < 2:
        raise BadUpload("The table has one column; at least two are needed, one to learn from and one to predict.")
    if rows < fewest:
        raise BadUpload(f"The table has {rows} rows below its header; at least {fewest} are needed.")
    return raw


def _parquet(content: bytes) -> Raw:
    from pyarrow import ArrowException, parquet

    try:
        file = parquet.ParquetFile(io.BytesIO(content))
        rows, columns = file.metadata.num_rows, file.metadata.num_columns
        if rows > MOST_ROWS or columns > MOST_COLUMNS:
            raise BadUpload(
                f"The table has {rows:,} rows and {columns:,} columns; at most {MOST_ROWS:,} and {MOST_COLUMNS:,} "
                "are taken."
            )
        frame = file.read().to_pandas()
    except (ArrowException, OSError, ValueError) as error:
        raise BadUpload(f"This Parquet file can't be read: {_first(error)}.") from None
    names, notes = clean_names([str(name) for name in frame.columns])
    return Raw(frame.set_axis(names, axis=1).reset_index(drop=True), tuple(notes))


def _sheet(content: bytes) -> Raw:
    from python_calamine import CalamineError, CalamineWorkbook

    if content.startswith(b"PK"):
        _check_unpacked(content)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        names = book.sheet_names
        sheets: list[tuple[str, list[Any]]] = [
            (name, book.get_sheet_by_name(name).to_python(skip_empty_area=True)) for name in names[:1]
        ]
    except (CalamineError, OSError, ValueError) as error:
        raise BadUpload(f"This is no Excel or OpenDocument table that can be read: {_first(error)}.") from None
    rows = [row for row in (sheets[0][1] if sheets else []) if any(cell != "" for cell in row)]
    if not rows:
        raise BadUpload("The first sheet is empty.")
    notes = [f"Only the first of {len(names)} sheets is read: {names[0]}."] if len(names) > 1 else []
    return _of_rows(rows, notes)


def _of_rows(rows: list[list[object]], notes: list[str]) -> Raw:
    import pandas as pd

    width = max(map(len, rows))
    start = next((place for place, row in enumerate(rows[:10]) if sum(cell != "" for cell in row) > width / 2), 0)
    if start:
        notes.append(f"The first {start} rows hold a title, not columns; they are left out.")
    names, more = clean_names([str(cell) for cell in rows[start]] + [""] * (width - len(rows[start])))
    cells = [[None if cell == "" or cell in MISSING else cell for cell in row] for row in rows[start + 1 :]]
    frame = pd.DataFrame(cells, dtype=object)
    frame = frame.reindex(columns=range(width)).set_axis(names, axis=1)
    return Raw(frame.infer_objects(), (*notes, *more))


def _check_unpacked(content: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError):
        raise BadUpload("The Excel file is damaged; save it once more.") from None
    if sum(entry.file_size for entry in entries) > MOST_UNPACKED:
        raise BadUpload("The Excel file unpacks to more than 1 GB; save it as CSV.")
    names = [entry.filename for entry in entries]
    if not any(name.startswith("xl/") or name == "content.xml" for name in names):
        raise BadUpload("The file is a zip, not a table; unpack it and take the table inside.")


def _text(content: bytes) -> Raw:
    import pandas as pd

    encoding, notes = encoding_of(content)
    dialect = dialect_of(content, encoding)
    names, more = clean_names(list(dialect.names))
    notes = [*notes, *dialect.notes, *more]
    options: dict[str, Any] = {
        "sep": dialect.separator,
        "decimal": dialect.decimal,
        "thousands": dialect.thousands,
        "header": None,
        "names": names,
        "index_col": False,
        "skiprows": dialect.skipped,
        "encoding": encoding,
        "encoding_errors": "replace",
        "na_values": list(MISSING),
        "skipinitialspace": True,
        "low_memory": False,
    }
    try:
        return Raw(_frame(content, options), tuple(notes))
    except pd.errors.ParserError as error:
        if "EOF inside string" in str(error):
            raise BadUpload("A quotation mark is opened and never closed, so the rows can't be told apart.") from None
        notes.append(f"Lines with more cells than the header are left out ({_first(error)}).")
    except (ValueError, OverflowError) as error:
        raise BadUpload(f"The table can't be read: {_first(error)}.") from None
    try:
        return Raw(_frame(content, {**options, "on_bad_lines": "skip"}), tuple(notes))
    except (ValueError, OverflowError) as error:
        raise BadUpload(f"The table can't be read: {_first(error)}.") from None


def _frame(content: bytes, options: dict[str, Any]) -> "pd.DataFrame":
    import pandas as pd

    if len(content) > LONG:
        return read_in_pieces(content, options)
    return pd.read_csv(io.BytesIO(content), **options)


def _first(error: Exception) -> str:
    line = (str(error).splitlines() or [""])[0]
    return line.removeprefix("Error tokenizing data. C error: ").rstrip(".")[:160]
