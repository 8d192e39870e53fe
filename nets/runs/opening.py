"""Runs that begin with a checkpoint: a kept run taken up again, and one forked from another."""

from typing import TYPE_CHECKING

from nets.experiment import Experiment
from nets.problems import InvalidExperiment
from nets.runs.problems import StoreProblem
from nets.runs.protocol import ENDED, Begin
from nets.runs.run import Run

if TYPE_CHECKING:
    from nets.runs.keeper import Keeper


def open_run(keeper: "Keeper", run_id: str) -> Run | None:
    """Return a run as the store has it, to be given a worker.

    None if the store does not know it or can't be read, if it has no checkpoint, or settings of a later Playground.
    """
    try:
        keeper.flush()
        store = keeper.store
    except StoreProblem:
        return None
    if not run_id.isalnum() or (stored := store.get(run_id)) is None or stored.deleted is not None:
        return None
    kept = store.checkpoints(run_id)
    if not kept:
        return None
    try:
        experiment = stored.settings()
    except InvalidExperiment:
        return None
    status = stored.status if stored.status in ENDED else "interrupted"
    begin = Begin(experiment, str(store.folder(run_id)), str(kept[-1].path), status, stored.reason)
    parent = (stored.parent, stored.parent_step or 0) if stored.parent else None
    run = Run(run_id, begin, parent)
    run.is_kept, run.is_edited = True, stored.edited
    run.history.extend({name: value for name, value in row.items() if name != "seconds"} for row in store.rows(run_id))
    return run


def forked(run: Run, run_id: str, experiment: Experiment, folder: str | None) -> Run:
    """Return a run that goes on with other settings from the checkpoint that ``run`` is looked at."""
    checkpoint = run.rewound
    assert checkpoint is not None, "only a rewound run is forked"
    child = Run(run_id, Begin(experiment, folder, str(checkpoint.path), "paused"), (run.id, checkpoint.step))
    child.is_edited = run.is_edited or experiment != run.experiment
    child.history.extend(row for row in run.history.rows if row["epoch"] <= checkpoint.epoch)
    return child
