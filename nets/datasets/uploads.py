"""Uploads are kept under the SHA-256 sum of what was sent: a name that can lead nowhere else."""

import logging
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Annotated

from pydantic import AfterValidator

from nets.datasets.images.downloading import alone, datasets_folder, replacing
from nets.problems import InvalidExperiment, Problem

DIGITS = "64 hexadecimal digits"


def _a_digest(upload: str) -> str:
    if upload and not re.fullmatch(r"[0-9a-f]{64}", upload):
        raise ValueError(f"names no upload; it is the SHA-256 sum of a file, {DIGITS}")
    return upload


Digest = Annotated[str, AfterValidator(_a_digest)]
"""Which upload; empty for none."""


@dataclass(frozen=True)
class Shelf:
    """Where uploads of one kind are kept.

    Args:
        name: of the folder among those of data sets.
        asked: what is asked for where there is no upload, as people call it.
        suffix: of its files.
    """

    name: str
    asked: str
    suffix: str = ".safetensors"

    def folder(self) -> Path:
        """Return the folder."""
        return datasets_folder() / self.name

    def file(self, digest: str) -> Path:
        """Return where an upload is kept, if it is.

        Raises:
            ValueError: if this is no digest: it could lead anywhere.
        """
        if not _a_digest(digest):
            raise ValueError(f"an upload has a digest of {DIGITS}")
        return self.folder() / f"{digest}{self.suffix}"

    @contextmanager
    def writing(self, digest: str) -> Iterator[IO[bytes]]:
        """Give the file to keep an upload in, which is there whole or not at all.

        Raises:
            OSError: if it can't be written.
        """
        with alone(self.folder(), self.name), replacing(self.file(digest)) as file:
            yield file

    @contextmanager
    def reading(self, digest: str, asked: str = "") -> Iterator[Path]:
        """Give where an upload is kept; ``asked`` is what to ask for where it is something else than usual.

        Raises:
            InvalidExperiment: if there is none, or it can't be read inside.
        """
        from safetensors import SafetensorError

        asked, which = asked or self.asked, f"the upload {digest[:12]}…"
        if not digest:
            raise InvalidExperiment([Problem("data.upload", f"there is none yet; upload {asked}")])
        try:
            yield self.file(digest)
        except FileNotFoundError:
            message = f"{which} is not on this machine; upload {asked} here"
            raise InvalidExperiment([Problem("data.upload", message)]) from None
        except (SafetensorError, OSError, ValueError, LookupError, TypeError) as error:
            message = f"{which} can't be read ({error}); upload {asked} again"
            raise InvalidExperiment([Problem("data.upload", message)]) from None


def why_not(error: Exception) -> str:
    """Return in words why a file on this computer was not taken."""
    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename} can't be read: {error.strerror.lower()}"
    return str(error)


def say(notes: Iterable[str]) -> None:
    """Say what was noticed when a file on this computer was read; a page shows it beside the file."""
    for note in notes:
        logging.getLogger(__name__).warning(note)
