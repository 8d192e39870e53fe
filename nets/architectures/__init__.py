"""Architectures, one file a family. Importing this registers them all."""

import sys

from nets.architectures.base import ARCHITECTURES, ArchitectureConfig, CannotBuild, learning_by
from nets.registry import import_submodules, union_of

import_submodules(sys.modules[__name__])
ArchitectureUnion = union_of(ARCHITECTURES, "kind")

__all__ = ["ARCHITECTURES", "ArchitectureConfig", "ArchitectureUnion", "CannotBuild", "learning_by"]
