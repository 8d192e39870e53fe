"""Curves of several runs over one axis: thinned, smoothed, folded to a mean, packed for the browser. Pure functions."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from pages.parts.components.packing import pack
from pages.parts.run_groups import Group

MOST_POINTS = 2000
"""Points of a curve; more can't be told apart on a screen."""
PARTS = ("train", "valid", "test")
AXES = {"epoch": "epoch", "step": "step", "time": "seconds"}
"""What curves can be drawn over: its name, and the column it is."""

Columns = Mapping[str, np.ndarray]
"""A run's epochs by column: epoch, step, seconds and each metric, float64 (n), NaN where there is no value."""


@dataclass(frozen=True)
class Line:
    """One curve: x and y (n); with ``spread`` (n), y is a mean and ``spread`` the standard deviation around it."""

    group: int
    part: str
    x: np.ndarray
    y: np.ndarray
    spread: np.ndarray | None = None


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
