"""The manager: starts workers, queues runs, keeps their latest frames, and sees that none is left behind."""

import atexit
import contextlib
import logging
import os
import secrets
import tempfile
import threading
import time
from collections import deque
from multiprocessing import AuthenticationError, Pipe
from multiprocessing.connection import Connection, Listener, wait
from pathlib import Path
from typing import Any, NamedTuple

from nets.experiment import Experiment
from nets.runs.ids import new_run_id
from nets.runs.launcher import FORK_SERVER_TOKEN, ForkLauncher, SpawnLauncher
from nets.runs.protocol import ENDED, Ack, Action, Exited, Frame, Hello
from nets.runs.run import Run, how_it_ended
from nets.training import needs_new_run

UNWATCHED_READY_SECONDS = 20.0
UNWATCHED_ENDED_SECONDS = 300.0
UNWATCHED_CROWDED_SECONDS = 5.0
MOST_WORKERS = 32
MOST_RUNS = 500
EXIT_NEWS_SECONDS = 2.0
"""How long the news of a worker's end may come after its connection broke."""


class _Spare(NamedTuple):
    """A worker that has called before a run wants it."""

    connection: "Connection[Any, Any]"
    pid: int


class RunManager:
    """All runs of one server. Methods may be called from any thread.

    Args:
        cores: threads that all running workers may use together; default: the machine's.
        fork: fork workers from a warm process; default: where the platform can.
    """

    def __init__(self, *, cores: int | None = None, fork: bool = hasattr(os, "fork")) -> None:
        self.cores = cores or os.cpu_count() or 1
        self._runs: dict[str, Run] = {}
        self._by_token: dict[str, Run] = {}
        self._queue: deque[Run] = deque()
        self._active: list[Run] = []
        self._lock = threading.RLock()
        self._connections: dict[Connection[Any, Any], Run | None] = {}
        self._spares: dict[str, _Spare] = {}
        self._exit_codes: dict[int, int] = {}
        self._broken: list[tuple[float, Run]] = []
        self._closed = False
        authkey = secrets.token_bytes(32)
        self._folder = tempfile.TemporaryDirectory(prefix="playground-", ignore_cleanup_errors=True)
        address = str(Path(self._folder.name) / "runs") if fork else None
        self._listener = Listener(address, authkey=authkey, backlog=16)
        self._wake_reader, self._wake_writer = Pipe(duplex=False)
        launcher = ForkLauncher if fork else SpawnLauncher
        self._launcher = launcher(str(self._listener.address), authkey)
        for work in (self._accept, self._read):
            threading.Thread(target=work, name=f"runs-{work.__name__}", daemon=True).start()
        atexit.register(self.close)

    # What a page asks for

    def create(self, experiment: Experiment) -> Run:
        """Return a new run whose untrained network is being built; it waits for ``play``."""
        run = Run(new_run_id(), experiment)
        with self._lock:
            self._runs[run.id] = run
            token = self._launcher.start(run.id)
            if (spare := self._spares.pop(token, None)) is None:
                self._by_token[token] = run
            else:
                self._connections[spare.connection] = run
                run.connect(spare.connection, spare.pid)
        return run

    def get(self, run_id: str) -> Run | None:
        """Return the run with this id, if it is still known."""
        return self._runs.get(run_id)

    def do(self, run: Run, action: Action) -> None:
        """Play, pause, step, train an epoch or stop; ``play`` queues the run if every core is busy.

        A run whose worker is gone obeys no more.
        """
        with self._lock:
            if not run.alive:
                return
            if run in self._queue:
                self._queue.remove(run)
                if action in ("pause", "stop"):
                    run.show("paused" if run.frame and run.frame.step else "ready")
                    return
            if action == "play" and not self._has_room(run):
                self._queue.append(run)
                run.show("queued")
                return
            if action == "play" and run not in self._active:
                self._active.append(run)
            run.do(action)

    def edit(self, run: Run, experiment: Experiment) -> Run:
        """Return the run that goes on with ``experiment``: the same one where it can keep its weights.

        A run that has not taken a step yet, or whose data, seed or device change, makes room for a new one.
        """
        untrained = run.frame is None or run.frame.step == 0
        if untrained or not run.alive or needs_new_run(run.experiment, experiment):
            return self.replace(run, experiment)
        run.edit(experiment)
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
            return self._queue.index(run) + 1 if run in self._queue else 0

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
        with contextlib.suppress(OSError):
            self._listener.close()
        self._wake()
        self._folder.cleanup()

    # Slots

    def _has_room(self, run: Run) -> bool:
        busy = sum(other.experiment.train.threads for other in self._active if other is not run and other.alive)
        return not busy or busy + run.experiment.train.threads <= self.cores

    def _advance_queue(self) -> None:
        with self._lock:
            self._active = [run for run in self._active if run.status == "training" and run.alive]
            self._queue = deque(run for run in self._queue if run.alive)
            while self._queue and self._has_room(self._queue[0]):
                run = self._queue.popleft()
                self._active.append(run)
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
        elif isinstance(message, Frame) and run is not None:
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
            run.lost(how_it_ended(code))
            self._advance_queue()
        self._broken = waiting

    def _tidy(self, now: float) -> None:
        """Let go of what nobody looks at: untrained networks soon, ended runs later, the oldest where many wait."""
        with self._lock:
            for token in self._launcher.given_up():
                self._by_token.pop(token).lost("No training process could be started; the server's log says why.")
            runs = list(self._runs.values())
        alive = 0
        for run in sorted(runs, key=lambda run: run.last_looked_at, reverse=True):
            run.forget_viewers(now)
            if not run.alive or run.status in ("training", "queued"):
                continue
            alive += 1
            unwatched = now - run.last_looked_at
            if run.status == "ready" and run.frame is not None and unwatched > UNWATCHED_READY_SECONDS:
                self._forget(run)
            elif (run.status in ENDED and unwatched > UNWATCHED_ENDED_SECONDS) or (
                alive > MOST_WORKERS and unwatched > UNWATCHED_CROWDED_SECONDS
            ):
                run.disconnect()
        if len(runs) > MOST_RUNS:
            for run in sorted((run for run in runs if not run.alive), key=lambda run: run.last_looked_at)[:100]:
                self._forget(run)

    def _forget(self, run: Run) -> None:
        with self._lock:
            self._runs.pop(run.id, None)
            run.disconnect()
            self._advance_queue()

    def _drop_closed(self) -> None:
        with self._lock:
            self._connections = {
                connection: run for connection, run in self._connections.items() if not connection.closed
            }

    def _wake(self) -> None:
        with contextlib.suppress(OSError):
            self._wake_writer.send_bytes(b"!")
