"""The keeper: carries what runs have done over into the store, on a thread of its own."""

import logging
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nets.home import home, run_folder
from nets.runs.problems import StoreProblem
from nets.runs.protocol import ENDED, INTERRUPTED
from nets.runs.run import Run

if TYPE_CHECKING:
    from nets.runs.store import Store

EVERY_SECONDS = 1.0


class Keeper:
    """Keeps the runs of one server. Methods may be called from any thread; those that ask the store wait for it.

    ``problem`` says why runs are not kept, while that is so; training goes on without.

    Args:
        root: folder of everything durable.
        url: of the database, see ``Store``.
    """

    def __init__(self, root: Path | None = None, url: str | None = None) -> None:
        self.root = root or home()
        self.problem = ""
        self._url = url
        self._opened: Store | None = None
        self._jobs: list[Callable[[Store], None]] = []
        self._runs: dict[str, Run] = {}
        self._status: dict[str, str] = {}
        self._lock = threading.Lock()
        self._working = threading.Lock()
        self._wake = threading.Event()
        self._is_open = threading.Event()
        self._closed = False
        self._thread = threading.Thread(target=self._work, name="keeper", daemon=True)
        self._thread.start()

    @property
    def store(self) -> "Store":
        """The store, as soon as it is open.

        Raises:
            StoreProblem: if it can't be opened, or was written by a later Playground.
        """
        self._is_open.wait()
        if self._opened is None:
            raise StoreProblem(self.problem)
        return self._opened

    def folder(self, run_id: str) -> str | None:
        """Return where a run's files go; None if they can't be kept."""
        return None if self._is_open.is_set() and self._opened is None else str(run_folder(self.root, run_id))

    def begin(self, run: Run) -> None:
        """Enter a run that is about to train."""
        experiment, parent = run.experiment, run.parent
        from_run, from_step = parent or (None, None)
        with self._lock:
            self._jobs.append(lambda store: store.begin(run.id, experiment, parent=from_run, parent_step=from_step))
            self._runs[run.id] = run
        self._wake.set()

    @contextmanager
    def noting(self, run: Run) -> Iterator[None]:
        """Take note of the news that a run gets meanwhile: whoever sees them and then flushes finds them in the store.

        A new status is written down at once, all else soon.
        """
        with self._lock:
            yield
            self._runs[run.id] = run
        if self._status.get(run.id) != run.status:
            self._wake.set()

    def flush(self) -> None:
        """Write down all there is, now."""
        store = self.store
        with self._working:
            with self._lock:
                jobs, self._jobs = self._jobs, []
                runs, self._runs = list(self._runs.values()), {}
            put_off = [job for job in jobs if not self._try(partial(job, store))]
            again = [run for run in runs if not self._try(partial(self._keep, store, run))]
            with self._lock:
                self._jobs[:0] = put_off
                self._runs = {**{run.id: run for run in again}, **self._runs}

    def close(self, runs: Iterable[Run]) -> None:
        """Write down the last news of ``runs``; those that were still at work are interrupted."""
        self._closed = True
        self._wake.set()
        self._thread.join()
        if self._opened is None:
            return
        self.flush()
        for run in runs:
            if run.is_kept and run.status not in ENDED:
                with self.noting(run):
                    run.show("interrupted", INTERRUPTED)
        self.flush()
        self._opened.close()

    def _work(self) -> None:
        self._open()
        while not self._closed and self._opened is not None:
            self.flush()
            self._wake.wait(EVERY_SECONDS)
            self._wake.clear()

    def _open(self) -> None:
        """Open the store here, on the keeper's thread: SQLAlchemy's import would keep the first page waiting."""
        from nets.runs.store import Store

        try:
            store = Store(self.root, self._url)
            store.recover()
            store.purge()
            self._opened = store
        except StoreProblem as problem:
            self._say(str(problem))
        finally:
            self._is_open.set()

    def _keep(self, store: "Store", run: Run) -> None:
        frame = run.frame
        store.take_journal(run.id)
        values: dict[str, Any] = {"status": run.status, "reason": run.reason}
        if frame is not None and frame.device:
            values |= {"device": frame.device, "parameters": frame.parameters}
        if run.is_edited:
            values |= {"edited": True, "experiment": run.experiment}
        store.note(run.id, **values)
        self._status[run.id] = run.status

    def _try(self, job: Callable[[], None]) -> bool:
        """Do a job and return whether it is done; what the store or the disk refuses now is tried again later."""
        try:
            job()
        except (StoreProblem, OSError) as problem:
            self._say(str(problem))
            return False
        self.problem = ""
        return True

    def _say(self, problem: str) -> None:
        if problem != self.problem:
            logging.getLogger(__name__).warning("%s", problem)
        self.problem = problem
