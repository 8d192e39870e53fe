"""Runs taken away and brought in: exports and run files, made when somebody asks for them."""

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from nets.problems import InvalidExperiment
from nets.runs.schema import StoreProblem
from nets.runs.store import Store

if TYPE_CHECKING:
    from nets.export import Source

RUN_FILE, RUN_FILE_WITH_ALL = "run", "run with every checkpoint"
MOST_KEPT = 4
"""Files kept in memory for a moment: the click that reports problems and the download ask for the same one."""


class CannotTakeAway(ValueError):
    """This file can't be made of this run; the sentence says why."""


def source_of(store: Store, run_id: str) -> "Source":
    """Return a kept run as the exports take it, with the weights of its last checkpoint.

    Raises:
        CannotTakeAway: if it is gone, or of a later Playground.
        StoreProblem: if the store can't be read.
    """
    from nets.export import Source
    from nets.runs import checkpoints
    from nets.training.state import WEIGHTS, DamagedState

    run = store.get(run_id)
    if run is None:
        raise CannotTakeAway("This run is not here any more.")
    kept = store.checkpoints(run_id)
    weights = None
    try:
        if kept:
            tensors, _ = checkpoints.read(kept[-1].path)
            named = {name: tensor for name, tensor in tensors.items() if name.startswith(WEIGHTS)}
            weights = {name.removeprefix(WEIGHTS): tensor.numpy() for name, tensor in named.items()}
        return Source(
            run=run_id,
            experiment=run.settings(),
            rows=store.rows(run_id),
            metrics=run.metrics,
            weights=weights,
            edited=run.edited,
            versions={**run.versions, "device": run.device},
        )
    except (DamagedState, InvalidExperiment, OSError) as error:
        raise CannotTakeAway(f"This run can't be exported: {error}") from None


def make(store: Store, run_id: str, format: str) -> bytes:
    """Return a run as a file of a format of ``nets.export``, or as a run file.

    Raises:
        CannotTakeAway: if there is nothing to make it of.
        StoreProblem: if the store can't be read.
    """
    from nets.export import CannotExport, export
    from nets.runs import archive

    try:
        if format in (RUN_FILE, RUN_FILE_WITH_ALL):
            return archive.save(store, run_id, every_checkpoint=format == RUN_FILE_WITH_ALL)
        return export(source_of(store, run_id), format).content
    except (CannotExport, archive.CannotSave) as error:
        raise CannotTakeAway(str(error)) from None


@dataclass
class Workshop:
    """Makes each file once: the browser asks for it on one thread while the page wants to know whether it can be made.

    Args:
        store: of the runs.
    """

    store: Store
    _made: OrderedDict[tuple[str, str, float], bytes] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def deferred(self, run_id: str, format: str, changed: float) -> Callable[[], bytes]:
        """Return what makes the file when it is called."""
        return lambda: self.file(run_id, format, changed)

    def file(self, run_id: str, format: str, changed: float) -> bytes:
        """Return the file of the run as it was ``changed`` last, or raise as ``make`` does."""
        key = (run_id, format, changed)
        with self._lock:
            if key not in self._made:
                self._made[key] = make(self.store, run_id, format)
                while len(self._made) > MOST_KEPT:
                    self._made.popitem(last=False)
            return self._made[key]

    def problem(self, run_id: str, format: str, changed: float) -> str:
        """Return why the file can't be made; nothing if it can."""
        try:
            self.file(run_id, format, changed)
        except (CannotTakeAway, StoreProblem) as error:
            return str(error)
        return ""
