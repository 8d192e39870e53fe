"""Forty tables as people have them: what is wrong with each, and words of the sentence that says so."""

import io
from collections.abc import Callable

import numpy as np
import pandas as pd

from tests.nets.datasets.tiny import picture_file, zipped

ROWS = 12
GOOD = "\n".join(["a,b,c", *(f"{n},{n * n / 4},{'xyz'[n % 3]}" for n in range(1, ROWS + 1))])


def lines(*rows: str, head: str = "a,b,c") -> bytes:
    """A text with a header, and good rows above what is strange."""
    good = [f"{n / 2},{n * n},{'xyz'[n % 3]}" for n in range(ROWS)]
    return "\n".join([head, *good, *rows]).encode()


def column(*cells: str) -> bytes:
    """A text with one strange column beside two good ones."""
    rows = [f"{n * 1.5},{cells[n % len(cells)]},{'xyz'[n % 3]}" for n in range(2 * ROWS)]
    return "\n".join(["a,strange,c", *rows]).encode()


def excel(*sheets: pd.DataFrame) -> bytes:
    """An Excel file written by hand: what reads it is another program's."""
    parts = {
        "[Content_Types].xml": CONTENT_TYPES,
        "_rels/.rels": RELS,
        "xl/workbook.xml": WORKBOOK.format(
            "".join(f'<sheet name="s{n}" sheetId="{n}" r:id="rId{n}"/>' for n in range(1, len(sheets) + 1))
        ),
        "xl/_rels/workbook.xml.rels": WORKBOOK_RELS.format(
            "".join(
                f'<Relationship Id="rId{n}" Type="{OFFICE}/worksheet" Target="worksheets/sheet{n}.xml"/>'
                for n in range(1, len(sheets) + 1)
            )
        ),
    }
    for number, sheet in enumerate(sheets, start=1):
        parts[f"xl/worksheets/sheet{number}.xml"] = SHEET.format(_rows(sheet))
    return zipped({name: text.encode() for name, text in parts.items()})


def _rows(sheet: pd.DataFrame) -> str:
    rows = [list(sheet.columns), *sheet.to_numpy(dtype=object).tolist()]
    return "".join(f"<row>{''.join(_cell(cell) for cell in row)}</row>" for row in rows)


def _cell(cell: object) -> str:
    if isinstance(cell, int | float):
        return f"<c><v>{cell}</v></c>"
    return f'<c t="inlineStr"><is><t>{cell}</t></is></c>'


MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
CONTENT_TYPES = (
    f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" '
    'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/></Types>'
)
RELS = (
    f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" Type="{OFFICE}/officeDocument" '
    'Target="xl/workbook.xml"/></Relationships>'
)
WORKBOOK = f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>{{}}</sheets></workbook>'
WORKBOOK_RELS = f'<Relationships xmlns="{PACKAGE}/relationships">{{}}</Relationships>'
SHEET = f'<worksheet xmlns="{MAIN}"><sheetData>{{}}</sheetData></worksheet>'


def bomb() -> bytes:
    """A zip whose directory says that an entry unpacks to 4 GB."""
    content = bytearray(zipped({"xl/a.xml": b"0"}))
    size = content.index(b"PK\x01\x02") + 24
    content[size : size + 4] = b"\0\0\0\xf0"
    return bytes(content)


def parquet(frame: pd.DataFrame) -> bytes:
    file = io.BytesIO()
    frame.to_parquet(file)
    return file.getvalue()


def numbers(**columns: object) -> pd.DataFrame:
    return pd.DataFrame({"a": np.arange(ROWS) * 1.5, "c": list("xyz") * (ROWS // 3), **columns})


REFUSED: dict[str, tuple[Callable[[], bytes], str]] = {
    "nothing": (lambda: b"", "is empty"),
    "blanks": (lambda: b"  \n \n\n", "nothing but blanks"),
    "a picture": (picture_file, "a picture, not a table"),
    "a PDF": (lambda: b"%PDF-1.7", "a PDF, not a table"),
    "bytes": (lambda: bytes(range(256)) * 4, "no text and no table"),
    "gzip": (lambda: b"\x1f\x8b\x08" + b"0" * 50, "packed with gzip"),
    "a zip of a table": (lambda: zipped({"a.csv": GOOD.encode()}), "is a zip, not a table"),
    "broken Excel": (lambda: excel(numbers())[:300], "damaged"),
    "Excel without rows": (lambda: excel(pd.DataFrame()), "sheet is empty"),
    "an Excel bomb": (lambda: bomb(), "more than 1 GB"),
    "old Excel, broken": (lambda: b"\xd0\xcf\x11\xe0" + b"0" * 2000, "no Excel"),
    "broken Parquet": (lambda: b"PAR1" + b"0" * 100 + b"PAR1", "Parquet file can't be read"),
    "a web page": (lambda: b"<!DOCTYPE html><html><body>" + b"<p>1,2</p>\n" * 20, "a web page"),
    "JSON": (lambda: b'[{"a": 1, "b": 2},\n' * 20, "JSON"),
    "one column": (lambda: b"a\n" + b"1\n" * 20, "one column"),
    "prose": (lambda: b"once there was a table\nand it had no cells\n" * 10, "one column"),
    "header alone": (lambda: b"a,b,c\n", "0 rows below its header"),
    "three rows": (lambda: b"a,b\n1,2\n3,4\n5,6\n", "3 rows below its header"),
    "too many columns": (lambda: b"\n".join([b",".join(b"c%d" % n for n in range(400))] * 9), "400 columns"),
    "open quotation mark": (lambda: lines('1,"2,z', "3,4,x"), "never closed"),
    "all the same": (lambda: b"a,b,c\n" + b"1,1,q\n" * 20, "the same value in every row"),
    "all empty": (lambda: b"a,b,c\n" + b",,\n" * 20, "is empty; it is left out"),
}
NOTED: dict[str, tuple[Callable[[], bytes], str]] = {
    "Latin letters": (lambda: lines("1,2,Ärger").decode().encode("cp1252"), "Windows-1252"),
    "decimal comma": (lambda: GOOD.replace(",", ";").replace(".", ",").encode(), "decimal comma"),
    "names twice": (lambda: lines(head="a,a,c"), "numbered: a (2)"),
    "empty names": (lambda: lines(head="a,,c"), "by their place: column 2"),
    "long names": (lambda: lines(head=f"a,{'b' * 500},c"), "more than 80 letters"),
    "no header": (lambda: "\n".join(f"{n},{n * n}" for n in range(20)).encode(), "no row of names"),
    "a title": (lambda: b"Sales of 2024\n\n" + lines(), "hold a title"),
    "an index": (
        lambda: "\n".join([",a,c", *(f"{n},{n * 7 % 5},{'xy'[n % 2]}" for n in range(20))]).encode(),
        "counts the rows",
    ),
    "a few words among numbers": (lambda: column(*(str(n) for n in range(11)), "none at all"), "are no numbers"),
    "half words": (lambda: column("1", "two", "3", "four"), "mixes numbers and words"),
    "infinite": (lambda: column("1", "2", "inf", "4"), "infinite"),
    "an empty column": (lambda: column(""), "strange is empty"),
    "a constant column": (lambda: column("7"), "same value in every row"),
    "dates in two ways": (lambda: column("01/02/2024", "03/04/2024", "05/06/2023"), "read in two ways"),
    "many categories": (
        lambda: "\n".join(["a,b", *(f"{n},v{n % 80}" for n in range(400))]).encode(),
        "80 different values",
    ),
    "lines too long": (lambda: lines("1,2,x,4,5"), "more cells than the header"),
    "several sheets": (lambda: excel(numbers(), numbers()), "Only the first of 2 sheets"),
    "lists in cells": (lambda: parquet(numbers(b=[[1, 2]] * ROWS)), "lists or bytes"),
    "durations": (lambda: parquet(numbers(b=pd.to_timedelta(np.arange(ROWS), "h"))), "in seconds"),
}
