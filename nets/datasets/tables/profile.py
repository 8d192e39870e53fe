"""What a table looks like before anything is learnt: its columns, what goes together, what gives the answer away."""

import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from nets.datasets.tables.columns import Columns

if TYPE_CHECKING:
    import pandas as pd

    from nets.datasets.tables.base import TableConfig

BINS = 16
MOST_BARS = 12
SAMPLE = 20_000
LOOKED_AT = 2000
TELLS = 0.99
"""Share of right answers, or R², from which on one column alone is too good to be true."""


@dataclass(frozen=True)
class ColumnProfile:
    """One column: its kind, the share of missing cells, how many values differ, and a sentence on them.

    ``places`` (K,) and ``counts`` (K,) float32 are the bars of its distribution over a sample, ``words`` the values
    below them where they are no numbers.
    """

    name: str
    kind: str
    missing: float
    distinct: int
    summary: str
    places: np.ndarray
    counts: np.ndarray
    words: tuple[str, ...]


@dataclass(frozen=True)
class Profile:
    """A table: its ``rows``, a profile of each column, and ``warnings``, a sentence each.

    All but the rows and the shares of missing cells is taken from ``sampled`` rows, drawn by chance. ``correlations``
    (N, N) float32 are those of the ``numbers``, columns of numbers, NaN as 0.
    """

    rows: int
    columns: tuple[ColumnProfile, ...]
    numbers: tuple[str, ...]
    correlations: np.ndarray
    warnings: tuple[str, ...]
    sampled: int


def profile_of(config: "TableConfig") -> Profile:
    """Return the profile of a table; beyond 20,000 rows distributions and correlations are those of a sample."""
    drawn = config.sampled(SAMPLE)
    sample = drawn.frame
    columns = tuple(_column(drawn.missing[name], sample[name], name, kind) for name, kind, _ in config.columns)
    numbers = tuple(name for name, kind, _ in config.columns if kind == "number")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        correlations = sample[list(numbers)].corr().to_numpy() if len(numbers) > 1 else np.ones((len(numbers),) * 2)
    found = [*_gaps(columns), *_balance(columns, config), *_leaks(sample, config)]
    correlations = np.nan_to_num(correlations).astype(np.float32)
    return Profile(drawn.rows, columns, numbers, correlations, tuple(found), len(sample))


def _column(missing: float, sample: "pd.Series", name: str, kind: str) -> ColumnProfile:
    known, words = sample.dropna(), tuple[str, ...]()
    if kind in ("number", "date"):
        values = known.to_numpy(dtype=np.float64) if kind == "number" else known.astype("int64").to_numpy() / 86_400
        counts, edges = np.histogram(values, bins=BINS)
        if kind == "number":
            summary = f"{values.min():.4g} … {values.max():.4g}, mean {values.mean():.4g}" if len(values) else "empty"
        else:
            summary = f"{known.min():%Y-%m-%d} … {known.max():%Y-%m-%d}"
        places = (edges[:-1] + edges[1:]) / 2
    else:
        found = known.astype(str).value_counts()
        words = tuple(str(word)[:24] for word in found.index[:MOST_BARS])
        counts, places = found.to_numpy()[:MOST_BARS], np.arange(len(words))
        summary = f"{len(found):,} values, {words[0] if words else '–'} most often"
    distinct = int(known.nunique())
    bars = (places.astype(np.float32), counts.astype(np.float32))
    return ColumnProfile(name, kind, missing, distinct, summary, *bars, words)


def _gaps(columns: tuple[ColumnProfile, ...]) -> list[str]:
    return [
        f"{column.name} is missing in {column.missing:.0%} of the rows." for column in columns if column.missing > 0.5
    ][:3]


def _balance(columns: tuple[ColumnProfile, ...], config: "TableConfig") -> list[str]:
    if config.goal not in ("binary", "multiclass"):
        return []
    target = next(column for column in columns if column.name == config.targets[0])
    if target.kind != "category" or len(target.counts) < 2 or target.counts[0] < 0.9 * target.counts.sum():
        return []
    share = target.counts[0] / target.counts.sum()
    return [f"{share:.0%} of the rows are {target.words[0]}: accuracy says little here, look at F1."]


def _leaks(sample: "pd.DataFrame", config: "TableConfig") -> list[str]:
    """Return a sentence for each column that gives the answer away all by itself."""
    if config.goal not in ("binary", "multiclass", "regression") or len(config.targets) != 1:
        return []
    target = config.targets[0]
    rows = sample.dropna(subset=[target]).iloc[:LOOKED_AT]
    if len(rows) < 40:
        return []
    is_values = config.goal == "regression"
    answer = rows[target].to_numpy(dtype=np.float64) if is_values else rows[target].astype(str).to_numpy()
    found = []
    for name, kind, _ in _candidates(config.features):
        column = rows[name]
        values = (
            column.to_numpy(dtype=np.float64) if kind == "number" else column.astype("category").cat.codes.to_numpy()
        )
        if _tells(np.nan_to_num(values)[:, None], answer, is_values=is_values):
            found.append(f"{name} alone tells {target} almost every time: is it {target} in disguise? Ignore it then.")
    return found


def _candidates(columns: Columns) -> Columns:
    return tuple(column for column in columns if column[1] in ("number", "category"))


def _tells(values: np.ndarray, answer: np.ndarray, *, is_values: bool) -> bool:
    """Does a small tree that is grown on half of the rows know the others by this column alone?"""
    from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

    half = len(answer) // 2
    if is_values:
        tree = DecisionTreeRegressor(max_leaf_nodes=200, random_state=0).fit(values[:half], answer[:half])
        return bool(tree.score(values[half:], answer[half:]) > TELLS)
    most = np.unique(answer, return_counts=True)[1].max() / len(answer)
    classes = len(np.unique(answer))
    tree = DecisionTreeClassifier(max_leaf_nodes=2 * classes + 2, random_state=0).fit(values[:half], answer[:half])
    return bool(tree.score(values[half:], answer[half:]) > TELLS > most)
