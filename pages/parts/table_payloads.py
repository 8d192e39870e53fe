"""What the panels of the Tables screen draw."""

from typing import Any

import numpy as np

from nets.datasets.tables.profile import Profile
from nets.runs.run import Run
from nets.views.baselines import Baselines
from nets.views.class_scores import ClassScores
from nets.views.filling import Filling
from nets.views.forest import Forest
from nets.views.importance import Importance
from nets.views.partial_dependence import PartialDependence
from nets.views.predicted_values import PredictedValues
from nets.views.scored_rows import ScoredRows
from pages.parts.components.packing import pack
from pages.parts.payloads import moment, nothing_yet

BINS = 24
MOST_COLUMNS = 20
SAME = 1e-4
"""Difference of two scores that is none."""


def nothing(run: Run, why: str = "") -> bytes:
    """Return a payload that says why there is nothing to see."""
    is_there = bool(run.frame and run.frame.parameters)
    return pack({**moment(run), "empty": why or ("Being looked at" if is_there else nothing_yet(run))})


def values_payload(run: Run) -> bytes:
    """Return predicted against true values, and the residuals, of each column that is predicted."""
    found: PredictedValues | None = run.views.get("predicted_values")
    if found is None:
        return nothing(run)
    plots: list[dict[str, Any]] = []
    arrays: dict[str, np.ndarray] = {}
    for place, name in enumerate(found.names):
        actual, predicted = found.actual[:, place], found.predicted[:, place]
        errors = predicted - actual
        counts, edges = np.histogram(errors[np.isfinite(errors)], bins=BINS)
        arrays |= {
            f"actual{place}": actual,
            f"predicted{place}": predicted,
            f"errors{place}": errors,
            f"at{place}": ((edges[:-1] + edges[1:]) / 2).astype(np.float32),
            f"counts{place}": counts.astype(np.float32),
        }
        words = f"R² {found.r2[place]:.3f} · MAE {found.mae[place]:.3g}"
        plots += [
            _plot(name, "true", "predicted", f"actual{place}", f"predicted{place}") | {"diagonal": True, "note": words},
            _plot("Residuals", "true", "predicted − true", f"actual{place}", f"errors{place}")
            | {"zero": True, "note": f"RMSE {found.rmse[place]:.3g}"},
            _plot("How often", "predicted − true", "rows", f"at{place}", f"counts{place}", kind="bars")
            | {"note": "of the test rows"},
        ]
    meta = {**moment(run), "width": 180, "height": 230 if len(found.names) == 1 else 170, "plots": plots}
    return pack(meta, arrays)


def _plot(title: str, x_label: str, y_label: str, x: str, y: str, *, kind: str = "points") -> dict[str, Any]:
    series = [{"kind": kind, "color": "train", "x": x, "y": y}]
    return {"title": title, "alt": title, "x_label": x_label, "y_label": y_label, "series": series}


def scores_payload(run: Run, which: int, threshold: float) -> bytes:
    """Return the scores of one class or label, and where its threshold begins."""
    found: ClassScores | None = run.views.get("class_scores")
    if found is None or which >= found.scores.shape[1]:
        return nothing(run)
    auc, precision = (
        None if np.isnan(values[which]) else float(values[which]) for values in (found.auc, found.precision)
    )
    meta = {**moment(run), "name": found.names[which], "threshold": threshold, "auc": auc, "precision": precision}
    return pack(meta, {"scores": found.scores[:, which], "actual": found.actual[:, which]})


def importance_payload(run: Run) -> bytes:
    """Return how much each column matters, the most first, in one or two ways."""
    found: Importance | None = run.views.get("importance")
    if found is None:
        return nothing(run)
    ways = [("Shuffled: the test loss grows by", found.loss, found.spread, "train")]
    if found.gradients is not None:
        ways.append(("Integrated gradients: moves the output by", found.gradients, np.zeros_like(found.loss), "accent"))
    note = "Integrated gradients take numbers; categories are learned vectors here" if len(ways) < 2 else ""
    order = np.argsort(-found.loss, kind="stable")[:MOST_COLUMNS]
    plots: list[dict[str, Any]] = []
    arrays = {"place": np.arange(len(order), dtype=np.float32)}
    for number, (title, values, spread, color) in enumerate(ways):
        arrays |= {f"x{number}": values[order].astype(np.float32), f"s{number}": spread[order].astype(np.float32)}
        series = {"kind": "rows", "color": color, "x": f"x{number}", "y": "place", "spread": f"s{number}"}
        words = [found.columns[place] for place in order]
        plots.append({"title": title, "words": words, "zero": True, "note": note, "series": [series]})
    return pack({**moment(run), "width": 260, "height": 60 + 20 * len(order), "plots": plots}, arrays)


def partial_payload(run: Run) -> bytes:
    """Return the mean answer over one column, and single rows; of classes the shares of each."""
    found: PartialDependence | None = run.views.get("partial_dependence")
    if found is None:
        return nothing(run)
    arrays = {"x": found.values}
    is_binary = run.experiment.data.info().task == "binary"  # two labels have each their own line
    outputs = (1,) if is_binary else tuple(range(found.mean.shape[1]))
    is_single = len(outputs) == 1
    series: list[dict[str, Any]] = []
    for place in outputs:
        arrays[f"mean{place}"] = np.ascontiguousarray(found.mean[:, place])
        if is_single:
            for row in range(len(found.each)):
                arrays[f"row{row}"] = np.ascontiguousarray(found.each[row, :, place])
                series.append({"kind": "line", "color": "muted", "faint": True, "x": "x", "y": f"row{row}"})
        kind = "bars" if found.words and is_single else "line" if not found.words else "points"
        color: str | int = "accent" if is_single else place
        label = "" if is_single else found.names[place]
        series.append({"kind": kind, "color": color, "label": label, "x": "x", "y": f"mean{place}"})
    what = found.names[outputs[0]] if is_single else "predicted" if run_is_values(run) else "share"
    plot: dict[str, Any] = {
        "title": f"{what} on average, as {found.column} changes and all else stays",
        "x_label": found.column,
        "y_label": what,
        "words": list(found.words),
        "note": "thin lines: single rows" if is_single and not found.words else "",
        "series": [one for one in series if not (found.words and one.get("faint"))],
    }
    if not run_is_values(run):
        plot["y_range"] = [0, 1]
    return pack({**moment(run), "width": 300, "height": 230, "plots": [plot]}, arrays)


def run_is_values(run: Run) -> bool:
    """Does the run predict values, not classes or labels?"""
    return run.experiment.data.info().task == "regression"


def compared_payload(run: Run) -> bytes:
    """Return how simpler models do on the same rows, in a sentence that hides nothing."""
    items: list[dict[str, str]] = []
    found: Baselines | None = run.views.get("baselines")
    forest: Forest | None = run.views.get("forest")
    metrics = run.frame.metrics if run.frame else {}
    if found is not None and (own := metrics.get(f"test_{found.metric}")) is not None:
        begun = bool(run.frame and run.frame.epoch)
        items.append(compared(found, own, begun=begun, underway=bool(run.frame and run.frame.step and not begun)))
    if forest is not None and forest.auc is not None:
        own = metrics.get("test_auc")
        beside = f"{own:.3f}" if own is not None else "–"
        items.append(
            {"sees": f"AUC {beside}.", "advice": f"An isolation forest has {forest.auc:.3f} on the same rows."}
        )
    return pack({**moment(run), "items": items})


def compared(found: Baselines, own: float, *, begun: bool, underway: bool = False) -> dict[str, str]:
    """Return what the network has and what the others have, and whether it beats them.

    Until the first epoch is over, also while it is ``underway``, its own number is that of the untrained network.
    """
    name = "R²" if found.metric == "r2" else "accuracy"
    show = (lambda value: f"{value:.3f}") if found.metric == "r2" else (lambda value: f"{value * 100:.1f} %")
    others = " · ".join(f"{model} {show(score)}" for model, score in zip(found.names, found.scores, strict=True))
    best = int(found.scores.argmax())
    if underway:
        verdict = "The first epoch is on its way; measured before it:"
    elif not begun:
        verdict = "The network has learnt nothing yet."
    elif abs(own - found.scores[best]) < SAME:
        verdict = f"The network does as well as {found.names[best]}, not better."
    elif own > found.scores[best]:
        verdict = "The network beats them all."
    else:
        verdict = f"The network does not beat {found.names[best]}."
    part = "" if found.fitted_to == found.available else f" (on {found.fitted_to:,} rows)"
    return {"sees": verdict, "advice": f"Test {name} {show(own)} · {others}{part}"}


def filling_payload(run: Run) -> bytes:
    """Return how far off each way to fill gaps is."""
    found: Filling | None = run.views.get("filling")
    if found is None:
        return nothing(run)
    order = np.argsort(found.errors, kind="stable")
    plot = {
        "title": "Error of each way, in spreads of a column",
        "note": f"{found.hidden:,} known cells were hidden and filled in",
        "words": [found.ways[place].replace("_", " ") for place in order],
        "series": [{"kind": "rows", "color": "train", "x": "x", "y": "place"}],
    }
    arrays = {"x": found.errors[order], "place": np.arange(len(order), dtype=np.float32)}
    return pack({**moment(run), "width": 260, "height": 150, "plots": [plot]}, arrays)


def profile_payload(profile: Profile) -> bytes:
    """Return a small picture of each column."""
    plots: list[dict[str, Any]] = []
    arrays: dict[str, np.ndarray] = {}
    for place, column in enumerate(profile.columns[:60]):
        arrays |= {f"x{place}": column.places, f"y{place}": column.counts}
        gaps = f"{column.missing:.1%} missing · " if column.missing else ""
        plots.append(
            {
                "title": f"{column.name} · {column.kind}",
                "note": f"{gaps}{column.summary}",
                "words": list(column.words),
                "series": [{"kind": "bars", "color": "train", "x": f"x{place}", "y": f"y{place}"}],
            }
        )
    return pack({"step": 0, "width": 190, "height": 92, "plots": plots}, arrays)


def answer_payload(run: Run) -> bytes:
    """Return the answer to the row in the form."""
    found: ScoredRows | None = run.views.get("typed_row")
    if found is None:
        return nothing(run)
    answer = found.answers[0]
    if run_is_values(run):
        words = [f"{name}: {value:.4g}" for name, value in zip(found.names, answer, strict=True)]
        return pack({**moment(run), "items": [{"sees": "Predicted", "advice": " · ".join(words)}]})
    plot = {
        "title": "Predicted for this row",
        "words": list(found.names),
        "x_range": [0, 1],
        "series": [{"kind": "rows", "color": "accent", "x": "share", "y": "place"}],
    }
    arrays = {"share": answer, "place": np.arange(len(answer), dtype=np.float32)}
    return pack({**moment(run), "width": 240, "height": 40 + 24 * len(answer), "plots": [plot]}, arrays)


def together_payload(profile: Profile, data: Any) -> bytes:
    """Return the strongest correlations: with the column to predict, or else among all numbers."""
    names, found = list(profile.numbers), profile.correlations
    target = next((name for name in data.targets if name in names), None)
    if target is not None:
        row = names.index(target)
        pairs = [(other, found[row, place]) for place, other in enumerate(names) if place != row]
    else:
        upper = zip(*np.triu_indices(len(names), 1), strict=True)
        pairs = [(f"{names[first]} · {names[second]}", found[first, second]) for first, second in upper]
    strongest = sorted(pairs, key=lambda pair: -abs(pair[1]))[:12]
    plot = {
        "title": f"Correlation with {target}" if target else "Columns that go together (correlation)",
        "words": [name for name, _ in strongest],
        "x_range": [-1.02, 1.02],
        "zero": True,
        "series": [{"kind": "rows", "color": "accent", "x": "x", "y": "place"}],
    }
    values = np.array([value for _, value in strongest], dtype=np.float32)
    arrays = {"x": values, "place": np.arange(len(values), dtype=np.float32)}
    return pack({"step": 0, "width": 260, "height": 40 + 20 * len(values), "plots": [plot]}, arrays)
