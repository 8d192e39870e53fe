"""The table of runs: which are shown, in which order, and what stands in its cells. Pure functions."""

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pandas as pd

from nets.runs.store import StoredRun
from pages.parts.run_groups import best_of, lower_is_better, title

STATUS = {
    "ready": "○ ready",
    "queued": "◔ queued",
    "training": "● training",
    "paused": "‖ paused",
    "completed": "✓ completed",
    "stopped": "■ stopped",
    "interrupted": "◌ interrupted",
    "diverged": "▲ diverged",
    "failed": "✕ failed",
}
LIVE = ("queued", "training")
METRICS = ("test_loss", "test_accuracy", "test_r2", "train_loss", "train_accuracy", "train_r2")
WORDS = {"r2": "R²"}
BEST = "★"


@dataclass(frozen=True)
class Filters:
    """What is looked for: every word of ``text`` somewhere, and one of each kind that is named at all."""

    text: str = ""
    datasets: Sequence[str] = ()
    architectures: Sequence[str] = ()
    statuses: Sequence[str] = ()

    def take(self, run: StoredRun) -> bool:
        """Is the run one of those looked for?"""
        if self.datasets and run.dataset not in self.datasets:
            return False
        if self.architectures and run.architecture not in self.architectures:
            return False
        if self.statuses and run.status not in self.statuses:
            return False
        if not self.text:
            return True
        found = " ".join((run.id, run.name, run.notes, *run.tags, run.dataset, run.architecture, run.status)).casefold()
        return all(word in found for word in self.text.casefold().split())


@dataclass(frozen=True)
class Order:
    """An order of the table: its words, what it looks at, and whether the largest comes first."""

    words: str
    value: Callable[[StoredRun], float | None]
    falling: bool


def words_for(metric: str) -> str:
    """Return a metric's name as people write it: "test_r2" is test R²."""
    return " ".join(WORDS.get(word, word) for word in metric.split("_"))


def orders(runs: Sequence[StoredRun]) -> dict[str, Order]:
    """Return the orders that make sense for these runs, by name; the newest first is the usual one."""
    measured = {name for run in runs for name in run.metrics}
    known = [name for name in METRICS if name in measured] + sorted(measured.difference(METRICS))
    by_metric = {name: Order(f"Best {words_for(name)}", _metric(name), not lower_is_better(name)) for name in known}
    return {
        "newest": Order("Newest first", lambda run: run.created, True),
        "oldest": Order("Oldest first", lambda run: run.created, False),
        **by_metric,
        "seconds": Order("Longest training", lambda run: run.seconds, True),
        "epochs": Order("Most epochs", lambda run: run.epochs, True),
        "parameters": Order("Fewest parameters", lambda run: run.parameters or None, False),
    }


def _metric(name: str) -> Callable[[StoredRun], float | None]:
    return lambda run: run.metrics.get(name)


def ordered(runs: Sequence[StoredRun], order: Order) -> list[StoredRun]:
    """Return the runs in an order; those that lack the value come last."""
    known = [run for run in runs if order.value(run) is not None]
    known.sort(key=lambda run: order.value(run) or 0.0, reverse=order.falling)
    return known + [run for run in runs if order.value(run) is None]


def best_marks(runs: Sequence[StoredRun]) -> dict[str, str]:
    """Return, by run, in what it is best of all runs shown that learn the same data with the same loss."""
    problems: dict[str, list[StoredRun]] = {}
    for run in runs:
        key = json.dumps([run.experiment.get("data"), run.experiment.get("train", {}).get("loss")])
        problems.setdefault(key, []).append(run)
    marks: dict[str, list[str]] = {}
    for group in problems.values():
        for metric in METRICS[:3]:
            for place in best_of([run.metrics.get(metric) for run in group], lower=lower_is_better(metric)):
                marks.setdefault(group[place].id, []).append(words_for(metric).removeprefix("test "))
    return {run_id: f"{BEST} {', '.join(words)}" for run_id, words in marks.items()}


def table(runs: Sequence[StoredRun]) -> pd.DataFrame:
    """Return the cells, a row a run; a metric that no run has gets no column."""
    marks = best_marks(runs)
    cells: dict[str, Any] = {
        "run": [title(run) for run in runs],
        "status": [STATUS.get(run.status, run.status) for run in runs],
        "data": [run.dataset for run in runs],
        "network": [run.architecture for run in runs],
        "seed": [run.seed for run in runs],
        "epochs": [run.epochs for run in runs],
    }
    cells |= {name: _metric_column(runs, name) for name in METRICS if any(name in run.metrics for run in runs)}
    cells |= {
        "best": [marks.get(run.id, "") for run in runs],
        "took": [duration(run.seconds) for run in runs],
        "when": pd.to_datetime([datetime.fromtimestamp(run.created, UTC) for run in runs], utc=True),
        "tags": [list(run.tags) for run in runs],
        "notes": [first_line(run.notes) for run in runs],
        "parameters": [run.parameters or None for run in runs],
        "steps": [run.steps for run in runs],
        "seconds": [run.seconds for run in runs],
        "device": [run.device for run in runs],
        "id": [run.id for run in runs],
    }
    return pd.DataFrame(cells)


def _metric_column(runs: Sequence[StoredRun], name: str) -> pd.Series:
    return pd.Series([run.metrics.get(name) for run in runs], dtype="float64")


def choices(runs: Sequence[StoredRun], value: Callable[[StoredRun], str]) -> list[str]:
    """Return the values there are, the most frequent first."""
    counts: dict[str, int] = {}
    for run in runs:
        counts[value(run)] = counts.get(value(run), 0) + 1
    return sorted(counts, key=lambda name: (-counts[name], name))


def positions(shown: Sequence[str], selected: Sequence[str]) -> list[int]:
    """Return where the selected ids stand in the table."""
    places = {run_id: place for place, run_id in enumerate(shown)}
    return sorted(places[run_id] for run_id in selected if run_id in places)


def reselected(selected: Sequence[str], shown: Sequence[str], rows: Sequence[int]) -> tuple[str, ...]:
    """Return the selection after a click in the table: its rows, and what the filters hide stays selected."""
    visible = set(shown)
    hidden = [run_id for run_id in selected if run_id not in visible]
    chosen = [shown[row] for row in rows if row < len(shown)]
    stays = [run_id for run_id in selected if run_id in set(chosen)]
    return tuple(dict.fromkeys([*hidden, *stays, *chosen]))


def duration(seconds: float) -> str:
    """Return a duration in at most seven characters: 0.4 s, 12 s, 3:05 min, 2:10 h."""
    if seconds < 60:
        return f"{seconds:.1f} s" if seconds < 10 else f"{seconds:.0f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}:{rest:02} min" if minutes < 60 else f"{minutes // 60}:{minutes % 60:02} h"


def first_line(text: str) -> str:
    """Return the first line of notes."""
    return text.strip().partition("\n")[0][:200]


def plain(text: str) -> str:
    """Return a text as Markdown that shows it as it is: files from elsewhere could ask for pictures from elsewhere."""
    return re.sub(r"([\\\[\]*`<>~$])", r"\\\1", text)
