"""Handwritten digits that ship inside scikit-learn."""

from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from nets.datasets.base import dataset, split_indices
from nets.datasets.images.base import PicturesConfig

FILE = "datasets/data/digits.csv.gz"


@dataset
class Digits(PicturesConfig):
    """1,797 digits of 43 people, 8×8 (Alpaydin and Kaynak 1998, UCI), resized bilinearly."""

    help = "Real handwritten digits, 1,797 of them, inside scikit-learn"
    name: Literal["digits"] = "digits"
    size: Literal[8, 16, 28, 32] = 28
    """Height and width in pixels."""
    train_share: Annotated[float, Field(ge=0.1, le=0.9)] = 0.8
    """Share of the pictures used for training; the rest test."""

    def names(self) -> tuple[str, ...]:
        """Return the ten digits."""
        return tuple("0123456789")

    def shape(self) -> tuple[int, int, int]:
        """Return the shape of a grey picture."""
        return 1, self.size, self.size

    def pictures(self, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """Return the pictures; ``sample`` changes nothing but the split."""
        values, digits = handwritten()
        pictures = np.round(values * (255 / 16)).astype(np.uint8)
        if self.size != 8:
            pictures = _resize(pictures, self.size)
        x, y = pictures[:, None], digits
        train, test = split_indices(len(x), self.train_share, seed, self.sample)
        return x[train], y[train], x[test], y[test]


def handwritten() -> tuple[np.ndarray, np.ndarray]:
    """Return all pictures (1797, 8, 8), values 0 … 16, and their digits (1797,) int64; scikit-learn is not imported."""
    package = Path(find_spec("sklearn").origin).parent  # type: ignore[union-attr,arg-type]
    rows = np.loadtxt(package / FILE, delimiter=",")
    return rows[:, :-1].reshape(-1, 8, 8), rows[:, -1].astype(np.int64)  # (B, 64) → (B, 8, 8)


def _resize(pictures: np.ndarray, size: int) -> np.ndarray:
    """Return (B, H, W) uint8 pictures as (B, size, size)."""
    import torch
    from torch.nn import functional

    tensor = torch.from_numpy(pictures)[:, None].float()
    resized = functional.interpolate(tensor, (size, size), mode="bilinear", antialias=True)
    return resized[:, 0].round().clamp(0, 255).byte().numpy()
