"""How good a network is, on each part of its data."""

import math
from typing import TYPE_CHECKING

from nets.schedules import Plateau
from nets.training.parts import TRAIN_METRICS_ON

if TYPE_CHECKING:
    from nets.training.training import Training


def measure(training: "Training") -> dict[str, float]:
    """Return the metrics of the network as it is, in evaluation mode."""
    import torch

    parts = training.parts
    measured = {"train": parts.train.first(TRAIN_METRICS_ON), "valid": parts.valid, "test": parts.test}
    metrics: dict[str, float] = {}
    with torch.inference_mode():
        for name, part in measured.items():
            if part is not None:
                found = training.objective.measured(training, part)
                metrics |= {f"{name}_{metric}": value for metric, value in found.items()}
    return metrics


ALL_MEASURED = 1000
"""Epochs up to which each is measured; with machine code it takes longer to measure one than to train it."""


def is_measured(training: "Training") -> bool:
    """Is the network measured after this epoch? Always, but for epochs that machine code rushes through.

    Of those up to twice ``ALL_MEASURED`` every second one is, of those up to twice as many every fourth, and so on. The
    last one is, and each where something waits for a loss: early stopping, a target, a plateau.
    """
    settings = training.experiment.train
    waits = settings.early_stopping or settings.target or isinstance(settings.schedule, Plateau)
    if training.tiers.name == "eager" or waits or training.epoch >= training.max_epochs:
        return True
    return training.epoch % 2 ** max(0, math.ceil(math.log2(training.epoch / ALL_MEASURED))) == 0
