"""Runs side by side: curves made comparable, seeds folded, settings told apart, best values found. Pure functions."""

import json
import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from nets.link import flatten, write
from nets.runs.store import StoredRun
from pages.parts.components.packing import pack

MOST_POINTS = 2000
"""Points of a curve; more can't be told apart on a screen."""
PARTS = ("train", "valid", "test")
AXES = {"epoch": "epoch", "step": "step", "time": "seconds"}
"""What curves can be drawn over: its name, and the column it is."""
APART = ("version", "name")
"""What two runs may differ in without being trained otherwise."""
MISSING = "–"

Columns = Mapping[str, np.ndarray]
"""A run's epochs by column: epoch, step, seconds and each metric, float64 (n), NaN where there is no value."""


@dataclass(frozen=True)
class Group:
    """One run, or several that differ in their seed alone."""

    label: str
    runs: tuple[StoredRun, ...]

    @property
    def is_folded(self) -> bool:
        """Are there several seeds?"""
        return len(self.runs) > 1


@dataclass(frozen=True)
class Line:
    """One curve: x and y (n); with ``spread`` (n), y is a mean and ``spread`` the standard deviation around it."""

    group: int
    part: str
    x: np.ndarray
    y: np.ndarray
    spread: np.ndarray | None = None


@dataclass(frozen=True)
class Setting:
    """One setting across groups, as text, and whether it differs."""

    path: str
    values: tuple[str, ...]

    @property
    def differs(self) -> bool:
        """Is it not the same everywhere?"""
        return len(set(self.values)) > 1


# Runs and groups


def grouped(runs: Sequence[StoredRun], *, fold: bool) -> list[Group]:
    """Return the runs as groups in their order; with ``fold``, those that differ in ``train.seed`` alone are one."""
    together: dict[str, list[StoredRun]] = {}
    for run in runs:
        together.setdefault(_without_seed(run) if fold else run.id, []).append(run)
    first = [members[0] for members in together.values()]
    return [
        Group(label if len(members) == 1 else f"{label} × {len(members)} seeds", tuple(members))
        for label, members in zip(labels(first), together.values(), strict=True)
    ]


def _without_seed(run: StoredRun) -> str:
    settings = flatten(run.experiment)
    return json.dumps({path: value for path, value in settings.items() if path not in (*APART, "train.seed")})


def title(run: StoredRun) -> str:
    """Return what a run is called: its name, or else its data and architecture."""
    return run.name or f"{run.dataset} · {run.architecture}"


def labels(runs: Sequence[StoredRun]) -> list[str]:
    """Return a label for each run, all different: its title, and where several share one, what tells them apart."""
    titles = [title(run) for run in runs]
    several = Counter(titles)
    found = []
    for run, own in zip(runs, titles, strict=True):
        twins = [other for other, name in zip(runs, titles, strict=True) if name == own]
        found.append(own if several[own] == 1 else f"{own} ({_what_is_its_own(run, twins)})")
    again = Counter(found)
    return [label if again[label] == 1 else f"{label} {run.id[-4:]}" for label, run in zip(found, runs, strict=True)]


def _what_is_its_own(run: StoredRun, twins: Sequence[StoredRun]) -> str:
    """Return up to two settings in which runs of the same title differ, or the end of the run's id."""
    differing = [setting.path for setting in settings_of([Group("", (twin,)) for twin in twins]) if setting.differs]
    own = flatten(run.experiment)
    words = [f"{path.rpartition('.')[2].replace('_', ' ')} {write(own[path])}" for path in differing[:2] if path in own]
    return ", ".join(words) if words and len(differing) <= 2 else run.id[-4:]


# Curves


def columns_of(rows: Sequence[Mapping[str, Any]], limit: int = MOST_POINTS) -> dict[str, np.ndarray]:
    """Return a run's epochs by column, thinned evenly to ``limit``; the first and the last stay."""
    if len(rows) > limit:
        rows = [rows[place] for place in np.linspace(0, len(rows) - 1, limit).round().astype(int)]
    names = dict.fromkeys(name for row in rows for name in row)
    return {name: np.array([_number(row.get(name)) for row in rows]) for name in names}


def _number(value: Any) -> float:
    return float(value) if isinstance(value, int | float) else math.nan


def metrics_in(tables: Iterable[Columns]) -> list[str]:
    """Return what was measured, without its part (train, test): loss first."""
    names = [name.partition("_") for table in tables for name in table]
    found = dict.fromkeys(metric for part, _, metric in names if part in PARTS and metric)
    return sorted(found, key=lambda metric: (metric != "loss", metric))


def smoothed(values: np.ndarray, weight: float) -> np.ndarray:
    """Return the exponential moving average of values (n), corrected for its start, gaps left as they are.

    Args:
        values: with NaN for gaps.
        weight: of what came before, from 0 (nothing is smoothed) to below 1. As in Kingma and Ba, Adam (2015), the
            average is divided by 1 − weightᵏ, so that it does not begin at zero.
    """
    if weight <= 0:
        return values
    result = np.full_like(values, math.nan)
    average, rest = 0.0, 1.0
    for place, value in enumerate(values.tolist()):
        if math.isfinite(value):
            average = weight * average + (1 - weight) * value
            rest *= weight
            result[place] = average / (1 - rest)
    return result


def lines(
    groups: Sequence[Group],
    tables: Mapping[str, Columns],
    metric: str,
    parts: Iterable[str],
    axis: str,
    smoothing: float = 0.0,
) -> list[Line]:
    """Return the curves of one metric.

    Args:
        groups: whose.
        tables: each run's columns by its id.
        metric: "loss", "accuracy" …
        parts: of "train", "valid", "test".
        axis: a name in ``AXES``.
        smoothing: see ``smoothed``.
    """
    found = []
    for place, group in enumerate(groups):
        for part in parts:
            curves = [_curve(tables.get(run.id, {}), AXES[axis], f"{part}_{metric}", smoothing) for run in group.runs]
            known = [(x, y) for x, y in curves if len(x)]
            if known:
                found.append(Line(place, part, *(known[0] if not group.is_folded else _mean(known))))
    return found


def _curve(table: Columns, x_name: str, y_name: str, smoothing: float) -> tuple[np.ndarray, np.ndarray]:
    """Return x and y (n) of one curve, without gaps, x increasing."""
    if x_name not in table or y_name not in table:
        return np.zeros(0), np.zeros(0)
    x, y = table[x_name], smoothed(table[y_name], smoothing)
    increases = np.concatenate([[True], x[1:] > np.maximum.accumulate(x)[:-1]])
    kept = np.isfinite(x) & np.isfinite(y) & increases
    return x[kept], y[kept]


def _mean(curves: Sequence[tuple[np.ndarray, np.ndarray]]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return x, mean and standard deviation (n − 1 in its denominator, 0 of one run) of curves with any x of their own.

    Past a curve's end, the others go on alone.
    """
    x = common_grid([xs for xs, _ in curves])
    y = np.stack([resampled(x, *curve) for curve in curves])  # (runs, n)
    count = np.isfinite(y).sum(axis=0)
    mean = np.where(count > 0, np.nansum(y, axis=0) / np.maximum(count, 1), math.nan)
    variance = np.nansum((y - mean) ** 2, axis=0) / np.maximum(count - 1, 1)
    return x, mean, np.sqrt(variance)


def common_grid(xs: Sequence[np.ndarray], limit: int = MOST_POINTS) -> np.ndarray:
    """Return x's (n ≤ limit) that show all curves: every x there is, or an even choice of them."""
    everything = np.unique(np.concatenate(xs)) if xs else np.zeros(0)
    if len(everything) <= limit:
        return everything
    return everything[np.linspace(0, len(everything) - 1, limit).round().astype(int)]


def resampled(x: np.ndarray, own_x: np.ndarray, own_y: np.ndarray) -> np.ndarray:
    """Return a curve's values at x (n), straight lines between its points, NaN before its first and after its last."""
    return np.interp(x, own_x, own_y, left=math.nan, right=math.nan)


def payload(groups: Sequence[Group], curves: Sequence[Line], *, metric: str, axis: str, log: bool) -> bytes:
    """Return what the curves component draws: a colour for each group, test dashed, folded seeds with a band."""
    x = common_grid([curve.x for curve in curves])
    series: list[dict[str, Any]] = []
    bands: list[list[int]] = []
    arrays: dict[str, np.ndarray] = {"x": x.astype(np.float32)}

    def add(curve: Line, values: np.ndarray, name: str) -> None:
        group = groups[curve.group].label
        arrays[f"y{len(series)}"] = resampled(x, curve.x, values).astype(np.float32)
        look = {"name": f"{curve.group}:{curve.part}{name}", "label": group, "group": group, "color": curve.group}
        scale = "percent" if metric == "accuracy" else "y"
        series.append({**look, "dash": curve.part == "test", "scale": scale, "quiet": bool(name)})

    for curve in curves:
        add(curve, curve.y, "")
        if curve.spread is not None:
            low = curve.y - curve.spread
            positive = curve.y[curve.y > 0]
            if log and len(positive):
                low = np.maximum(low, positive.min() / 10)
            add(curve, curve.y + curve.spread, "+")
            add(curve, low, "-")
            bands.append([len(series) - 2, len(series) - 1])
    meta = {
        "step": 0,
        "x_label": "seconds" if axis == "time" else axis,
        "y_label": f"{metric}, {' / '.join(dict.fromkeys(curve.part for curve in curves))}",
        "log": log and metric != "accuracy",
        "alt": f"{metric} of {len(groups)} runs over {axis}",
        "empty": "" if len(x) else "These runs have no such numbers",
        "series": series,
        "bands": bands,
    }
    return pack(meta, arrays)


# Settings and results


def settings_of(groups: Sequence[Group]) -> list[Setting]:
    """Return every setting of the groups' experiments, those that differ first, the seeds of a fold in one cell."""
    flat = [[flatten(run.experiment) for run in group.runs] for group in groups]
    paths = dict.fromkeys(path for runs in flat for settings in runs for path in settings if path not in APART)
    found = [Setting(path, tuple(_cell(runs, path) for runs in flat)) for path in paths]
    return sorted(found, key=lambda setting: not setting.differs)


def _cell(runs: Sequence[Mapping[str, Any]], path: str) -> str:
    values = [write(settings[path]) if path in settings else MISSING for settings in runs]
    return ", ".join(dict.fromkeys(values))


def lower_is_better(metric: str) -> bool:
    """Is a small value a good one?"""
    return metric.endswith("loss")


def best_of(values: Sequence[float | None], *, lower: bool) -> set[int]:
    """Return the places of the best values; none where there is nothing to choose from."""
    known = [value for value in values if value is not None and math.isfinite(value)]
    if len(known) < 2 or min(known) == max(known):
        return set()
    best = min(known) if lower else max(known)
    return {place for place, value in enumerate(values) if value == best}


def mean_and_spread(values: Sequence[float | None]) -> tuple[float | None, float | None]:
    """Return mean and standard deviation of the values that are known; no deviation of fewer than two."""
    known = [value for value in values if value is not None and math.isfinite(value)]
    if not known:
        return None, None
    spread = float(np.std(known, ddof=1)) if len(known) > 1 else None
    return math.fsum(known) / len(known), spread


Show = Callable[[float | None], str]


def shown(values: Sequence[float | None], show: Show) -> str:
    """Return a group's values as text: one, or mean ± standard deviation."""
    mean, spread = mean_and_spread(values)
    return show(mean) if spread is None else f"{show(mean)} ± {show(spread)}"
