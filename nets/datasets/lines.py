"""Lines of text out of a file that nobody has checked: bounded, whatever its encoding, and never all at once."""

import codecs
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO

MOST_BYTES = 200_000_000
"""As many as the browser lets through: maxUploadSize in .streamlit/config.toml."""
MOST_LINE_BYTES = 1_000_000
SAMPLE_BYTES = 65_536
MOST_CONTROLS = 0.02
"""Share of the first bytes that may be control characters; a file with more is no text."""
MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
CONTROLS = bytes(code for code in range(32) if code not in b"\t\n\v\f\r\x1b") + b"\x7f"
FORMATS = (
    *((b"PK\x03\x04", "a zip or an Excel file"), (b"%PDF", "a PDF"), (b"\x1f\x8b", "a gzip file")),
    *((b"\x89PNG", "a picture"), (b"\xff\xd8\xff", "a picture"), (b"PAR1", "a Parquet file")),
    *((b"\xd0\xcf\x11\xe0", "an old Office file"), (b"SQLite format 3", "a database"), (b"\x7fELF", "a program")),
)


class BadText(Exception):
    """A file that can't be taken; the message is a sentence for whoever chose it."""


@dataclass
class Lines:
    """What is read of one file, line by line.

    ``mended`` counts lines that are no UTF-8 and were read as Windows-1252.
    """

    file: IO[bytes]
    most_bytes: int = MOST_BYTES
    most_line_bytes: int = MOST_LINE_BYTES
    mended: int = 0
    number: int = field(default=0, init=False)

    def __iter__(self) -> Iterator[str]:
        """Yield the lines with their ends.

        Raises:
            BadText: if it is no text, a line is too long, or the whole is.
        """
        start = self.file.read(SAMPLE_BYTES)
        encoding = _encoding_of(start)
        skip = next((len(mark) for mark, _ in MARKS if start.startswith(mark)), 0)
        if encoding.startswith("utf-16"):
            yield from self._wide(start[skip:], encoding)
            return
        left, total = start[skip:], len(start)
        while True:
            *whole, left = left.split(b"\n")
            for line in whole:
                yield self._decoded(line) + "\n"
            if len(left) > self.most_line_bytes:
                raise BadText(
                    f"Line {self.number + 1:,} has more than {self.most_line_bytes:,} bytes; are its lines parted?"
                )
            chunk = self.file.read(SAMPLE_BYTES)
            if not chunk:
                break
            total += len(chunk)
            check_size(total, self.most_bytes)
            left += chunk
        if left:
            yield self._decoded(left)

    def _decoded(self, line: bytes) -> str:
        self.number += 1
        try:
            text = line.decode("utf-8")
        except UnicodeDecodeError:
            self.mended += 1
            text = line.decode("cp1252", errors="replace")
        if "\0" in text:
            raise BadText(f"Line {self.number:,} holds zero bytes; this is no text file.")
        return text

    def _wide(self, start: bytes, encoding: str) -> Iterator[str]:
        content = start + self.file.read(self.most_bytes + 1)
        check_size(len(content), self.most_bytes)
        for line in content.decode(encoding, errors="replace").splitlines(keepends=True):
            self.number += 1
            yield line


def check_size(count: int, most: int = MOST_BYTES) -> None:
    """Refuse more bytes than are read.

    Raises:
        BadText: with both figures.
    """
    if count > most:
        raise BadText(f"The file has more than {most / 1e6:,.0f} MB; at most so much is read. Take a part of it.")


def _encoding_of(start: bytes) -> str:
    """Return the encoding that a file's first bytes announce.

    Raises:
        BadText: if they are no text.
    """
    if not start.strip():
        raise BadText("The file is empty.")
    for mark, what in FORMATS:
        if start.startswith(mark):
            raise BadText(f"This is {what}, no text file; save it as CSV, TSV or plain text.")
    for mark, encoding in MARKS:
        if start.startswith(mark):
            return encoding
    controls = len(start) - len(start.translate(None, CONTROLS))
    if controls > MOST_CONTROLS * len(start):
        raise BadText("This is no text file: it holds bytes that no letter has. Save it as CSV, TSV or plain text.")
    return "utf-8"


def readable(text: str, most: int = 40) -> str:
    """Return a text of somebody's file as it may stand in a sentence: on one line, not too long."""
    plain = "".join(letter if letter.isprintable() else " " for letter in text).strip()
    return plain if len(plain) <= most else plain[: most - 1] + "…"
