"""What the process that trains writes down: each epoch's numbers at once, and a checkpoint now and then.

Files alone, no database: a line appended to the journal is safe the moment it is written, whoever is killed next. The
server carries journals over into the store.
"""

import os
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

from nets.runs.checkpoints import save

if TYPE_CHECKING:
    from nets.training import EpochDone, Training

JOURNAL = "journal.jsonl"
LOCK = "lock"
SHARE_OF_TIME = 0.01
"""Of a training's time that checkpoints may cost; beyond it they come less often."""
CHEAP_SECONDS = 0.05
"""A checkpoint that costs no more may be taken at the first epochs, where most changes."""


class Recorder:
    """Keeps one run's files. When they can't be written, ``problem`` says why, and training goes on without.

    Args:
        folder: the run's.
    """

    def __init__(self, folder: Path) -> None:
        import safetensors.torch  # noqa: F401 - the first checkpoint must not look dear for what it imports
        from filelock import FileLock

        self.folder = folder
        self.problem = ""
        self._journal: int | None = None
        self._lock = FileLock(folder / LOCK)
        self._next_checkpoint = self._last_cost = 0.0
        self._saved_step = -1

    def begin(self, training: "Training") -> None:
        """Write down the untrained network, before its first step."""
        self._note(training, 0, 0, training.metrics)
        self.checkpoint(training)

    def epoch(self, training: "Training", event: "EpochDone") -> None:
        """Write an epoch's numbers down, and a checkpoint if it is time for one."""
        self._note(training, event.epoch, event.step, event.metrics)
        is_early = event.epoch & (event.epoch - 1) == 0 and self._last_cost < CHEAP_SECONDS
        if is_early or time.perf_counter() >= self._next_checkpoint:
            self.checkpoint(training)

    def checkpoint(self, training: "Training", *, changed: bool = False) -> None:
        """Write the training's state, unless it is written already and nothing has ``changed`` since."""
        if self.problem or (training.step == self._saved_step and not changed):
            return
        began = time.perf_counter()
        self._guarded(lambda: save(training, self.folder))
        ended = time.perf_counter()
        self._saved_step, self._last_cost = training.step, ended - began
        self._next_checkpoint = ended + self._last_cost / SHARE_OF_TIME

    def close(self) -> None:
        """Let go of the files."""
        if self._journal is not None:
            os.close(self._journal)
            self._journal = None
        self._lock.release()

    def _note(self, training: "Training", epoch: int, step: int, metrics: Mapping[str, float]) -> None:
        row = {"epoch": epoch, "step": step, "seconds": round(training.seconds, 6), "metrics": metrics}
        self._guarded(lambda: self._append(row))

    def _append(self, row: Mapping[str, Any]) -> None:
        if self._journal is None:
            self.folder.mkdir(parents=True, exist_ok=True)
            self._lock.acquire(timeout=0)
            self._journal = os.open(self.folder / JOURNAL, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
        line = orjson.dumps(row) + b"\n"
        if os.write(self._journal, line) < len(line):
            raise OSError("the disk is full")

    def _guarded(self, write: Any) -> None:
        if self.problem:
            return
        try:
            write()
        except OSError as error:  # a lock that another process holds is one too
            self.problem = f"This run is not kept any more, only trained: {error.strerror or error}."


def is_held(folder: Path) -> bool:
    """Is a process, of this server or another, training the run of this folder now?"""
    from filelock import FileLock, Timeout

    if not (folder / LOCK).exists():
        return False
    try:
        with FileLock(folder / LOCK, timeout=0):
            return False
    except (Timeout, OSError):
        return True


def read_journal(folder: Path, offset: int) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield the rows after ``offset`` bytes, each with the offset behind it; a line cut short is left for later."""
    try:
        with (folder / JOURNAL).open("rb") as file:
            file.seek(offset)
            for line in file:
                if not line.endswith(b"\n"):
                    return
                offset += len(line)
                try:
                    yield offset, orjson.loads(line)
                except orjson.JSONDecodeError:
                    continue
    except FileNotFoundError:
        return
