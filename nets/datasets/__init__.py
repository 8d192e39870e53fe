"""Datasets: generated, shipped inside a dependency, or drawn by hand. Importing this registers them all."""

import sys

from nets.datasets.base import DATASETS, DataInfo, DatasetConfig, EmptyPart, Normalization, Split, Task
from nets.registry import import_submodules, union_of

import_submodules(sys.modules[__name__])
DatasetUnion = union_of(DATASETS, "name")

__all__ = ["DATASETS", "DataInfo", "DatasetConfig", "DatasetUnion", "EmptyPart", "Normalization", "Split", "Task"]
