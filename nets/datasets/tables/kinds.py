"""Raw cells as numbers, categories, dates or text: what a column holds, and what is said about it."""

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from nets.datasets.images.entries import BadUpload
from nets.datasets.tables.columns import DATE_PARTS, Column, Columns
from nets.datasets.tables.pieces import MANY, compact

if TYPE_CHECKING:
    import pandas as pd

MOST = 0.9
"""Share of the cells that must be of a kind for the column to be."""
MOST_CATEGORIES = 50
MOST_LETTERS = 60
FEW_NUMBERS = 20
"""Whole numbers of at most so many values are listed: they may be classes."""
DATE = re.compile(r"\d{4}[-/.]\d{1,2}([-/.]\d{1,2})?([T ]\d{1,2}:\d{2}.*)?|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}( .*)?")
SIGNS = re.compile(r"[\s'_%€$£]")
NO_CELLS = (list, dict, tuple, set, np.ndarray, bytes)
INDEX_NAMES = ("index", "id", "row", "nr", "no", "#", "rownames", "rowid")


@dataclass(frozen=True)
class Cells:
    """A column as its different words, how often each comes, and which stands in each row (-1: none)."""

    words: "pd.Series"
    counts: np.ndarray
    codes: np.ndarray
    index: "pd.Index"

    def share(self, found: "pd.Series") -> float:
        """Return the share of the cells for whose word something was found."""
        return float(self.counts[found.notna().to_numpy()].sum() / self.counts.sum())

    def back(self, found: "pd.Series") -> "pd.Series":
        """Return what was found for each word in the rows where it stands."""
        import pandas as pd

        return pd.Series(found.reindex(self.codes).to_numpy(), index=self.index)


@dataclass
class Typed:
    """What typing has found so far."""

    series: "dict[str, pd.Series]" = field(default_factory=dict)
    columns: list[Column] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    keeps_all: bool = False
    """Is a column taken in also where it has the same value in every row?"""

    def add(self, column: Column, series: "pd.Series") -> None:
        """Take a column in."""
        self.columns.append(column)
        self.series[column[0]] = series


def typed(frame: "pd.DataFrame", *, keeps_all: bool = False) -> "tuple[pd.DataFrame, Columns, tuple[str, ...]]":
    """Return typed columns, what they are, and a sentence about each that is changed or left out.

    Columns that say nothing to learn from are left out; rows to be scored keep all that have any value.

    Raises:
        BadUpload: if fewer than two columns say anything.
    """
    import pandas as pd

    found = Typed(keeps_all=keeps_all)
    for place, name in enumerate(frame.columns):
        series = frame[name]
        if not keeps_all and place == 0 and frame.shape[1] > 2 and _is_index(str(name), series):
            found.notes.append(f"{name} counts the rows, which says nothing; it is left out.")
            continue
        _take(found, str(name), series)
    if len(found.columns) < (1 if keeps_all else 2):
        said = " ".join(found.notes)
        raise BadUpload(f"Fewer than two columns of the table say anything. {said}".strip())
    return pd.DataFrame(found.series, copy=False), tuple(found.columns), tuple(found.notes)


def _is_index(name: str, series: "pd.Series") -> bool:
    looks = name.startswith("column ") or name.casefold() in INDEX_NAMES
    if not looks or series.dtype.kind not in "iu" or not len(series):
        return False
    values = series.to_numpy()
    return int(values[0]) in (0, 1) and bool((np.diff(values) == 1).all())


def _take(found: Typed, name: str, series: "pd.Series") -> None:
    from pandas.api import types

    if types.is_datetime64_any_dtype(series):
        _date(found, name, series.dt.tz_localize(None) if series.dt.tz is not None else series)
    elif types.is_timedelta64_dtype(series):
        found.notes.append(f"{name} holds durations, taken in seconds.")
        _number(found, name, series.dt.total_seconds())
    elif types.is_bool_dtype(series):
        _words(found, name, series.astype(object).map({True: "True", False: "False"}))
    elif types.is_complex_dtype(series):
        found.notes.append(f"{name} holds complex numbers, which no network here takes; it is left out.")
    elif types.is_numeric_dtype(series):
        _number(found, name, series)
    else:
        _strings(found, name, series)


def _number(found: Typed, name: str, series: "pd.Series") -> None:
    import pandas as pd

    dtype = np.float32 if series.dtype == np.float32 and len(series) >= MANY else np.float64
    values = series.to_numpy(dtype=dtype, na_value=np.nan)
    broken = np.abs(values) > 1e30
    if broken.any():
        values = np.where(broken, np.nan, values)
        found.notes.append(f"{broken.sum():,} cells of {name} are infinite or beyond 1e30 and count as missing.")
    known = values[~np.isnan(values)]
    if _says_nothing(found, name, len(known), _distinct(known)):
        return
    few = np.unique(known[:100_000])
    listed = len(few) <= FEW_NUMBERS and bool((few == np.round(few)).all()) and bool(np.isin(known, few).all())
    words = tuple(f"{value:g}" for value in few) if listed else ()
    missing = ("",) if len(known) < len(values) else ()
    values = compact(values) if len(values) >= MANY else values
    found.add((name, "number", (*words, *missing)), pd.Series(values, index=series.index))


def _distinct(values: np.ndarray) -> int:
    """Return 0, 1, or 2 for more."""
    return min(len(values), 1 + bool(len(values) and (values != values[0]).any()))


def _says_nothing(found: Typed, name: str, known: int, distinct: int) -> bool:
    if found.keeps_all and known:
        return False
    if known == 0:
        found.notes.append(f"{name} is empty; it is left out.")
    elif distinct == 1:
        found.notes.append(f"{name} has the same value in every row, which says nothing; it is left out.")
    return known == 0 or distinct == 1


def _strings(found: Typed, name: str, series: "pd.Series") -> None:
    """Take in a column of words, unless most of them are numbers or dates after all.

    Only words that differ are looked at: half a million cells may be eight words.
    """
    import pandas as pd

    if series.dtype == object and series.map(lambda cell: isinstance(cell, NO_CELLS)).any():
        found.notes.append(f"{name} holds lists or bytes, not single values; it is left out.")
        return
    codes, unique = pd.factorize(series)
    words = pd.Series(unique).astype(str).str.strip()
    counts = np.bincount(codes[codes >= 0], minlength=len(words)) * (words != "").to_numpy()
    cells = Cells(words, counts, codes, series.index)
    if not counts.sum():
        _says_nothing(found, name, 0, 0)
        return
    numbers = pd.to_numeric(words.str.replace(SIGNS, "", regex=True).map(_plain_number), errors="coerce")
    share = cells.share(numbers)
    if share >= MOST:
        if share < 1:
            strange = words[(numbers.isna() & (counts > 0)).to_numpy()]
            count = round((1 - share) * counts.sum())
            found.notes.append(
                f"{count:,} cells of {name} are no numbers (the first: {strange.iloc[0][:30]!r}) and count as missing."
            )
        _number(found, name, cells.back(numbers.astype(np.float64)))
        return
    if float(words[counts > 0].head(1000).map(lambda word: bool(DATE.fullmatch(word))).mean()) >= MOST:
        moments = _moments(found, name, words)
        if cells.share(moments) >= MOST:
            _date(found, name, cells.back(moments))
            return
    if share > 0.1:
        found.notes.append(f"{name} mixes numbers and words; it is taken as words.")
    _words(found, name, cells.back(words.where(counts > 0).astype(object)))


def _plain_number(word: str) -> str:
    """Return a number with commas between thousands, or as decimal, as plain digits with a point."""
    if re.fullmatch(r"[-+]?\d{1,3}(,\d{3})+(\.\d+)?", word):
        return word.replace(",", "")
    return word.replace(",", ".") if re.fullmatch(r"[-+]?\d+,\d+", word) else word


def _moments(found: Typed, name: str, words: "pd.Series") -> "pd.Series":
    """Return words as moments; where day and month can't be told apart, the day comes first only with dots."""
    import pandas as pd

    sample = words.head(1000)
    starts = sample.str.extract(r"^(\d{1,2})[-/.](\d{1,2})[-/.]").astype(float)
    day_leads, month_leads = bool((starts[0] > 12).any()), bool((starts[1] > 12).any())
    day_first = day_leads or (not month_leads and bool(sample.str.contains(".", regex=False).any()))
    if starts[0].notna().any() and not day_leads and not month_leads:
        order = "day.month" if day_first else "month/day"
        found.notes.append(f"Dates of {name} could be read in two ways; they are taken as {order}.")
    moments = pd.to_datetime(words, errors="coerce", dayfirst=day_first, format="mixed", utc=True)
    return moments.dt.tz_localize(None)


def _date(found: Typed, name: str, series: "pd.Series") -> None:
    known = series.dropna()
    if _says_nothing(found, name, len(known), min(known.nunique(), 2)):
        return
    parts = tuple(part for part in DATE_PARTS if getattr(known.dt, part).nunique() > 1) or ("year",)
    found.add((name, "date", (*parts, *(("",) if len(known) < len(series) else ()))), series.astype("datetime64[s]"))


def _words(found: Typed, name: str, series: "pd.Series") -> None:
    words = series.dropna()
    counts = words.value_counts()
    if _says_nothing(found, name, len(words), min(len(counts), 2)):
        return
    is_text = len(counts) > MOST_CATEGORIES and (len(counts) > len(words) / 2 or _has_sentences(counts))
    if is_text or counts.index.map(len).max() > MOST_LETTERS:
        found.notes.append(f"{name} is free text: {len(counts):,} different values. Its words are counted, or ignored.")
        found.add((name, "text", ("",) if len(words) < len(series) else ()), series.astype(object))
        return
    if len(counts) > MOST_CATEGORIES:
        found.notes.append(
            f"{name} has {len(counts):,} different values; the {MOST_CATEGORIES} most frequent are told apart."
        )
    values = sorted(str(word).replace("\0", "") for word in counts.index[:MOST_CATEGORIES])
    missing = ("",) if len(words) < len(series) else ()
    found.add((name, "category", (*values, *missing)), series.astype("category"))


def _has_sentences(counts: "pd.Series") -> bool:
    return float(counts.index[:200].map(lambda word: len(word.split())).to_numpy().mean()) > 3
