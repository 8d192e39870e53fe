"""When training has run away: noticing it, and saying where and what to lower."""

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch import nn

    from nets.training.training import Training

LARGEST_WEIGHT = 1e4
"""Trained weights stay far below this; beyond it a network is saturated and its gradients say nothing."""


class Diverged(Exception):
    """The loss or the weights have left every sensible range."""


def too_large(parameters: "list[nn.Parameter]", metrics: Mapping[str, float]) -> str | None:
    """Return what has left the sensible range after an epoch; None if nothing has."""
    import torch

    if not math.isfinite(metrics["train_loss"]):
        return f"the training loss became {metrics['train_loss']}"
    with torch.no_grad():
        # torch's maximum, other than Python's, is NaN as soon as one of them is.
        largest = float(torch.stack(torch._foreach_norm([*parameters], math.inf)).max())
    if not largest <= LARGEST_WEIGHT:
        return f"a weight grew to {largest:.3g}"
    return None


def explain_divergence(training: "Training", what_happened: str) -> str:
    """Return a sentence on the divergence; the last good weights must be back in place.

    Names the layer with the largest gradient on those weights, and what to lower.
    """
    part = training.parts.train.first(256)
    with training.randomness.used(if_needed=training.objective.draws):
        training.objective.gradients(training, training.inputs(part.x), part.targets)
    norms: dict[str, float] = {}
    for name, parameter in training.model.named_parameters():
        if parameter.grad is not None:
            layer = name.rpartition(".")[0]
            norms[layer] = math.hypot(norms.get(layer, 0.0), float(parameter.grad.norm()))
    training.model.zero_grad()
    layer = max(norms, key=lambda name: norms[name] if math.isfinite(norms[name]) else math.inf)
    rate = training.experiment.train.optimizer.learning_rate
    remedy = f"Lower the learning rate ({rate:g} now, try {min(rate / 10, 0.1):.2g})"
    if training.experiment.train.clip_norm is None:
        remedy += " or clip the gradients"
    return (
        f"Diverged: {what_happened}. On the last good weights, which are back, the gradient is largest in "
        f"{layer} ({norms[layer]:.3g}). {remedy}."
    )
