"""A network run forward in time: what it says of windows, and of windows that it has itself told ahead."""

from typing import TYPE_CHECKING

import numpy as np

from nets.datasets.series.windows import Record

if TYPE_CHECKING:
    from torch import Tensor

    from nets.training import Training

FARTHEST = 1e4
"""Scaled values beyond this are drawn as this: a network that runs free may leave the series altogether."""
AT_ONCE = 256


def record_of(training: "Training") -> Record:
    """Return the whole series that the training has its windows of.

    Raises:
        ValueError: if it learns from no series.
    """
    record = training.split.preparation
    if not isinstance(record, Record):
        raise ValueError("these data are no series of values")
    return record


def ahead(training: "Training", windows: np.ndarray, steps: int, drivers: np.ndarray | None = None) -> np.ndarray:
    """Return what the network tells ahead, feeding on what it has told before: (B, steps, told), scaled.

    Args:
        training: whose network.
        windows: (B, window, D) scaled values to begin with.
        steps: how many to tell.
        drivers: (B, steps, D - told) what is seen alone of the steps that follow, as it was; None where all is told,
            or for a single step ahead.
    """
    import torch

    columns = record_of(training).told
    seen = torch.from_numpy(np.ascontiguousarray(windows)).to(training.device)
    known = None if drivers is None else torch.from_numpy(np.ascontiguousarray(drivers)).to(training.device)
    told: list[Tensor] = []
    count = 0
    with torch.inference_mode():
        while count < steps:
            outputs = torch.cat([training.model(part) for part in seen.split(AT_ONCE)])
            following = outputs.unflatten(1, (-1, columns)).nan_to_num(0).clamp(-FARTHEST, FARTHEST)
            told.append(following)  # (B, horizon · told) → (B, horizon, told)
            begun, count = count, count + following.shape[1]
            if count >= steps:
                break
            if known is not None:
                following = torch.cat([following, known[:, begun:count]], dim=2)
            seen = torch.cat([seen, following], dim=1)[:, -windows.shape[1] :]
    return torch.cat(told, dim=1)[:, :steps].cpu().numpy()


def drivers_from(record: Record, places: np.ndarray, steps: int) -> np.ndarray:
    """Return what is seen alone of ``steps`` steps from each of the places on, as it was: (B, steps, D - told)."""
    return record.values[places[:, None] + np.arange(steps), record.told :]


def windows_before(record: Record, places: np.ndarray, window: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the places of those given whose window before has no gap, and these windows (B, window, D)."""
    found = record.values[places[:, None] - window + np.arange(window)]
    whole = np.isfinite(found).all(axis=(1, 2))
    return places[whole], found[whole]
