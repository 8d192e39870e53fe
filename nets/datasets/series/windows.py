"""From a series to examples: windows of it, and what follows each."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Record:
    """A whole series, as views need it.

    ``values`` (N, D) float32 as the network sees them: a value is ``values · spread + mean``, both (D,). The first
    ``border`` of them are for training. Steps with a gap are NaN. The first ``told`` of the D are told ahead,
    the others are seen alone.
    """

    values: np.ndarray
    border: int
    mean: np.ndarray
    spread: np.ndarray
    told: int


def windows(
    values: np.ndarray, starts: np.ndarray, window: int, horizon: int, told: int
) -> tuple[np.ndarray, np.ndarray]:
    """Return windows (B, window, D) of values (N, D), and what follows each, (B, horizon · told) step by step.

    Of what follows only the first ``told`` columns are asked for. Windows with a gap (NaN) in them, or in what is
    asked for, are left out.
    """
    places = starts[:, None]
    x = values[places + np.arange(window)]
    y = values[places + window + np.arange(horizon), :told]
    whole = np.isfinite(x).all(axis=(1, 2)) & np.isfinite(y).all(axis=(1, 2))
    return x[whole], y[whole].reshape(int(whole.sum()), -1)  # (B, horizon, told) → (B, horizon · told)


def scale(values: np.ndarray, scaling: str) -> tuple[np.ndarray, np.ndarray]:
    """Return what is taken off each column of values (N, D), and what they are then divided by, both (D,).

    Args:
        values: of the training part alone.
        scaling: standard for mean 0 and spread 1, minmax for 0 … 1, none.
    """
    zero = np.zeros(values.shape[1])
    if scaling == "standard":
        mean, spread = np.nanmean(values, axis=0), np.nanstd(values, axis=0)
    elif scaling == "minmax":
        mean, spread = np.nanmin(values, axis=0), np.nanmax(values, axis=0) - np.nanmin(values, axis=0)
    else:
        mean, spread = zero, zero + 1
    return mean, np.where(spread > 0, spread, 1.0)


def season_of(values: np.ndarray) -> int:
    """Return after how many steps a series (N,) looks most like itself again; 0 where it never does.

    The first peak of the autocorrelation behind its first fall below zero, if it is above 0.2.
    """
    centred = values - values.mean()
    count = len(centred)
    total = float(centred @ centred)
    if count < 8 or total < 1e-12:
        return 0
    size = 1 << (2 * count - 1).bit_length()
    powers = np.abs(np.fft.rfft(centred, size)) ** 2
    likeness = np.fft.irfft(powers, size)[: count // 2] / total
    below = np.flatnonzero(likeness < 0)
    if not len(below):
        return 0
    lag = int(below[0] + np.argmax(likeness[below[0] :]))
    return lag if likeness[lag] > 0.2 else 0
