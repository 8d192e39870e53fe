"""Uploads are kept under the SHA-256 sum of what was sent: a name that can lead nowhere else."""

import re
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator

DIGITS = "64 hexadecimal digits"


def _a_digest(upload: str) -> str:
    if upload and not re.fullmatch(r"[0-9a-f]{64}", upload):
        raise ValueError(f"names no upload; it is the SHA-256 sum of a file, {DIGITS}")
    return upload


Digest = Annotated[str, AfterValidator(_a_digest)]
"""Which upload; empty for none."""


def kept_in(folder: Path, digest: str, suffix: str = ".safetensors") -> Path:
    """Return where an upload is kept in a folder, if it is.

    Raises:
        ValueError: if this is no digest: it could lead anywhere.
    """
    if not _a_digest(digest):
        raise ValueError(f"an upload has a digest of {DIGITS}")
    return folder / f"{digest}{suffix}"


def why_not(error: Exception) -> str:
    """Return in words why a file on this computer was not taken."""
    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename} can't be read: {error.strerror.lower()}"
    return str(error)
