"""The store: every run that has trained, found again after any restart.

Numbers are in a database that SQLAlchemy knows, SQLite by default; checkpoints are files beside it.
"""

import os
import shutil
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.exc import SQLAlchemyError

from nets.experiment import Experiment, dump, parse
from nets.home import home, run_folder
from nets.recipes import fitting_name
from nets.runs.checkpoints import Checkpoint, checkpoints
from nets.runs.database import in_short, open_engine, reading, writing
from nets.runs.problems import StoreProblem, StoreTooNew
from nets.runs.protocol import ENDED, INTERRUPTED
from nets.runs.recorder import JOURNAL, is_held, read_journal
from nets.runs.schema import EPOCHS, RUNS, migrate

__all__ = ["Store", "StoreProblem", "StoreTooNew", "StoredRun"]

URL_VARIABLE = "PLAYGROUND_DATABASE_URL"
BATCH = 1000
UNDO_SECONDS = 24 * 3600.0
"""How long a deleted run can be brought back."""


@dataclass(frozen=True)
class StoredRun:
    """One run as the store has it. Times are seconds since 1970; ``metrics`` are those of its last epoch."""

    id: str
    name: str
    experiment: Mapping[str, Any]
    dataset: str
    architecture: str
    seed: int
    status: str
    reason: str
    device: str
    versions: Mapping[str, str]
    parent: str | None
    parent_step: int | None
    edited: bool
    created: float
    changed: float
    seconds: float
    steps: int
    epochs: int
    parameters: int
    metrics: Mapping[str, float]
    tags: Sequence[str]
    notes: str
    deleted: float | None
    journal_offset: int = field(repr=False)

    def settings(self) -> Experiment:
        """Return its experiment.

        Raises:
            InvalidExperiment: if a later Playground wrote it in words that this one does not know.
        """
        return parse(self.experiment)


class Store:
    """All kept runs. Methods may be called from any thread and raise ``StoreProblem``.

    Args:
        root: folder of everything durable; default: PLAYGROUND_HOME.
        url: the database; default: PLAYGROUND_DATABASE_URL, else a SQLite file below ``root``.

    Raises:
        StoreTooNew: if a later Playground wrote it.
    """

    def __init__(self, root: Path | None = None, url: str | None = None) -> None:
        self.root = root or home()
        url = url or os.environ.get(URL_VARIABLE) or f"sqlite:///{self.root / 'runs.sqlite'}"
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            self._engine = open_engine(url)
            migrate(self._engine)
        except (SQLAlchemyError, OSError) as error:
            raise StoreProblem(f"Runs can't be kept in {self.root}: {in_short(error)}") from None

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()

    def folder(self, run_id: str) -> Path:
        """Return the folder of a run's files."""
        return run_folder(self.root, run_id)

    # What is written while runs train

    def begin(
        self, run_id: str, experiment: Experiment, *, parent: str | None = None, parent_step: int | None = None
    ) -> None:
        """Enter a run that is about to train; one that is known already goes on."""
        now = time.time()
        row = {
            "id": run_id,
            **_described(experiment),
            "status": "training",
            "versions": versions(),
            "parent": parent,
            "parent_step": parent_step,
            "created": now,
            "changed": now,
            "metrics": {},
            "tags": [],
        }
        with writing(self._engine) as connection:
            if connection.execute(select(RUNS.c.id).where(RUNS.c.id == run_id)).first() is None:
                connection.execute(insert(RUNS).values(**row))

    def note(self, run_id: str, **values: Any) -> None:
        """Write down columns of a run: status, reason, metrics, tags, notes, name, when it was deleted."""
        if "experiment" in values:
            values |= _described(values["experiment"])
        with writing(self._engine) as connection:
            connection.execute(update(RUNS).where(RUNS.c.id == run_id).values(changed=time.time(), **values))

    def take_journal(self, run_id: str) -> int:
        """Carry what is new in a run's journal over into the database; return how many epochs that were."""
        with writing(self._engine) as connection:
            offset = connection.execute(select(RUNS.c.journal_offset).where(RUNS.c.id == run_id)).scalar()
            rows = list(read_journal(self.folder(run_id), offset or 0))
            for start in range(0, len(rows), BATCH):
                batch = rows[start : start + BATCH]
                epochs = {row["epoch"]: {"run": run_id, **row} for _, row in batch}
                again = EPOCHS.c.epoch >= min(epochs)  # it was resumed from an earlier checkpoint
                connection.execute(delete(EPOCHS).where(EPOCHS.c.run == run_id, again))
                connection.execute(insert(EPOCHS), list(epochs.values()))
            if rows:
                offset, last = rows[-1]
                done = {"epochs": last["epoch"], "steps": last["step"], "seconds": last["seconds"]}
                values = {**done, "metrics": last["metrics"], "journal_offset": offset}
                connection.execute(update(RUNS).where(RUNS.c.id == run_id).values(**values))
        return len(rows)

    def recover(self) -> list[str]:
        """Take in what runs left behind whose process ended without a word; return their ids.

        One that was interrupted before may have been resumed since, by a server that ended before it said so. A run
        that another process is training just now is left alone.
        """
        with reading(self._engine) as connection:
            over = RUNS.c.status.in_((*(status for status in ENDED if status != "interrupted"), "ready"))
            left = connection.execute(select(RUNS.c.id, RUNS.c.status).where(~over)).all()
        found = []
        for run_id, status in left:
            if is_held(self.folder(run_id)):
                continue
            has_news = self.take_journal(run_id) > 0
            if status != "interrupted":
                self.note(run_id, status="interrupted", reason=INTERRUPTED)
            if has_news or status != "interrupted":
                found.append(run_id)
        return found

    # What is read

    def get(self, run_id: str) -> StoredRun | None:
        """Return a run, or None."""
        with reading(self._engine) as connection:
            row = connection.execute(select(RUNS).where(RUNS.c.id == run_id)).first()
        return StoredRun(**row._mapping) if row else None

    def runs(self, *, deleted: bool = False, architecture: str = "", limit: int | None = None) -> list[StoredRun]:
        """Return runs, the newest first; or those that are deleted, the last deleted first.

        All of them, unless only those of one architecture are asked for, or so many at most.
        """
        chosen = select(RUNS).where(RUNS.c.deleted.is_not(None) if deleted else RUNS.c.deleted.is_(None)).limit(limit)
        if architecture:
            chosen = chosen.where(RUNS.c.architecture == architecture)
        with reading(self._engine) as connection:
            rows = connection.execute(chosen.order_by((RUNS.c.deleted if deleted else RUNS.c.created).desc()))
            return [StoredRun(**row._mapping) for row in rows]

    def rows(self, run_id: str) -> list[dict[str, Any]]:
        """Return a run's epochs in order: epoch, step, seconds, and each metric by its name."""
        chosen = select(EPOCHS).where(EPOCHS.c.run == run_id).order_by(EPOCHS.c.epoch)
        with reading(self._engine) as connection:
            found = connection.execute(chosen)
            return [{"epoch": row.epoch, "step": row.step, "seconds": row.seconds, **row.metrics} for row in found]

    def count(self) -> int:
        """Return how many runs there are that are not deleted."""
        with reading(self._engine) as connection:
            counted = select(func.count()).select_from(RUNS).where(RUNS.c.deleted.is_(None))
            return connection.execute(counted).scalar_one()

    def checkpoints(self, run_id: str) -> list[Checkpoint]:
        """Return a run's checkpoints, the earliest first."""
        return checkpoints(self.folder(run_id))

    # What is thrown away, and what comes from elsewhere

    def delete(self, run_ids: Iterable[str]) -> None:
        """Delete runs; for a day they can be brought back."""
        for run_id in run_ids:
            self.note(run_id, deleted=time.time())

    def restore(self, run_ids: Iterable[str]) -> None:
        """Bring deleted runs back."""
        for run_id in run_ids:
            self.note(run_id, deleted=None)

    def purge(self, older_than: float = UNDO_SECONDS) -> None:
        """Remove for good what was deleted longer ago than so many seconds."""
        for run in self.runs(deleted=True):
            if run.deleted is None or time.time() - run.deleted < older_than:
                continue
            with writing(self._engine) as connection:
                connection.execute(delete(EPOCHS).where(EPOCHS.c.run == run.id))
                connection.execute(delete(RUNS).where(RUNS.c.id == run.id))
            shutil.rmtree(self.folder(run.id), ignore_errors=True)

    def add(self, run_id: str, values: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]) -> None:
        """Enter a run that comes whole from elsewhere: its columns, and its epochs as ``rows`` returns them."""
        epochs = [
            {
                "run": run_id,
                **{name: row[name] for name in ("epoch", "step", "seconds")},
                "metrics": {name: value for name, value in row.items() if name not in ("epoch", "step", "seconds")},
            }
            for row in rows
        ]
        with writing(self._engine) as connection:
            connection.execute(insert(RUNS).values(id=run_id, changed=time.time(), **values))
            if epochs:
                connection.execute(insert(EPOCHS), epochs)

    def end_journal(self, run_id: str) -> None:
        """Remove a journal that has been carried over whole: the database has it all."""
        if is_held(self.folder(run_id)):
            return
        (self.folder(run_id) / JOURNAL).unlink(missing_ok=True)
        self.note(run_id, journal_offset=0)


def versions() -> dict[str, str]:
    """Return what the numbers of a run depend on beside its experiment."""
    import platform
    from importlib.metadata import version

    return {"python": platform.python_version(), "torch": version("torch"), "numpy": version("numpy")}


def _described(experiment: Experiment) -> dict[str, Any]:
    return {
        "experiment": dump(experiment),
        "name": fitting_name(experiment),
        "dataset": experiment.data.name,
        "architecture": experiment.model.kind,
        "seed": experiment.train.seed,
    }
