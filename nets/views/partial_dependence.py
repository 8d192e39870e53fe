"""What the network answers on average when one column has one value in every row. Friedman (2001)."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Literal

import numpy as np
from pydantic import Field

from nets.views.base import View, view
from nets.views.rows import answers_of, preparation_of

if TYPE_CHECKING:
    import pandas as pd

    from nets.training import Training

PLACES = 24
MOST_WORDS = 20


@dataclass(frozen=True)
class PartialDependence:
    """Over values of ``column``: the mean answer ``mean`` (P, K) float32 and, for the first rows, ``each`` (R, P, K).

    ``values`` (P,) float32 are numbers, ``words`` the categories in their place where the column has such.
    ``observed`` (N,) float32 are numbers of the column in training rows. ``names`` are the classes, labels or columns
    that are predicted.
    """

    column: str
    values: np.ndarray
    words: tuple[str, ...]
    mean: np.ndarray
    each: np.ndarray
    observed: np.ndarray
    names: tuple[str, ...]


@view
class PartialDependenceView(View):
    """How answers change with one column, all else as it is."""

    kind: Literal["partial_dependence"] = "partial_dependence"
    column: Annotated[str, Field(max_length=200)] = ""
    """Which; empty takes the first of numbers or categories."""
    count: Annotated[int, Field(ge=1, le=2000)] = 100
    """Test rows that the mean is taken over."""
    rows: Annotated[int, Field(ge=0, le=50)] = 12
    """Of them, how many have a line of their own."""

    @property
    def every_seconds(self) -> float:
        """Thousands of rows are prepared anew."""
        return 0.5

    def look(self, training: "Training") -> PartialDependence:
        """Return the means.

        Raises:
            ValueError: if the data are no table, or have no such column.
        """
        import pandas as pd

        preparation = preparation_of(training)
        config = preparation.config
        kinds = {name: kind for name, kind, _ in config.features if kind in ("number", "category")}
        column = self.column or next(iter(kinds), "")
        if column not in kinds:
            raise ValueError(f"there is no column {column!r} of numbers or categories among the inputs")
        rows = preparation.test.iloc[: self.count]
        values, words = places_of(preparation.train, column, kinds[column])
        places = list(words) or values.tolist()
        frame = pd.concat([rows] * len(places), ignore_index=True)
        frame[column] = [place for place in places for _ in range(len(rows))]
        answers = answers_of(training, preparation.inputs(frame)).reshape(len(places), len(rows), -1)
        info = training.experiment.data.info()
        observed = preparation.train[column].iloc[:400].to_numpy() if kinds[column] == "number" else np.zeros(0)
        return PartialDependence(
            column,
            values.astype(np.float32),
            words,
            answers.mean(axis=1),
            answers[:, : self.rows].transpose(1, 0, 2),
            observed.astype(np.float32),
            info.class_names or config.targets,
        )


def places_of(train: "pd.DataFrame", column: str, kind: str) -> tuple[np.ndarray, tuple[str, ...]]:
    """Return the numbers, from the 1st to the 99th percentile, or the most frequent words of a column of rows."""
    known = train[column].dropna()
    if kind == "category":
        words = tuple(str(word) for word in known.value_counts().index[:MOST_WORDS])
        return np.arange(len(words), dtype=np.float64), words
    few = np.unique(known)
    if len(few) <= PLACES:
        return few, ()
    low, high = np.quantile(known, [0.01, 0.99]).tolist()
    return np.linspace(low, high, PLACES), ()
