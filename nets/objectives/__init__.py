"""Training rules. Importing this registers them all."""

import sys
from typing import TYPE_CHECKING

from nets.objectives.base import OBJECTIVES, Objective, ObjectiveConfig, Player
from nets.registry import import_submodules, union_of

import_submodules(sys.modules[__name__])
if TYPE_CHECKING:
    ObjectiveUnion = ObjectiveConfig
else:
    ObjectiveUnion = union_of(OBJECTIVES, "kind")

__all__ = ["OBJECTIVES", "Objective", "ObjectiveConfig", "ObjectiveUnion", "Player"]
