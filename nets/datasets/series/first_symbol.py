"""Remember the first symbol: what tells cells apart that forget from those that keep."""

from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from nets.datasets.base import DataInfo, DatasetConfig, Split, dataset, split_indices


@dataset
class FirstSymbol(DatasetConfig):
    """Random symbols, each a column of 0 or 1; the class is the first one. After Hochreiter and Schmidhuber (1997)."""

    help = "Random symbols: which was the first? The longer, the harder"
    kind: Literal["series"] = "series"
    name: Literal["first_symbol"] = "first_symbol"
    num_examples: Annotated[int, Field(ge=2, le=20_000)] = 600
    """Rows of symbols in all, training and test together."""
    length: Annotated[int, Field(ge=2, le=500)] = 20
    """Symbols of a row: what is asked for lies so many steps back."""
    num_symbols: Annotated[int, Field(ge=2, le=10)] = 4
    """Different symbols."""
    train_share: Annotated[float, Field(ge=0.1, le=0.9)] = 0.7
    """Share of the rows used for training; the rest test."""

    def info(self) -> DataInfo:
        """Return rows of symbols, and the class of the first."""
        names = tuple("abcdefghij"[: self.num_symbols])
        task: Literal["binary", "multiclass"] = "binary" if len(names) == 2 else "multiclass"
        return DataInfo(task, (self.length, self.num_symbols), self.num_symbols, names, names)

    def load(self, seed: int) -> Split:
        """Return the rows, each symbol a column."""
        symbols = self.generator(seed).integers(self.num_symbols, size=(self.num_examples, self.length))
        x = np.eye(self.num_symbols, dtype=np.float32)[symbols]  # (B, T) → (B, T, num_symbols)
        y = symbols[:, 0]
        train, test = split_indices(len(x), self.train_share, seed, self.sample)
        return Split(x[train], y[train], x[test], y[test])
