"""What a network learns when the input says nothing."""

from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from nets.datasets.base import DataInfo, DatasetConfig, Split, dataset, split_indices


@dataset
class ConstantTarget(DatasetConfig):
    """Normal random inputs; the target is always 1."""

    help = "Random inputs, target always 1: only the bias has something to learn"
    kind: Literal["table"] = "table"
    name: Literal["constant_target"] = "constant_target"
    num_examples: Annotated[int, Field(ge=2, le=20_000)] = 200
    """Rows in all, training and test together."""
    train_share: Annotated[float, Field(ge=0.1, le=0.9)] = 0.5
    """Share of the rows used for training; the rest test."""
    num_features: Annotated[int, Field(ge=1, le=1000)] = 10
    """Columns of random numbers."""

    def info(self) -> DataInfo:
        """Return one number to predict."""
        names = tuple(f"x{index + 1}" for index in range(self.num_features))
        return DataInfo("regression", (self.num_features,), 1, (), names)

    def load(self, seed: int) -> Split:
        """Return the rows."""
        x = self.generator(seed).normal(size=(self.num_examples, self.num_features)).astype(np.float32)
        y = np.ones((self.num_examples, 1), dtype=np.float32)
        train, test = split_indices(len(x), self.train_share, seed, self.sample)
        return Split(x[train], y[train], x[test], y[test])
