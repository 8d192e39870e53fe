"""Where an experiment holds one config out of a registry, and the field that says which."""

from typing import Any

from nets.architectures import ARCHITECTURES
from nets.datasets import DATASETS
from nets.objectives import OBJECTIVES
from nets.optimizers import OPTIMIZERS
from nets.registry import Registry
from nets.schedules import SCHEDULES

FAMILIES: dict[str, tuple[Registry[type[Any]], str]] = {
    "data": (DATASETS, "name"),
    "model": (ARCHITECTURES, "kind"),
    "train.objective": (OBJECTIVES, "kind"),
    "train.optimizer": (OPTIMIZERS, "kind"),
    "train.schedule": (SCHEDULES, "kind"),
    "train.objective.optimizer": (OPTIMIZERS, "kind"),
}
