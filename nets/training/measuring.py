"""How good a network is, on each part of its data."""

from typing import TYPE_CHECKING

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
