"""Training rules. Importing this registers them all."""

import sys

from nets.objectives.base import OBJECTIVES, Objective
from nets.registry import import_submodules

import_submodules(sys.modules[__name__])

__all__ = ["OBJECTIVES", "Objective"]
