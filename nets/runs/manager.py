"""The manager: starts workers, queues runs, keeps their latest frames, and sees that none is left behind."""

import atexit
import contextlib
import logging
import os
import secrets
import tempfile
import threading
import time
from multiprocessing import AuthenticationError, Pipe
from multiprocessing.connection import Connection, Listener, wait
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from nets.datasets.images.downloading import Progress
from nets.experiment import Experiment
from nets.runs.ids import new_run_id
from nets.runs.launcher import CAN_FORK, FORK_SERVER_TOKEN, USUAL, ForkLauncher, Launch
from nets.runs.opening import forked, open_run
from nets.runs.protocol import Ack, Action, Begin, Exited, Frame, Hello
from nets.runs.run import Run, how_it_ended
from nets.runs.slots import Slots
from nets.runs.tidying import nobody_looks_at
from nets.training import needs_new_run

if TYPE_CHECKING:
    from nets.runs.keeper import Keeper

EXIT_NEWS_SECONDS = 2.0
"""How long the news of a worker's end may come after its connection broke."""


class _Spare(NamedTuple):
    """A worker that has called before a run wants it."""

    connection: "Connection[Any, Any]"
    pid: int


class RunManager:
    """All runs of one server. Methods may be called from any thread.

    Args:
        slots: how many runs may train at once; default: one of one thread for each core.
        launch: how workers are started; default: forked from a warm process where the platform can.
        keeper: keeps runs that train; without one they are gone when the manager is.
    """

    def __init__(self, *, slots: Slots | None = None, launch: Launch = USUAL, keeper: "Keeper | None" = None) -> None:
        self._slots = slots or Slots(os.cpu_count() or 1)
        self.keeper = keeper
        self._runs: dict[str, Run] = {}
        self._by_token: dict[str, Run] = {}
        self._lock = threading.RLock()
        self._connections: dict[Connection[Any, Any], Run | None] = {}
        self._spares: dict[str, _Spare] = {}
        self._exit_codes: dict[int, int] = {}
        self._broken: list[tuple[float, Run]] = []
        self._closed = False
        authkey = secrets.token_bytes(32)
        self._folder = tempfile.TemporaryDirectory(prefix="playground-", ignore_cleanup_errors=True)
        address = str(Path(self._folder.name) / "runs") if CAN_FORK else None
        self._listener = Listener(address, authkey=authkey, backlog=16)
        self._wake_reader, self._wake_writer = Pipe(duplex=False)
        self._launcher = launch(str(self._listener.address), authkey)
        for work in (self._accept, self._read):
            threading.Thread(target=work, name=f"runs-{work.__name__}", daemon=True).start()
        atexit.register(self.close)

    # What a page asks for

    def create(self, experiment: Experiment) -> Run:
        """Return a new run whose untrained network is being built; it waits for ``play``."""
        threads = self._slots.threads_for(experiment)
        return self._start(Run(run_id := new_run_id(), Begin(experiment, self.folder_of(run_id), threads=threads)))

    def open(self, run_id: str) -> Run | None:
        """Return a kept run as its last checkpoint has it, ready to go on; None if there is no such run."""
        run = self.get(run_id)
        if self.keeper is None or (run is not None and run.alive):
            return run
        return self._start(opened) if (opened := open_run(self.keeper, run_id)) else run

    def fork(self, run: Run, experiment: Experiment) -> Run:
        """Return a new run that goes on with ``experiment`` from the checkpoint that ``run`` is looked at."""
        if needs_new_run(run.experiment, experiment):
            return self.create(experiment)
        run_id = new_run_id()
        return self._start(forked(run, run_id, experiment, self.folder_of(run_id)))

    def folder_of(self, run_id: str) -> str | None:
        """Return where a run's files go; None if it is not kept."""
        return self.keeper.folder(run_id) if self.keeper else None

    def _start(self, run: Run) -> Run:
        """Start a worker for a run, or give it one that waits."""
        with self._lock:
            self._runs[run.id] = run
            token = self._launcher.start(run.id)
            if (spare := self._spares.pop(token, None)) is None:
                self._by_token[token] = run
            else:
                self._launcher.called(token)
                self._connections[spare.connection] = run
                run.connect(spare.connection, spare.pid)
        return run

    def get(self, run_id: str) -> Run | None:
        """Return the run with this id, if it is still known."""
        return self._runs.get(run_id)

    def do(self, run: Run, action: Action, part: str = "") -> None:
        """Play, pause, step, train an epoch or stop, if it has a worker; ``play`` queues it if every core is busy."""
        with self._lock:
            if not run.alive:
                return
            if self.keeper and not run.is_kept:
                run.is_kept = True
                self.keeper.begin(run)
            if self._slots.leave_queue(run) and action in ("pause", "stop"):
                run.show("paused" if run.frame and run.frame.step else "ready")
            elif action == "play" and not self._slots.take(run):
                run.show("queued")
            else:
                run.do(action, part)

    def edit(self, run: Run, experiment: Experiment) -> Run:
        """Return the run that goes on with ``experiment``: the same one where it can keep its weights.

        An untrained run, or one whose data, seed or device change, makes room for a new one; a rewound one is forked.
        """
        if run.rewound:
            return self.fork(run, experiment)
        untrained = run.frame is None or run.frame.step == 0
        if untrained or not run.alive or needs_new_run(run.experiment, experiment):
            return self.replace(run, experiment)
        run.edit(experiment, self._slots.threads_for(experiment, run))
        return run

    def replace(self, run: Run, experiment: Experiment) -> Run:
        """Return a new run for ``experiment``; the old one ends, and goes if it never trained."""
        with self._lock:
            if run.status in ("training", "queued"):
                self.do(run, "stop")
            if run.frame is None or run.frame.step == 0:
                self._forget(run)
        return self.create(experiment)

    def place_in_queue(self, run: Run) -> int:
        """Return 1 for the run that is next, 0 for one that does not wait."""
        with self._lock:
            return self._slots.place(run)

    def workers(self) -> list[int]:
        """Return the process ids of the workers that are connected."""
        with self._lock:
            return [run.pid for run in self._connections.values() if run is not None and run.pid is not None]

    def close(self) -> None:
        """End every worker; nothing is left behind."""
        if self._closed:
            return
        self._closed = True
        atexit.unregister(self.close)
        with self._lock:
            for run in self._runs.values():
                run.disconnect()
        self._launcher.close()
        if self.keeper:
            self.keeper.close(list(self._runs.values()))
        with contextlib.suppress(OSError):
            self._listener.close()
        self._wake()
        self._folder.cleanup()

    def _noting(self, run: Run) -> contextlib.AbstractContextManager[None]:
        return self.keeper.noting(run) if self.keeper and run.is_kept else contextlib.nullcontext()

    def _advance_queue(self) -> None:
        with self._lock:
            for run in self._slots.advance():
                run.do("play")

    # Threads

    def _accept(self) -> None:
        while not self._closed:
            try:
                connection = self._listener.accept()
                hello = connection.recv()
            except (OSError, EOFError, AuthenticationError) as error:
                if not self._closed:
                    logging.getLogger(__name__).warning("A call was refused: %s", error)
                    time.sleep(0.01)
                continue
            self._welcome(connection, hello)

    def _welcome(self, connection: "Connection[Any, Any]", hello: Hello) -> None:
        if hello.token == FORK_SERVER_TOKEN:
            assert isinstance(self._launcher, ForkLauncher)
            with self._lock:
                self._connections[connection] = None
            self._launcher.connected(connection)
        else:
            with self._lock:
                run = self._by_token.pop(hello.token, None)
                is_spare = self._launcher.called(hello.token)
                if is_spare:
                    self._spares[hello.token] = _Spare(connection, hello.pid)
                elif run is None or not run.alive:
                    connection.close()
                    return
                self._connections[connection] = run
            if run is not None:
                run.connect(connection, hello.pid)
        self._wake()

    def _read(self) -> None:
        last_tidied = 0.0
        while not self._closed:
            with self._lock:
                sources = [*self._connections, self._wake_reader]
            try:
                ready = wait(sources, timeout=0.25)
            except (OSError, ValueError):
                self._drop_closed()
                continue
            for source in ready:
                if source is self._wake_reader:
                    self._wake_reader.recv_bytes()
                elif isinstance(source, Connection) or hasattr(source, "recv"):
                    self._receive(source)
            self._settle_broken()
            if time.monotonic() - last_tidied > 1:
                last_tidied = time.monotonic()
                self._tidy(last_tidied)

    def _receive(self, connection: Any) -> None:
        run = self._connections.get(connection)
        try:
            message = connection.recv()
        except (EOFError, OSError, TypeError):  # TypeError: another thread closes it just now
            with self._lock:
                self._connections.pop(connection, None)
                self._spares = {token: spare for token, spare in self._spares.items() if spare.connection != connection}
            if run is not None:
                self._broken.append((time.monotonic(), run))
            return
        if isinstance(message, Exited):
            self._exit_codes[message.pid] = message.code
        elif isinstance(message, Progress) and run is not None:
            run.loads(message)
        elif isinstance(message, Frame) and run is not None:
            with self._noting(run):
                run.take(message)
            run.send(Ack())
            if message.status != "training":
                self._advance_queue()

    def _settle_broken(self) -> None:
        """End runs whose connection broke, once it is known how their worker ended."""
        now = time.monotonic()
        waiting = []
        for since, run in self._broken:
            code = self._exit_codes.pop(run.pid or 0, None)
            if code is None and now - since < EXIT_NEWS_SECONDS:
                waiting.append((since, run))
                continue
            with self._noting(run):
                run.lost(how_it_ended(code))
            self._advance_queue()
        self._broken = waiting

    def _tidy(self, now: float) -> None:
        with self._lock:
            for token in self._launcher.given_up():
                self._by_token.pop(token).lost("No training process could be started; the server's log says why.")
            runs = list(self._runs.values())
        forgotten, let_go = nobody_looks_at(runs, now)
        for run in forgotten:
            self._forget(run)
        for run in let_go:
            run.disconnect()

    def _forget(self, run: Run) -> None:
        with self._lock:
            self._runs.pop(run.id, None)
            run.disconnect()
            self._advance_queue()

    def _drop_closed(self) -> None:
        with self._lock:
            self._connections = {link: run for link, run in self._connections.items() if not link.closed}

    def _wake(self) -> None:
        with contextlib.suppress(OSError):
            self._wake_writer.send_bytes(b"!")
