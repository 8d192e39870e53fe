"""From a picture file that somebody made to the bytes that a network sees."""

import io
import struct
import zlib
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from PIL.Image import Image as Picture

FORMATS = ("PNG", "JPEG", "GIF", "BMP", "WEBP")
STORED = 64
"""Height and width that pictures are kept in; smaller ones are means over squares of these."""
BROKEN = (
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    LookupError,
    ArithmeticError,
    AttributeError,
    EOFError,
    RuntimeError,
    struct.error,
    zlib.error,
)
"""What decoders of pictures raise for bytes that are none."""


def opened(content: bytes) -> "Picture":
    """Return a picture of one of the ``FORMATS``, of which no more than its size has been read.

    Raises:
        BROKEN: if it is none.
        DecompressionBombError: Pillow's, if it is of an absurd size.
    """
    from PIL import Image

    return Image.open(io.BytesIO(content), formats=FORMATS)


def square(picture: "Picture") -> np.ndarray:
    """Return the middle of a picture, (3, STORED, STORED) uint8: upright, its first frame, what is transparent white.

    Raises:
        BROKEN: if it turns out to be none.
    """
    from PIL import Image, ImageOps

    picture.draft("RGB", (2 * STORED, 2 * STORED))
    if picture.mode.startswith("I"):
        picture = Image.fromarray((np.asarray(picture).clip(0, 65535) // 256).astype(np.uint8))
    picture = picture.convert("RGBA" if picture.has_transparency_data else "RGB")
    picture = ImageOps.fit(ImageOps.exif_transpose(picture), (STORED, STORED), Image.Resampling.BILINEAR)
    if picture.mode == "RGBA":
        picture = Image.alpha_composite(Image.new("RGBA", picture.size, "white"), picture).convert("RGB")
    return np.ascontiguousarray(np.asarray(picture).transpose(2, 0, 1))


def smaller(pictures: np.ndarray, size: int) -> np.ndarray:
    """Return pictures (B, C, STORED, STORED) uint8 as (B, C, size, size): each pixel the mean over a square."""
    side = STORED // size
    if side == 1:
        return pictures
    sums = pictures.reshape(*pictures.shape[:2], size, side, size, side).sum(axis=(3, 5), dtype=np.uint32)
    return ((sums + side * side // 2) // (side * side)).astype(np.uint8)


def grey(pictures: np.ndarray) -> np.ndarray:
    """Return colour pictures (B, 3, H, W) uint8 as grey ones (B, 1, H, W), as bright as ITU-R 601 has them."""
    red, green, blue = (pictures[:, channel].astype(np.uint32) for channel in range(3))
    return ((red * 19595 + green * 38470 + blue * 7471 + 32768) >> 16).astype(np.uint8)[:, None]
