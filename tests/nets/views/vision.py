"""Trainings on pictures, of every architecture that takes some, for views to look at."""

from typing import Any

import numpy as np
import torch

from nets.architectures import ARCHITECTURES, CannotBuild, learning_by
from nets.experiment import Experiment
from nets.training import Training
from tests.nets.experiments import SMALL_PICTURES, small

GREY = {"kind": "images", "name": "digits", "size": 16, "train_share": 0.9, "fraction": 0.1}
COLOUR = {"kind": "images", "name": "shapes", "num_pictures": 200, "train_share": 0.5}
VISION = (
    "arithmetic",
    "attribution",
    "confusion",
    "embedding",
    "feature_maps",
    "filters",
    "predictions",
    "top_classes",
)
"""Views of networks that read pictures."""
SIZES: dict[str, Any] = {"mlp": {"hidden_sizes": [20]}, "cnn": SMALL_PICTURES["model"]}


def on_pictures(kind: str, data: dict[str, Any], **train: Any) -> Experiment:
    """A network of an architecture on these pictures, at its smallest where it has a size here."""
    model = {"kind": kind} | SIZES.get(kind, {})
    settings = {"batch_size": 90, "max_epochs": 1, "optimizer": {"kind": "adam"}} | train
    return small(base={"version": 1, "data": data, "model": model, "train": settings})


def takes_pictures(kind: str) -> bool:
    try:
        ARCHITECTURES.get(kind)().check(small(base=SMALL_PICTURES).data.info())
    except CannotBuild:
        return False
    return True


KINDS = tuple(kind for kind in learning_by("supervised") if takes_pictures(kind))


def state(training: Training) -> list[Any]:
    """Everything that looking must leave alone, as values that can be compared bit for bit."""
    modules = list(training.model.modules())
    random = np.random.get_state(legacy=False)
    return [
        *(value.numpy().tobytes() for value in training.weights().values()),
        *(None if p.grad is None else p.grad.numpy().tobytes() for p in training.model.parameters()),
        *(p.requires_grad for p in training.model.parameters()),
        *(module.training for module in modules),
        *(len(module._forward_hooks) + len(module._forward_pre_hooks) for module in modules),
        *(len(module._backward_hooks) + len(module._backward_pre_hooks) for module in modules),
        training.parts.test.x.numpy().tobytes(),
        torch.get_rng_state().numpy().tobytes(),
        torch.is_grad_enabled(),
        torch.get_num_threads(),
        str(random["state"]["key"].tolist()) + str(random["state"]["pos"]),
    ]


def spoil(training: Training, value: float) -> None:
    """Set every parameter to ``value``."""
    with torch.no_grad():
        for parameter in training.model.parameters():
            parameter.fill_(value)
