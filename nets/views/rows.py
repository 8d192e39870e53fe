"""Rows of a table going through a network: their inputs, and its answers in the units of the table."""

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from nets.datasets.tables.prepared import Preparation
    from nets.training import Training

CHUNK = 4096


def preparation_of(training: "Training") -> "Preparation":
    """Return what was fitted on the training part of a table.

    Raises:
        ValueError: if the data are no table.
    """
    found: Preparation | None = training.split.preparation
    if found is None:
        raise ValueError("these data are no table with columns; there is nothing here that could be looked at")
    return found


def answers_of(training: "Training", x: np.ndarray) -> np.ndarray:
    """Return the network's answers to inputs (B, D): shares (B, K) of classes or labels, or values in their own unit.

    Raises:
        ValueError: if the network has not learnt to answer.
    """
    import torch

    info = training.experiment.data.info()
    if training.experiment.train.objective.kind != "supervised":
        raise ValueError("this network predicts no column; there are no answers to look at")
    with torch.inference_mode():
        parts = torch.from_numpy(np.ascontiguousarray(x)).split(CHUNK)
        outputs = [training.predict(part.to(training.device)) for part in parts]
        if info.task != "regression":
            outputs = [training.objective.shares(part).nan_to_num(0) for part in outputs]
        found = torch.cat(outputs).cpu().float().nan_to_num(0).numpy()
    if info.task == "regression" and training.split.preparation is not None:
        preparation = training.split.preparation
        found = (found * preparation.spreads + preparation.means).astype(np.float32)
    return found


def actual_of(training: "Training", count: int) -> np.ndarray:
    """Return the answers of the first test rows: classes (B,), labels (B, K), or values (B, K) in their own unit."""
    labels = training.parts.test.labels[:count].cpu().numpy()
    preparation = training.split.preparation
    if training.experiment.data.info().task == "regression" and preparation is not None:
        return (labels * preparation.spreads + preparation.means).astype(np.float32)
    return labels


def places_by_column(training: "Training") -> dict[str, list[int]]:
    """Return the places of the inputs that each column has become; of data without columns each input alone."""
    if training.split.preparation is None:
        names = training.experiment.data.info().input_names
        return {name: [place] for place, name in enumerate(names)}
    found: dict[str, list[int]] = {}
    for place, (_, column, _) in enumerate(preparation_of(training).config.inputs()):
        found.setdefault(column, []).append(place)
    return found
