"""Words of a table as inputs: gaps, words that no training row had, columns of 0 and 1, codes.

Exported scripts hold these functions as they are.
"""

from typing import Any

import numpy as np

from nets.datasets.tables.columns import Columns, category_columns

UNSEEN = "\0"
"""What stands for a word that no training row had."""


def encoder_of(columns: Columns, categories: str) -> Any:
    """Return what turns words into inputs, not fitted yet; the values of each column are those that it is known by."""
    from sklearn.preprocessing import OneHotEncoder, OrdinalEncoder

    values = [np.array(known, dtype=object) for _, known in category_columns(columns)]
    if categories == "one_hot":
        return OneHotEncoder(categories=values, handle_unknown="ignore", sparse_output=False, dtype=np.float32)
    return OrdinalEncoder(categories=values, handle_unknown="use_encoded_value", unknown_value=-1, dtype=np.float32)


def seen_words(words: np.ndarray, usual: list[str]) -> list[set[str]]:
    """Return the words of each column that the rows (B, M) of the training part have, once gaps are filled."""
    import pandas as pd

    columns = [pd.unique(column) for column in words.T]
    return [set(np.where(column == "", fill, column)) for column, fill in zip(columns, usual, strict=True)]


def usual_words(words: np.ndarray, missing: str) -> list[str]:
    """Return what stands for a missing word in each column: the most frequent one, or nothing (its own category)."""
    if missing != "most_frequent":
        return [""] * words.shape[1]
    found = []
    for column in words.T:
        known, counts = np.unique(column[column != ""].astype(str), return_counts=True)
        found.append(str(known[counts.argmax()]) if len(known) else "")
    return found


def known_words(words: np.ndarray, fill: str, seen: set[str]) -> np.ndarray:
    """Return words (B,) of a column with gaps filled in; one that no training row had is taken for unseen."""
    return np.array([word if word in seen else UNSEEN for word in np.where(words == "", fill, words)], dtype=object)


def encoded(words: np.ndarray, fitted: dict[str, Any]) -> np.ndarray:
    """Return words (B, M) as 0/1 columns, or as codes with 0 for unseen ones: (B, E) float32.

    Only words that differ are looked at: half a million cells may be eight words.
    """
    import pandas as pd

    encoder, codes, columns = fitted["encoder"], [], []
    for column, fill, seen in zip(words.T, fitted["usual"], fitted["seen"], strict=True):
        places, different = pd.factorize(column)
        codes.append(places)
        columns.append(known_words(different, fill, seen))
    rows = max(map(len, columns))
    found = encoder.transform(np.column_stack([np.resize(column, rows) for column in columns]))
    if hasattr(encoder, "unknown_value"):
        return np.column_stack([found[places, place] + 1 for place, places in enumerate(codes)])
    ends = np.cumsum([len(known) for known in encoder.categories_])
    parts = np.split(found, ends[:-1], axis=1)
    return np.concatenate([part[places] for part, places in zip(parts, codes, strict=True)], axis=1)
