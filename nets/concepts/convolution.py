"""A kernel that goes over a picture, and a pool that goes over what comes out: maps, sizes, and single sums."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from nets.activations import ACTIVATIONS

Pooling = Literal["max", "average"]
_SMOOTH, _SLOPE = {3: (1, 2, 1), 5: (1, 4, 6, 4, 1)}, {3: (-1, 0, 1), 5: (-1, -2, 0, 2, 1)}
_SMALL = {
    "identity": ((0, 0, 0), (0, 1, 0), (0, 0, 0)),
    "sharpen": ((0, -1, 0), (-1, 5, -1), (0, -1, 0)),
    "emboss": ((-2, -1, 0), (-1, 1, 1), (0, 1, 2)),
    "outline": ((-1, -1, -1), (-1, 8, -1), (-1, -1, -1)),
}
KERNELS = ("edge x", "edge y", "identity", "sharpen", "blur", "emboss", "outline")
"""Names of well-known kernels; the edges are those of Sobel and Feldman (1968)."""
SIZES = (3, 5)
"""Rows and columns that a well-known kernel may have."""


def kernel(name: str, size: int) -> np.ndarray:
    """Return a well-known kernel (size, size) float32; a small one stands in the middle of zeros.

    Raises:
        ValueError: if there is none of that name or size.
    """
    if name not in KERNELS or size not in SIZES:
        raise ValueError(
            f"there is no kernel {name!r} of {size}×{size}; choose from {', '.join(KERNELS)} of 3×3 or 5×5"
        )
    if name == "blur":
        return np.full((size, size), 1 / size**2, dtype=np.float32)
    if name in _SMALL:
        return np.pad(np.array(_SMALL[name], dtype=np.float32), (size - 3) // 2)
    across = np.outer(_SMOOTH[size], _SLOPE[size]).astype(np.float32)
    return across if name == "edge x" else across.T.copy()


def output_size(size: int, window: int, stride: int = 1, padding: int = 0, dilation: int = 1) -> int:
    """Return ⌊(size + 2·padding − dilation·(window − 1) − 1) / stride⌋ + 1; 0 where the window does not fit.

    Dumoulin and Visin (2016), A guide to convolution arithmetic for deep learning, relationship 15.
    """
    free = size + 2 * padding - dilation * (window - 1) - 1
    return free // stride + 1 if free >= 0 else 0


@dataclass(frozen=True)
class Step:
    """One place of a window.

    Args:
        row: of the output.
        column: of the output.
        rows: of the input, padding included, that the window sees: (k,).
        columns: likewise.
        values: what it sees, (k, k).
    """

    row: int
    column: int
    rows: np.ndarray
    columns: np.ndarray
    values: np.ndarray


@dataclass(frozen=True)
class Convolution:
    """A kernel and how it goes over a picture. Networks do not turn the kernel round: it is a cross-correlation.

    Args:
        kernel: (k, k).
        stride: cells from one place to the next.
        padding: rings of zeros around the picture.
        dilation: cells from one weight to the next.
        activation: of the sums.
    """

    kernel: np.ndarray
    stride: int = 1
    padding: int = 0
    dilation: int = 1
    activation: str = "identity"

    def __post_init__(self) -> None:
        if self.kernel.ndim != 2 or self.kernel.shape[0] != self.kernel.shape[1]:
            raise ValueError(f"a kernel has as many rows as columns, not {self.kernel.shape}")
        if not np.isfinite(self.kernel).all():
            raise ValueError("a kernel holds numbers alone: a cell is empty or infinite")
        if min(self.stride, self.dilation) < 1 or self.padding < 0:
            raise ValueError("stride and dilation are at least 1, padding at least 0")

    def size(self, picture: np.ndarray) -> tuple[int, int]:
        """Return rows and columns of what comes out for a picture (H, W), by the formula; 0 where it does not fit."""
        k = len(self.kernel)
        rows, columns = (output_size(n, k, self.stride, self.padding, self.dilation) for n in picture.shape)
        return rows, columns

    def padded(self, picture: np.ndarray) -> np.ndarray:
        """Return a picture (H, W) with its rings of zeros."""
        return np.pad(picture, self.padding)

    def sums(self, picture: np.ndarray) -> np.ndarray:
        """Return the sums at all places of a picture (H, W), before the activation: ``size(picture)`` float32.

        Raises:
            ValueError: if the kernel does not fit.
        """
        import torch

        if 0 in self.size(picture):
            reach = self.dilation * (len(self.kernel) - 1) + 1
            raise ValueError(
                f"the kernel reaches over {reach} cells and the picture has {len(self.padded(picture))} with its "
                "padding: lower the dilation or raise the padding"
            )
        weights = torch.tensor(self.kernel, dtype=torch.float32)[None, None]
        image = torch.tensor(picture, dtype=torch.float32)[None, None]
        sums = torch.nn.functional.conv2d(image, weights, None, self.stride, self.padding, self.dilation)
        return sums[0, 0].numpy()

    def outputs(self, sums: np.ndarray) -> np.ndarray:
        """Return what the activation makes of sums, any shape."""
        import torch

        return ACTIVATIONS.get(self.activation).build()(torch.tensor(sums)).numpy()

    def step(self, picture: np.ndarray, place: int) -> Step:
        """Return the place-th place of the kernel, row by row; a place beyond the last is the last."""
        rows, columns = self.size(picture)
        return _step(self.padded(picture), len(self.kernel), self.stride, self.dilation, (rows, columns), place)


@dataclass(frozen=True)
class Pool:
    """A window that keeps one number of those it sees.

    Args:
        kind: which: the largest, or the mean.
        window: rows and columns that it sees.
        stride: cells from one place to the next.
    """

    kind: Pooling
    window: int
    stride: int

    def size(self, values: np.ndarray) -> tuple[int, int]:
        """Return rows and columns of what comes out for values (H, W), by the formula; 0 where it does not fit."""
        rows, columns = (output_size(n, self.window, self.stride) for n in values.shape)
        return rows, columns

    def outputs(self, values: np.ndarray) -> np.ndarray:
        """Return what is kept of values (H, W) at all places.

        Raises:
            ValueError: if the window does not fit.
        """
        import torch

        if 0 in self.size(values):
            height, width = values.shape
            raise ValueError(f"the pool sees {self.window}×{self.window} cells, and there are {height}×{width} only")
        pool = {"max": torch.nn.MaxPool2d, "average": torch.nn.AvgPool2d}[self.kind]
        return pool(self.window, self.stride)(torch.tensor(values)[None])[0].numpy()

    def step(self, values: np.ndarray, place: int) -> Step:
        """Return the place-th place of the window, row by row; a place beyond the last is the last."""
        return _step(values, self.window, self.stride, 1, self.size(values), place)


def _step(cells: np.ndarray, window: int, stride: int, dilation: int, size: tuple[int, int], place: int) -> Step:
    row, column = divmod(min(place, size[0] * size[1] - 1), size[1])
    rows, columns = (stride * start + dilation * np.arange(window) for start in (row, column))
    return Step(row, column, rows, columns, cells[np.ix_(rows, columns)])
