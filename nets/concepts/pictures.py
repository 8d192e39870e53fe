"""Small grey pictures, values 0 to 16 as in scikit-learn's digits, so that a kernel's sums can be followed by hand."""

from functools import lru_cache

import numpy as np

from nets.datasets.images.digits import handwritten

WHITE = 16
"""The brightest value."""
DIGITS = tuple(f"digit {digit}" for digit in range(10))
PICTURES = (*DIGITS, "ring", "flower")
"""Their names: digits 8×8 (Alpaydin and Kaynak 1998), a drawn ring 16×16, a photograph 32×32 (scikit-learn)."""


@lru_cache(maxsize=len(PICTURES))
def picture(name: str) -> np.ndarray:
    """Return a picture (H, W) float32 of whole numbers 0 … WHITE; not to be written to.

    Raises:
        ValueError: if there is none of that name.
    """
    if name not in PICTURES:
        raise ValueError(f"there is no picture {name!r}; choose from {', '.join(PICTURES)}")
    pixels = _digit(DIGITS.index(name)) if name in DIGITS else _ring() if name == "ring" else _flower()
    pixels.setflags(write=False)
    return pixels


def _digit(digit: int) -> np.ndarray:
    pictures, digits = handwritten()
    return pictures[np.argmax(digits == digit)].astype(np.float32)


def _ring() -> np.ndarray:
    from nets.datasets.images.outlines import NAMES
    from nets.datasets.images.shapes import paint

    colour = paint(np.random.default_rng(4), np.array([NAMES.index("ring")]), noise=0.0, clutter=0.0)[0]
    return _shrunk(colour.mean(0), 16)


def _flower() -> np.ndarray:
    from sklearn.datasets import load_sample_image

    return _shrunk(load_sample_image("flower.jpg")[:400, 140:540].mean(2), 32)


def _shrunk(grey: np.ndarray, side: int) -> np.ndarray:
    """Return grey values (H, W) as a picture (side, side) from black to white."""
    import torch

    small = torch.nn.functional.adaptive_avg_pool2d(torch.from_numpy(grey).float()[None, None], side)[0, 0]
    return ((small - small.min()) / (small.max() - small.min()) * WHITE).round().numpy()
