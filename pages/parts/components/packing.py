"""Pack a small header and a few arrays into one bytes payload for a browser component.

Layout, all little-endian: a uint32 with the header's length, the header (JSON, padded with spaces to a multiple of
four bytes), then the arrays one after the other, each padded to a multiple of four bytes. ``unpack.js`` unpacks it.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import orjson

DTYPES = {"uint8": np.uint8, "int32": np.int32, "float32": np.float32}


def pack(meta: Mapping[str, Any], arrays: Mapping[str, np.ndarray] | None = None) -> bytes:
    """Return ``meta`` (JSON values) and ``arrays`` (uint8, int32 or float32, any shape) as one payload.

    Raises:
        TypeError: if an array has another dtype: the browser reads these three without copying.
    """
    table: dict[str, dict[str, Any]] = {}
    blobs: list[bytes] = []
    offset = 0
    for name, array in (arrays or {}).items():
        if array.dtype.name not in DTYPES:
            raise TypeError(f"array '{name}' is {array.dtype.name}; a component takes {', '.join(DTYPES)}")
        table[name] = {"dtype": array.dtype.name, "shape": array.shape, "offset": offset}
        blob = _padded(np.ascontiguousarray(array).tobytes(), b"\0")
        blobs.append(blob)
        offset += len(blob)
    header = _padded(orjson.dumps({"meta": meta, "arrays": table}, option=orjson.OPT_SERIALIZE_NUMPY), b" ")
    return len(header).to_bytes(4, "little") + header + b"".join(blobs)


def _padded(blob: bytes, filler: bytes) -> bytes:
    return blob + filler * (-len(blob) % 4)
