"""Cross-validation: the same network on every fold of a table, and how much its results differ."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import streamlit as st

from nets.experiment import dump, parse, with_value
from nets.runs.run import Run
from pages.parts.bench import Bench
from pages.parts.components.packing import pack
from pages.parts.components.plots import plots
from pages.parts.permissions import is_locked

EVERY = 1.0
"""Seconds between two looks at the runs while one of them trains."""
MEANS = {"accuracy": "accuracy", "micro_f1": "F1 of all labels", "r2": "R²"}


def folds_look(bench: Bench) -> None:
    """Draw the button that trains a run for each fold, and their results with mean and spread."""
    count = bench.value("data.folds")
    st.button(
        f"Train all {count} folds",
        key="train_folds",
        icon=":material/playlist_play:",
        disabled=is_locked("train"),
        on_click=lambda: _train(bench),
    )
    ids: list[str] = st.session_state.get("fold_runs", [])
    known = [bench.manager.get(one) or bench.manager.open(one) for one in ids]
    same = with_value(dump(bench.experiment), "data.fold", 0)
    runs = [run for run in known if run is not None and with_value(dump(run.experiment), "data.fold", 0) == same]
    metric = next(
        name
        for name in MEANS
        if name in bench.experiment.train.objective.metrics(bench.experiment, bench.experiment.data.info())
    )
    is_live = any(run.status in ("training", "queued", "starting") for run in runs)

    @st.fragment(run_every=EVERY if is_live else None)
    def results() -> None:
        plots(folds_payload(runs, f"test_{metric}", MEANS[metric]), key="folds")
        if is_live and not any(run.status in ("training", "queued", "starting") for run in runs):
            st.rerun()

    results()


def _train(bench: Bench) -> None:
    settings = dump(bench.experiment)
    ids = []
    for fold in range(bench.value("data.folds")):
        run = bench.manager.create(parse(with_value(settings, "data.fold", fold)))
        bench.manager.do(run, "play")
        ids.append(run.id)
    st.session_state["fold_runs"] = ids


def folds_payload(runs: Sequence[Run], metric: str, label: str) -> bytes:
    """Return a line over the epochs for each fold, the band of mean ± spread, and these in words."""
    rows = [[(row["epoch"], row[metric]) for row in run.history.rows[:] if metric in row] for run in runs]
    found = [np.array(one, dtype=np.float64) for one in rows if len(one) > 1]
    if not found:
        return pack({"step": 0, "empty": "A run for each fold: each part of the rows tests once"})
    arrays: dict[str, np.ndarray] = {}
    series: list[dict[str, Any]] = []
    for place, points in enumerate(found):
        arrays |= {f"x{place}": points[:, 0].astype(np.float32), f"y{place}": points[:, 1].astype(np.float32)}
        series.append({"kind": "line", "color": "muted", "faint": True, "x": f"x{place}", "y": f"y{place}"})
    shortest = min(map(len, found))
    values = np.stack([points[:shortest, 1] for points in found])
    mean, spread = values.mean(axis=0), values.std(axis=0, ddof=1) if len(found) > 1 else np.zeros(shortest)
    arrays["x"] = found[0][:shortest, 0].astype(np.float32)
    for name, line, faint in (("mean", mean, False), ("low", mean - spread, True), ("high", mean + spread, True)):
        arrays[name] = line.astype(np.float32)
        series.append({"kind": "line", "color": "accent", "faint": faint, "x": "x", "y": name})
    last = values[:, -1]
    plot = {
        "title": f"Test {label} of each fold, mean and spread",
        "note": f"{mean[-1]:.3f} ± {spread[-1]:.3f} over {len(found)} folds, from {last.min():.3f} to {last.max():.3f}",
        "x_label": "epoch",
        "y_label": label,
        "series": series,
    }
    return pack({"step": 0, "width": 300, "height": 320, "plots": [plot]}, arrays)
