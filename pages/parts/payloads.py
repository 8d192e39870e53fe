"""From runs and views to what the browser components draw. Pure functions: nothing here asks Streamlit anything."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from nets.architectures.mlp import MLP
from nets.datasets.images.downloading import Progress
from nets.experiment import Experiment
from nets.losses import resolve
from nets.runs.protocol import RunStatus
from nets.runs.run import Run
from nets.views.predictions import Predictions
from pages.parts.components.packing import pack
from pages.parts.refusals import reason_in_plain_words

TONES: dict[RunStatus, str] = {
    "ready": "idle",
    "queued": "warn",
    "training": "live",
    "paused": "idle",
    "completed": "good",
    "stopped": "idle",
    "diverged": "bad",
    "failed": "bad",
    "interrupted": "warn",
}


TIERS = {"compiled": "compiled", "graphed": "CUDA graph"}
"""What stands in place of the device where a faster tier takes the steps."""
SHARES = ("accuracy", "auc", "good")
"""How names of metrics end that are shares from 0 to 1."""


def moment(run: Run) -> dict[str, Any]:
    """Return which state of which run a payload shows: a newer one that came first stays."""
    return {"run": run.id, "version": run.version, "step": run.frame.step if run.frame else 0}


LOSSES = (("train_loss", "train loss"), ("test_loss", "test loss"))
HELP = {"train": "on the training data", "test": "on data it has not learnt from"}


def meters_payload(
    run: Run, place: int, *, metric: tuple[str, str] | None, losses: Sequence[tuple[str, str]] = LOSSES
) -> bytes:
    """Return the numbers strip: epoch, losses and the test metric (name, label) each, pace, and what happened."""
    frame = run.frame
    metrics = frame.metrics if frame else {}
    total = frame.max_epochs if frame and frame.max_epochs else run.experiment.train.max_epochs
    items = [
        {
            "label": "epoch",
            "value": f"{epochs_done(run)} / {total:,}",
            "help": f"step {frame.step if frame else 0:,}: passes over the training data, and how many there will be",
        },
        *(
            {"label": label, "value": number(metrics.get(name)), "help": HELP[name.partition("_")[0]]}
            for name, label in losses
        ),
    ]
    if metric is not None:
        name, label = metric
        value = metrics.get(name)
        shown = percent(value) if name.endswith(SHARES) else number(value)
        items.append({"label": label, "value": shown, "help": HELP["test"]})
    starting = frame is None and run.status != "failed"
    status = f"queued, place {place}" if place else "looking back" if run.rewound else run.status
    loading = run.loading if starting else None
    went_wrong = run.status in ("diverged", "failed")
    meta = {
        **moment(run),
        "status": loading.phase if loading else "starting" if starting else status,
        "progress": loading.share if loading else None,
        "tone": "warn" if starting else TONES[run.status],
        "items": items,
        "note": pace(run),
        "message": on_its_way(loading) if loading else reason_in_plain_words(run.reason) if went_wrong else None,
    }
    return pack(meta)


SLOW_EPOCH = 3.0
"""Seconds of training that an epoch takes, from which on people want to see it move."""
VERY_SLOW_EPOCH = 30.0
"""Seconds from which on tenths are too slow as well."""


def epochs_done(run: Run) -> str:
    """Return how many epochs are done; of slow ones also the share of the one under way, in tenths or hundredths."""
    frame = run.frame
    if frame is None:
        return "0"
    pace = frame.timing.steps_per_second
    seconds = math.ceil(frame.train_examples / run.experiment.train.batch_size) / pace if pace else 0.0
    if seconds < SLOW_EPOCH or frame.epoch >= frame.max_epochs:
        return f"{frame.epoch:,}"
    parts = 100 if seconds >= VERY_SLOW_EPOCH else 10
    done = frame.epoch + math.floor(share_of_epoch(run) * parts) / parts
    return f"{done:,.2f}" if parts == 100 else f"{done:,.1f}"


def share_of_epoch(run: Run) -> float:
    """Return how much of the epoch under way is done, 0 … 0.99; 0 where the step it began at is not known."""
    frame = run.frame
    if frame is None or not frame.train_examples:
        return 0.0
    began = next((row["step"] for row in reversed(run.history.rows[:]) if row["epoch"] == frame.epoch), frame.step)
    return min(max(frame.step - began, 0) * run.experiment.train.batch_size / frame.train_examples, 0.99)


def on_its_way(loading: Progress) -> str:
    """Return how far data are that are loaded."""
    if loading.phase == "waiting":
        return f"Another run downloads {loading.what}; this one goes on when it is there."
    if loading.phase == "downloading":
        total = f" of {loading.total / 1e6:,.1f} MB" if loading.total else " MB"
        return f"Downloading {loading.what}: {loading.done / 1e6:,.1f}{total}"
    return f"{loading.phase.capitalize()} {loading.what}" + (f": {loading.share:.0%}" if loading.share else "")


def pace(run: Run) -> str:
    """Return steps a second, or of texts tokens, device and seed in two short lines."""
    frame = run.frame
    seed = f"seed {run.experiment.train.seed}"
    if frame is None:
        return f"\n{seed}"
    rate = f"{frame.steps_per_second:,.0f} steps/s"
    if frame.tokens_per_step:
        rate = f"{frame.steps_per_second * frame.tokens_per_step:,.0f} tokens/s"
    speed = rate if frame.step else f"{frame.parameters:,} parameters"
    device = TIERS.get(frame.tier, frame.device)
    return f"{speed}\n{device} · {seed}"


def curves_payload(
    run: Run,
    series: Sequence[tuple[str, str]],
    *,
    y_label: str,
    log: bool,
    beside: Run | None = None,
    looks: Mapping[str, Mapping[str, Any]] = {},
) -> bytes:
    """Return curves of ``series`` (metric name, label) over epochs; names that start with test are dashed.

    ``looks`` has what a metric's curve is to look like instead: its color, dash and scale, as ``curves`` takes them.

    Those of a run that is looked at as it was end there. Of the run ``beside`` come its test curves, or all where there
    are none.
    """
    rows: Rows = run.history.rows[:]
    if rewound := run.rewound:
        rows = [row for row in rows if row["epoch"] <= rewound.epoch]
    others = [] if beside is None or beside.id == run.id else beside.history.rows[:]
    rows, series = _joined(rows, others, series)
    meta = {
        **moment(run),
        "x_label": "epoch",
        "y_label": y_label,
        "log": log,
        "alt": f"{y_label} over epochs",
        "empty": _why_no_curves(run) if len(rows) < 2 else "",
        "series": [
            {
                "name": name,
                "label": label,
                "dash": "test" in name,
                "scale": "percent" if name.endswith("accuracy") else "y",
                **looks.get(name.removeprefix(BESIDE), {}),
                "color": _color(name, series, looks),
            }
            for name, label in series
        ],
    }
    if len(rows) < 2:
        rows = []
    columns = {f"y{place}": _column(rows, name) for place, (name, _) in enumerate(series)}
    return pack(meta, {"x": _column(rows, "epoch"), **columns})


def nothing_yet(run: Run) -> str:
    """Return why there is nothing to see of a network."""
    return "There is no network: see above" if run.status == "failed" else "The network is being built"


def _why_no_curves(run: Run) -> str:
    if run.rewound:
        return "Before the first epoch"
    if run.status == "queued":
        return "It begins when another training makes room"
    if run.status != "training":
        return "Press Train to draw the curves"
    return "The first epoch is on its way" + (f": {done:.0%}" if (done := share_of_epoch(run)) else "")


BESIDE = "beside_"
"""How the metrics of the run beside begin."""
COLOURS_BESIDE = (5, 3, 2, 4)
"""Of its curves: places in CLASS_COLORS."""
Rows = Sequence[Mapping[str, Any]]
Series = Sequence[tuple[str, str]]


def _joined(rows: Rows, others: Rows, series: Series) -> tuple[Rows, Series]:
    """Return the epochs of both runs in one table, and the series of both."""
    if not others:
        return rows, series
    by_epoch: dict[int, dict[str, Any]] = {row["epoch"]: dict(row) for row in rows}
    shown = [(name, label) for name, label in series if name.startswith("test")] or series
    for row in others:
        there = by_epoch.setdefault(row["epoch"], {"epoch": row["epoch"]})
        there |= {BESIDE + name: row[name] for name, _ in shown if name in row}
    return [by_epoch[epoch] for epoch in sorted(by_epoch)], [
        *series,
        *((BESIDE + name, f"beside: {label}") for name, label in shown),
    ]


def _color(name: str, series: Series, looks: Mapping[str, Mapping[str, Any]]) -> str | int:
    """Return the colour of a metric's curve; those of the run beside have colours of their own, one after the other."""
    if name.startswith(BESIDE):
        place = [other for other, _ in series if other.startswith(BESIDE)].index(name)
        return COLOURS_BESIDE[place % len(COLOURS_BESIDE)]
    usual = name.partition("_")[0] if name in ("train_loss", "test_loss") else "accent"
    return looks.get(name, {}).get("color", usual)


def _column(rows: Sequence[Mapping[str, Any]], name: str) -> np.ndarray:
    return np.array([row.get(name, math.nan) for row in rows], dtype=np.float32)


def predictions_payload(run: Run, *, empty: str) -> bytes:
    """Return the grid of test pictures with what the network takes them for."""
    found: Predictions | None = run.views.get("predictions")
    names = run.experiment.data.info().class_names
    meta: dict[str, Any] = {
        **moment(run),
        "smooth": False,
        "alt": "Test pictures with the predicted and the true class",
        "empty": empty,
        "items": [],
    }
    if found is None:
        return pack(meta, {"images": np.zeros((0, 1, 1), dtype=np.uint8)})
    meta["items"] = [
        {
            "predicted": names[predicted],
            "actual": names[actual],
            "confidence": float(confidence),
            "right": bool(predicted == actual),
            "index": int(index),
        }
        for index, predicted, actual, confidence in zip(
            found.indices, found.predicted, found.actual, found.confidence, strict=True
        )
    ]
    return pack(meta, {"images": found.pictures})


def number(value: float | None) -> str:
    """Return a metric in five or six characters."""
    if value is None:
        return "–"
    if not math.isfinite(value):
        return "–" if math.isnan(value) else "∞" if value > 0 else "−∞"
    return f"{value:.4f}" if abs(value) < 100 else f"{value:,.0f}" if abs(value) < 1e6 else f"{value:.1e}"


def percent(value: float | None) -> str:
    """Return a share as a percentage."""
    return "–" if value is None else f"{value * 100:.1f} %"


def summary(experiment: Experiment, run: Run) -> str:
    """Return the network in one line: sizes of its layers and its parameters."""
    info = experiment.data.info()
    sizes = [math.prod(info.input_shape)]
    if isinstance(experiment.model, MLP):
        sizes += experiment.model.hidden_sizes
    sizes.append(resolve(experiment.train.loss, info).num_outputs(info))
    parameters = f" · {run.frame.parameters:,} parameters" if run.frame and run.frame.parameters else ""
    return " → ".join(f"{size:,}" for size in sizes) + parameters
