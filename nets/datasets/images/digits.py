"""Handwritten digits that ship inside scikit-learn."""

from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from nets.datasets.base import DataInfo, DatasetConfig, Split, dataset, split_indices


@dataset
class Digits(DatasetConfig):
    """1,797 digits of 43 people, 8×8 (Alpaydin and Kaynak 1998, UCI), resized bilinearly and scaled to -1 … 1."""

    help = "Real handwritten digits, 1,797 of them, inside scikit-learn"
    kind: Literal["images"] = "images"
    name: Literal["digits"] = "digits"
    size: Literal[8, 16, 28, 32] = 28
    """Height and width in pixels."""
    train_share: Annotated[float, Field(ge=0.1, le=0.9)] = 0.8
    """Share of the pictures used for training; the rest test."""

    def info(self) -> DataInfo:
        """Return ten classes of grey pictures."""
        return DataInfo("multiclass", (1, self.size, self.size), 10, tuple("0123456789"))

    def load(self, seed: int) -> Split:
        """Return the pictures; ``sample`` changes nothing but the split."""
        from sklearn.datasets import load_digits

        bunch = load_digits()
        pictures = np.round(bunch.images * (255 / 16)).astype(np.uint8)
        if self.size != 8:
            pictures = _resize(pictures, self.size)
        x = (pictures[:, None].astype(np.float32) / 255 - 0.5) / 0.5
        y = bunch.target.astype(np.int64)
        train, test = split_indices(len(x), self.train_share, seed, self.sample)
        return Split(x[train], y[train], x[test], y[test], pictures[test])


def _resize(pictures: np.ndarray, size: int) -> np.ndarray:
    """Return (B, H, W) uint8 pictures as (B, size, size)."""
    import torch
    from torch.nn import functional

    tensor = torch.from_numpy(pictures)[:, None].float()
    resized = functional.interpolate(tensor, (size, size), mode="bilinear", antialias=True)
    return resized[:, 0].round().clamp(0, 255).byte().numpy()
