"""Kept runs to look at: entered into a store as a server would, with curves that are known."""

import math
from collections.abc import Mapping
from typing import Any

from nets.experiment import parse
from nets.runs import checkpoints
from nets.runs.ids import new_run_id
from nets.runs.store import Store, StoredRun, versions
from nets.training import Controls, Training
from tests.nets.experiments import SMALL, settings

BEGAN = 1_700_000_000.0


def keep(
    store: Store,
    changes: Mapping[str, Any] | None = None,
    *,
    base: Mapping[str, Any] = SMALL,
    epochs: int = 4,
    level: float = 0.5,
    weights: bool = False,
    **columns: Any,
) -> str:
    """Enter a run whose losses fall to ``level``, with a checkpoint if ``weights``; return its id."""
    experiment = parse(settings(changes, base))
    rows = [
        {
            "epoch": epoch,
            "step": epoch * 3,
            "seconds": epoch * 0.5,
            "train_loss": level + math.exp(-epoch) / 2,
            "test_loss": level + math.exp(-epoch),
            "train_accuracy": 1 - level / 4,
            "test_accuracy": 1 - level / 2,
        }
        for epoch in range(epochs + 1)
    ]
    run_id = columns.pop("id", new_run_id())
    number = len(store.runs())
    places = ("epoch", "step", "seconds")
    values: dict[str, Any] = {
        "experiment": experiment.model_dump(mode="json"),
        "name": experiment.name,
        "dataset": experiment.data.name,
        "architecture": experiment.model.kind,
        "seed": experiment.train.seed,
        "status": "completed",
        "reason": f"Completed {epochs} epochs.",
        "device": "cpu",
        "versions": versions(),
        "created": BEGAN + number,
        "seconds": rows[-1]["seconds"],
        "steps": rows[-1]["step"],
        "epochs": epochs,
        "parameters": 33,
        "metrics": {name: value for name, value in rows[-1].items() if name not in places},
        "tags": [],
    }
    store.add(run_id, values | columns, rows)
    if weights:
        training = Training(experiment)
        controls = Controls(paused=True)
        controls.step(2)
        for _ in training.events(controls):
            if training.step == 2:
                break
        checkpoints.save(training, store.folder(run_id))
    return run_id


def stored(store: Store, run_id: str) -> StoredRun:
    """Return a run that must be there."""
    run = store.get(run_id)
    assert run is not None
    return run
