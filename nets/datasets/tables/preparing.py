"""From the cells of a table to inputs and targets: what is fitted is fitted on the training part alone.

scikit-learn's transformers do it. Exported scripts hold these functions as they are.
"""

from typing import TYPE_CHECKING, Any

import numpy as np

from nets.datasets.tables.columns import Columns
from nets.datasets.tables.wording import encoded, encoder_of, seen_words, usual_words

PIECE = 20_000
"""Rows that become inputs at once."""
FITTED = 50_000
"""Training rows, drawn by chance, that scaling and filling are fitted to at most."""
NEAREST = 5_000
"""Training rows among which the nearest ones are looked for at most: each gap is compared with all of them."""

if TYPE_CHECKING:
    import pandas as pd


def numbers_of(frame: "pd.DataFrame", columns: Columns) -> np.ndarray:
    """Return numbers and parts of dates (B, N), NaN where a cell is missing: float64, or float32 if all columns are."""
    parts = [(name, part) for name, kind, values in columns if kind == "date" for part in values if part]
    numbers = [(name, "") for name, kind, _ in columns if kind == "number"]
    order = {name: place for place, (name, _, _) in enumerate(columns)}
    wanted = sorted([*numbers, *parts], key=lambda one: order[one[0]])  # sorting keeps the order of a date's parts
    is_small = bool(numbers) and all(frame[name].dtype == np.float32 for name, _ in numbers)
    found = np.empty((len(frame), len(wanted)), dtype=np.float32 if is_small else np.float64)
    for place, (name, part) in enumerate(wanted):
        column = getattr(frame[name].dt, part) if part else frame[name]
        found[:, place] = column.to_numpy(dtype=found.dtype, na_value=np.nan)
    return found


def words_of(frame: "pd.DataFrame", names: tuple[str, ...]) -> np.ndarray:
    """Return columns of words as objects (B, M): strings, empty where a cell is missing."""
    if not names:
        return np.zeros((len(frame), 0), dtype=object)
    return np.column_stack([frame[name].astype(object).fillna("").to_numpy(dtype=object) for name in names])


def hashed(frame: "pd.DataFrame", names: tuple[str, ...], hash_size: int) -> np.ndarray:
    """Return free text as counts of hashed words, each column as float32 (B, hash_size) of length 1."""
    from sklearn.feature_extraction.text import HashingVectorizer

    found = [
        HashingVectorizer(n_features=hash_size).transform(frame[name].astype(object).fillna("").tolist()).toarray()
        for name in names
    ]
    return np.concatenate(found, axis=1).astype(np.float32) if found else np.zeros((len(frame), 0), np.float32)


def scaler_of(scaling: str, outliers: str) -> Any:
    """Return what brings numbers to one size, not fitted yet; all of them leave missing numbers as they are."""
    from sklearn.preprocessing import MinMaxScaler, RobustScaler, StandardScaler

    if outliers == "robust":
        return RobustScaler()
    if scaling == "minmax":
        return MinMaxScaler((-1, 1))
    if scaling == "standard":
        return StandardScaler()
    return StandardScaler(with_mean=False, with_std=False)


def filler_of(missing: str, seed: int) -> Any:
    """Return what fills missing numbers in once they are scaled, not fitted yet."""
    from sklearn.impute import KNNImputer, SimpleImputer

    if missing == "nearest":
        return KNNImputer(n_neighbors=5, keep_empty_features=True)
    if missing == "autoencoder":
        from nets.modules.filling import AutoencoderFiller

        return AutoencoderFiller(seed)
    if missing in ("median", "most_frequent"):
        return SimpleImputer(strategy=missing, keep_empty_features=True)
    return SimpleImputer(keep_empty_features=True)


def limits_of(numbers: np.ndarray, outliers: str) -> tuple[np.ndarray, np.ndarray]:
    """Return the least and the largest number of each column (N,) that counts as it is.

    Beyond them lies what is more than three spreads of the middle half outside it (Tukey's outer fences): it is
    brought to the fence, or its row goes. A column without any number is held at 0.
    """
    count = numbers.shape[1]
    low, high = np.full(count, -np.inf), np.full(count, np.inf)
    empty = np.isnan(numbers).all(axis=0)
    low[empty], high[empty] = 0.0, 0.0
    if outliers in ("clip", "drop") and not empty.all():
        first, last = np.nanquantile(numbers[:, ~empty], [0.25, 0.75], axis=0)
        spread = 3 * (last - first)
        is_wide = spread > 0  # where most cells are the same nothing can be told
        low[~empty] = np.where(is_wide, first - spread, -np.inf)
        high[~empty] = np.where(is_wide, last + spread, np.inf)
    return low, high


def within(numbers: np.ndarray, limits: tuple[np.ndarray, np.ndarray]) -> np.ndarray:
    """Return which rows (B,) have no number beyond the limits."""
    return np.asarray(~((numbers < limits[0]) | (numbers > limits[1])).any(axis=1))


def with_answers(frame: "pd.DataFrame", targets: tuple[str, ...]) -> "pd.DataFrame":
    """Return the rows in which every column to predict has a value."""
    known = frame[list(targets)].notna().all(axis=1)
    return frame if known.all() else frame[known]


def with_holes(numbers: np.ndarray, share: float, seed: int) -> np.ndarray:
    """Return numbers (B, N) with a share of the cells missing, drawn by chance."""
    return np.where(np.random.default_rng(seed).random(numbers.shape) < share, np.nan, numbers)


def answers_of(frame: "pd.DataFrame", targets: Columns, goal: str) -> np.ndarray:
    """Return what is to be predicted: values (B, K) float64, labels 0 or 1 (B, K) float32, or classes (B,) int64."""
    if goal == "regression":
        return frame[[name for name, _, _ in targets]].to_numpy(dtype=np.float64)
    if goal == "multilabel":
        found = [as_words(frame[name], kind) == values[1] for name, kind, values in targets]
        return np.column_stack(found).astype(np.float32)
    for name, kind, values in targets:
        places = {value: place for place, value in enumerate(values)}
        return np.array([places[word] for word in as_words(frame[name], kind)], dtype=np.int64)
    return np.zeros(len(frame), dtype=np.int64)


def as_words(column: Any, kind: str) -> np.ndarray:
    """Return a column's values (B,) as the words that its classes are known by."""
    words = [f"{value:g}" for value in column] if kind == "number" else list(column)
    return np.array(words, dtype=object)


def size_of(answers: np.ndarray, goal: str) -> tuple[np.ndarray, np.ndarray]:
    """Return mean and spread (K,) of values to predict in the training part; nothing for classes."""
    if goal != "regression":
        return np.zeros(0), np.ones(0)
    spreads = answers.std(axis=0)
    return answers.mean(axis=0), np.where(spreads > 0, spreads, 1.0)


def keys_of(frame: "pd.DataFrame", column: str) -> np.ndarray:
    """Return what a split goes by (B,): the places of a column's values in their order, missing ones first."""
    if not column:
        return np.zeros(len(frame), dtype=np.int64)
    values = frame[column]
    if values.dtype == object or not hasattr(values, "rank"):
        values = values.astype(str)
    return values.rank(method="dense", na_option="top").to_numpy().astype(np.int64)


def gaps_of(numbers: np.ndarray, columns: Columns) -> np.ndarray:
    """Return 1 where a number is missing, for each column that may lack some: (B, G) float32."""
    places = []
    place = 0
    for _, kind, values in columns:
        if kind == "number" and "" in values:
            places.append(place)
        place += 1 if kind == "number" else sum(part != "" for part in values) if kind == "date" else 0
    return np.isnan(numbers[:, np.array(places, dtype=np.int64)]).astype(np.float32)


def has_gap(numbers: np.ndarray, words: np.ndarray) -> np.ndarray:
    """Return which rows (B,) lack a number or a word."""
    return np.asarray(np.isnan(numbers).any(axis=1) | (words == "").any(axis=1))


def fitted_on(
    numbers: np.ndarray,
    words: np.ndarray,
    columns: Columns,
    *,
    missing: str,
    outliers: str,
    scaling: str,
    categories: str,
    seed: int,
) -> dict[str, Any]:
    """Return what brings rows into a network, fitted to those of the training part; see ``Prepare`` for the ways.

    Args:
        numbers: (F, N) of the first ``FITTED`` rows, NaN where one is missing; it is written into.
        words: (B, M) objects, empty where one is missing.
        columns: those that the network sees.
        missing: how gaps are filled.
        outliers: what becomes of numbers far out.
        scaling: how numbers are brought to one size.
        categories: one_hot or embedding.
        seed: governs what an autoencoder that fills gaps draws.
    """
    limits = limits_of(numbers, "clip" if outliers == "clip" else "keep")
    scaler, filler = scaler_of(scaling, outliers), filler_of(missing, seed)
    if numbers.shape[1]:
        np.clip(numbers, *limits, out=numbers)
        numbers[:, np.isnan(numbers).all(axis=0)] = 0.0
        filler.fit(scaler.fit_transform(numbers)[: NEAREST if missing == "nearest" else FITTED])
    usual = usual_words(words, missing)
    encoder = encoder_of(columns, categories)
    if words.shape[1]:
        encoder.fit(words[:1])
    return {
        "limits": limits,
        "scaler": scaler,
        "filler": filler,
        "usual": usual,
        "seen": seen_words(words, usual),
        "encoder": encoder,
    }


def assembled(
    numbers: np.ndarray, words: np.ndarray, texts: np.ndarray, gaps: np.ndarray, fitted: dict[str, Any]
) -> np.ndarray:
    """Return the inputs (B, D) float32 of rows by what was fitted on the training part.

    Args:
        numbers: (B, N), NaN where one is missing.
        words: (B, M) objects, empty where one is missing.
        texts: hashed text (B, T).
        gaps: 1 where a number is missing (B, G).
        fitted: what ``fitted_on`` returned.
    """
    parts = [gaps, texts]
    if words.shape[1]:
        parts.insert(1, encoded(words, fitted))
    if numbers.shape[1]:
        scaled = fitted["scaler"].transform(np.clip(numbers, *fitted["limits"]))
        parts.insert(0, fitted["filler"].transform(scaled))
    return np.concatenate(parts, axis=1, dtype=np.float32)


def inputs_of_rows(
    rows: np.ndarray,
    numbers: np.ndarray,
    words: np.ndarray,
    texts: np.ndarray,
    gaps: np.ndarray,
    fitted: dict[str, Any],
) -> np.ndarray:
    """Return the inputs of the rows (B,) of a table, piece by piece: half a million rows take memory many times over.

    The other arguments are those of ``assembled``, for all rows of the table.
    """
    found = np.empty((len(rows), assembled(numbers[:1], words[:1], texts[:1], gaps[:1], fitted).shape[1]), np.float32)
    for start in range(0, len(rows), PIECE):
        some = rows[start : start + PIECE]
        found[start : start + PIECE] = assembled(numbers[some], words[some], texts[some], gaps[some], fitted)
    return found
