"""The one picture that a view looks at: a test example, or pixels that somebody drew or uploaded."""

import base64
import binascii
import math
from typing import TYPE_CHECKING, Annotated

import numpy as np
from pydantic import AfterValidator, Field

from nets.config import Config
from nets.views.base import drawable, smaller

if TYPE_CHECKING:
    from torch import Tensor

    from nets.training import Training

MOST_PIXELS = 3 * 512 * 512
"""Bytes that given pixels may have."""
LARGEST_DRAWN = 96
"""Pixels of the drawn picture's longer side, at most."""


def _is_base64(text: str) -> str:
    try:
        base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise ValueError("is no base64; give the bytes of a picture, channel by channel and row by row") from None
    return text


class Subject(Config):
    """Which picture. Given pixels come before the index."""

    index: Annotated[int, Field(ge=0)] = 0
    """Place in the test part, from 0."""
    pixels: Annotated[str, Field(max_length=-(-MOST_PIXELS // 3) * 4), AfterValidator(_is_base64)] = ""
    """Base64 of a picture's bytes, (C, H, W) as the data have them; empty takes the test picture."""

    def picture(self, training: "Training") -> "Tensor":
        """Return the picture (1, C, H, W) uint8 as the parts hold theirs, on the training's device.

        Raises:
            ValueError: if the data are no pictures, there is no such index, or the pixels are not of their shape.
        """
        import torch

        examples = training.parts.test.x
        if examples.dim() != 4:
            raise ValueError("these data are no pictures; there is nothing here that could be looked at")
        if not self.pixels:
            self._check_index(len(examples))
            return examples[self.index : self.index + 1]
        given = np.frombuffer(base64.b64decode(self.pixels), dtype=np.uint8)
        shape = tuple(examples.shape[1:])
        if given.size != math.prod(shape):
            channels, height, width = shape
            raise ValueError(
                f"the given picture has {given.size:,} bytes; {channels} × {height} × {width} = {math.prod(shape):,} "
                "are needed, channel by channel and row by row"
            )
        return torch.from_numpy(given.reshape(1, *shape).copy()).to(training.device)

    def inputs(self, training: "Training") -> "Tensor":
        """Return what the network sees of the picture, (1, C, H, W) float32; raises what ``picture`` raises."""
        return training.inputs(self.picture(training))

    def drawable(self, training: "Training") -> np.ndarray:
        """Return the picture as it is drawn, (H, W) or (H, W, 3) uint8, of at most 96 pixels a side."""
        return drawable(smaller(self.picture(training), LARGEST_DRAWN))[0]

    def label(self, training: "Training") -> int | None:
        """Return the true class of a test picture; None for given pixels, whose class nobody knows."""
        if self.pixels:
            return None
        self._check_index(len(training.parts.test))
        return int(training.parts.test.labels[self.index])

    def _check_index(self, count: int) -> None:
        if self.index >= count:
            raise ValueError(f"there is no test picture {self.index:,}; the last of {count:,} is {count - 1:,}")


def pixels_of(picture: np.ndarray) -> str:
    """Return a picture (C, H, W) uint8 as a ``Subject`` takes it."""
    return base64.b64encode(np.ascontiguousarray(picture, dtype=np.uint8).tobytes()).decode("ascii")
