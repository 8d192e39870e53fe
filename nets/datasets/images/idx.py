"""The idx format, which MNIST and the sets made like it come in: a header with the array's shape, then its bytes."""

import gzip
import math
import shutil
import struct
import zlib
from pathlib import Path
from typing import IO

import numpy as np

from nets.datasets.images.downloading import replacing

BYTES = b"\x00\x00\x08"
"""How a file of unsigned bytes begins."""


def shape_of(path: Path) -> tuple[int, ...] | None:
    """Return the shape of the array in an idx file of bytes; None if it is not there, another file or not whole.

    Raises:
        OSError: if it is there and can't be read.
    """
    if not path.is_file():
        return None
    with path.open("rb") as file:
        *start, dimensions = file.read(4).ljust(4, b"\xff")
        header = file.read(4 * dimensions)
    if bytes(start) != BYTES or len(header) < 4 * dimensions:
        return None
    shape = struct.unpack(f">{dimensions}I", header)
    return shape if path.stat().st_size == 4 + len(header) + math.prod(shape) else None


def first_of(path: Path, count: int) -> np.ndarray | None:
    """Return the first ``count`` entries of the array in an idx file of bytes, (count, …) uint8; None as ``shape_of``.

    Raises:
        OSError: if it is there and can't be read.
    """
    shape = shape_of(path)
    if not shape:
        return None
    each, shown = math.prod(shape[1:]), min(count, shape[0])
    with path.open("rb") as file:
        file.seek(4 + 4 * len(shape))
        return np.frombuffer(file.read(each * shown), np.uint8).reshape(shown, *shape[1:])


def unpack(packed: Path | IO[bytes], target: Path) -> bool:
    """Write what is gzipped in ``packed`` to ``target``, whole or not at all; return whether it is an idx file.

    Raises:
        OSError: if it can't be written.
    """
    try:
        with gzip.open(packed) as source, replacing(target) as file:
            shutil.copyfileobj(source, file)
    except (EOFError, zlib.error, gzip.BadGzipFile):
        return False
    if shape_of(target) is None:
        target.unlink()
        return False
    return True
