"""What a zip says of its entries, checked before one of them is read, and reading one with a limit."""

import re
import stat
import struct
import zipfile
import zlib
from collections import Counter

MOST_ENTRIES = 25_000
MOST_FILE_BYTES = 30_000_000
SUFFIXES = (".png", ".jpg", ".jpeg", ".gif", ".bmp", ".webp")
KINDS = "PNG, JPEG, GIF, BMP and WebP"
ARCHIVES = (".zip", ".tar", ".gz", ".tgz", ".bz2", ".xz", ".zst", ".7z", ".rar", ".jar")
LEFT_BY_SYSTEMS = ("thumbs.db", "desktop.ini")
DIRECTORY_ENTRY = b"PK\x01\x02"
"""How each entry of a zip's directory begins."""
ENCRYPTED = 1
"""The bit of an entry's flags."""
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""Python unpacks the others a block at a time, however much comes out of one."""
UNREADABLE = (zipfile.BadZipFile, zlib.error, struct.error, OSError, EOFError, LookupError, ValueError, RuntimeError)
"""What Python's zip module raises for a file that is none, or damaged."""


class BadUpload(Exception):
    """A file that can't be taken; the message is a sentence for whoever chose it."""


def check_count(content: bytes) -> None:
    """Refuse a zip with so many entries that already their list would take all memory.

    Raises:
        BadUpload: if there are more than ``MOST_ENTRIES``.
    """
    if content.count(DIRECTORY_ENTRY) > MOST_ENTRIES:
        raise BadUpload(f"The zip has more than {MOST_ENTRIES:,} entries; take fewer pictures.")


def picture_names(archive: zipfile.ZipFile) -> list[str]:
    """Return the paths of the pictures in a zip.

    Raises:
        BadUpload: if an entry is anything else, or would lead elsewhere.
    """
    entries = [entry for entry in archive.infolist() if _counts(entry)]
    for entry in entries:
        _check_kind(entry)
    twice = [name for name, count in Counter(entry.filename for entry in entries).items() if count > 1]
    if twice:
        raise BadUpload(f"The zip holds {shown(twice[0])} twice; give every picture a name of its own.")
    return [entry.filename for entry in entries]


def _counts(entry: zipfile.ZipInfo) -> bool:
    """Is an entry more than a folder, a hidden file or what a system leaves behind? Its name is checked first."""
    name = entry.orig_filename
    parts = name.removesuffix("/").split("/")
    if "\\" in name or re.match(r"/|[A-Za-z]:", name) or {"", ".", ".."}.intersection(parts):
        raise BadUpload(f"The zip holds {shown(name)}, a path that leads out of it; pack the folders anew.")
    if not name.isprintable():
        raise BadUpload(f"The zip holds {shown(name)}, a name with invisible characters; rename it.")
    if stat.S_IFMT(entry.external_attr >> 16) not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise BadUpload(f"The zip holds {shown(name)}, a link and no file; pack the pictures themselves.")
    return not (entry.is_dir() or is_left_over(name))


def is_left_over(name: str) -> bool:
    """Is this the path of a hidden file, or of one that a system leaves behind?"""
    *folders, last = name.split("/")
    return last.startswith(".") or last.lower() in LEFT_BY_SYSTEMS or "__MACOSX" in folders


def is_picture(name: str) -> bool:
    """Is this a picture's path, by its name?"""
    return name.lower().endswith(SUFFIXES) and not is_left_over(name)


def _check_kind(entry: zipfile.ZipInfo) -> None:
    name = entry.filename.lower()
    if entry.flag_bits & ENCRYPTED:
        raise BadUpload("The zip is locked with a password; pack it without one.")
    if name.endswith(ARCHIVES):
        raise BadUpload(f"The zip holds another archive, {shown(entry.filename)}; pack the pictures themselves.")
    if not name.endswith(SUFFIXES):
        raise BadUpload(f"The zip holds {shown(entry.filename)}, which is no picture; {KINDS} can be read.")
    if entry.compress_type not in METHODS:
        raise BadUpload(f"{shown(entry.filename)} is packed in an unusual way; pack the zip anew, as most programs do.")


def content_of(archive: zipfile.ZipFile, name: str) -> bytes:
    """Return what an entry holds, whatever the zip says of its size.

    Raises:
        BadUpload: if that is more than ``MOST_FILE_BYTES``.
        UNREADABLE: if it is damaged.
    """
    with archive.open(name) as file:
        content = file.read(MOST_FILE_BYTES + 1)
    if len(content) > MOST_FILE_BYTES:
        raise BadUpload(f"{shown(name)} has more than {MOST_FILE_BYTES / 1e6:,.0f} MB once it is unpacked; shrink it.")
    return content


def shown(name: str) -> str:
    """Return a name as a sentence may hold it: in quotes, printable, not too long."""
    text = name if name.isprintable() else ascii(name)[1:-1]
    return f"'{text}'" if len(text) <= 80 else f"'…{text[-79:]}'"
