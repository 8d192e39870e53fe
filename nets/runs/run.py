"""One run as the manager knows it: its latest frame, its history, and where its worker is."""

import signal
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from multiprocessing.connection import Connection
from typing import Any

from nets.datasets.images.downloading import Progress
from nets.experiment import Experiment
from nets.runs.checkpoints import Checkpoint
from nets.runs.protocol import (
    ENDED,
    Action,
    Begin,
    Do,
    Edit,
    Frame,
    LoadWeights,
    RunStatus,
    SetParameter,
    Travel,
    Watch,
)
from nets.training.history import History
from nets.views import View

FORGET_VIEWER_SECONDS = 2.0
"""A page that has not asked for this long looks no more."""


class Run:
    """A run, whether its worker is starting, training, waiting or gone. Methods may be called from any thread.

    ``parent`` is the run that it was forked from and after which step; ``is_kept`` says that the store has it;
    ``rewound`` is the checkpoint that is looked at, None for where the run is by itself; ``loading`` says how far its
    data are on their way.
    """

    def __init__(self, run_id: str, begin: Begin, parent: tuple[str, int] | None = None) -> None:
        self.id = run_id
        self.experiment = begin.experiment
        self.parent = parent
        self.status, self.reason = begin.status, begin.reason
        self.is_kept = self.is_edited = False
        self.rewound: Checkpoint | None = None
        self.frame: Frame | None = None
        self.loading: Progress | None = None
        self.threads = begin.threads
        self.views: dict[str, Any] = {}
        self.history = History()
        self.created = self.last_looked_at = time.monotonic()
        self.pid: int | None = None
        self._connection: Connection[Any, Any] | None = None
        self._outbox: list[Any] = [begin]
        self._lock = threading.RLock()
        self._news = threading.Condition(self._lock)
        self._watched: Mapping[str, View] = {}
        self._viewers: dict[str, tuple[float, Mapping[str, View]]] = {}
        self._orders = self._edits = 0
        self._version = 0
        self._listeners: list[Callable[[], None]] = []

    # What the manager does

    def connect(self, connection: "Connection[Any, Any]", pid: int) -> None:
        """Take the worker's call and say what has waited for it."""
        with self._lock:
            self._connection, self.pid = connection, pid
            waiting, self._outbox = self._outbox, []
            for message in waiting:
                self._send(message)

    def take(self, frame: Frame) -> None:
        """Take a frame in; from the first one on there is something to look at."""
        with self._lock:
            if self.frame is None:
                self.last_looked_at = time.monotonic()
            if frame.status == "failed" and self.frame is not None:
                frame = replace(self.frame, status="failed", reason=frame.reason, rows=(), views={})
            self.frame, self.loading, self.threads = frame, None, frame.threads
            self.is_edited |= frame.edited
            if frame.experiment is not None and frame.edits == self._edits:
                self.experiment = frame.experiment
            self.history.extend(frame.rows)
            self.views.update(frame.views)
            if frame.status == "failed" or (frame.obeyed >= self._orders and self.status != "queued"):
                self.status, self.reason = frame.status, frame.reason
            self._changed()

    def loads(self, progress: Progress) -> None:
        """Note how far the data are on their way."""
        with self._lock:
            self.loading = progress
            self._changed()

    def lost(self, why: str) -> None:
        """The worker is gone: a run that had not come to its end has failed."""
        with self._lock:
            self._connection, self._outbox = None, []
            if self.status not in ENDED:
                self.status, self.reason = "failed", why
            self._changed()

    def disconnect(self) -> None:
        """Hang up; the worker ends by itself, and one that has not called yet is not answered."""
        with self._lock:
            self._outbox = []
            connection, self._connection = self._connection, None
            if connection is not None:
                connection.close()

    def do(self, action: Action, part: str = "") -> None:
        """Pass an order on to the worker and show it as obeyed at once; see ``Do``."""
        with self._lock:
            self._orders += 1
            self._send(Do(action, self._orders, part))
            if action != "stop" and action != "pause":
                self.status, self.reason = "training", ""
            self._changed()

    def show(self, status: RunStatus, reason: str = "") -> None:
        """Show a status that the worker does not know of."""
        with self._lock:
            self.status, self.reason = status, reason
            self._changed()

    def forget_viewers(self, now: float) -> None:
        """Stop sending views to pages that look no more."""
        with self._lock:
            self._viewers = {
                name: seen for name, seen in self._viewers.items() if now - seen[0] < FORGET_VIEWER_SECONDS
            }
            self._tell_what_is_watched()

    # What a page does

    @property
    def alive(self) -> bool:
        """Is there a worker, or one on its way?"""
        return self._connection is not None or bool(self._outbox)

    def watch(self, viewer: str, views: Mapping[str, View]) -> None:
        """Ask for views on behalf of one page; to be repeated at least every two seconds.

        Views of the same name from several pages: the latest asked for wins.
        """
        with self._lock:
            self.last_looked_at = time.monotonic()
            self._viewers[viewer] = (self.last_looked_at, views)
            self._tell_what_is_watched()

    @property
    def version(self) -> int:
        """A number that grows with every change."""
        return self._version

    @property
    def message(self) -> str:
        """What the worker had to say of the last change in mid-run."""
        return self.frame.message if self.frame else ""

    @contextmanager
    def listened_to(self, listener: Callable[[], None]) -> Iterator[None]:
        """Call ``listener``, from any thread, at each change meanwhile; it must not wait for anything."""
        with self._lock:
            self._listeners.append(listener)
        try:
            yield
        finally:
            with self._lock:
                self._listeners.remove(listener)

    def wait_until_still(self, seconds: float) -> None:
        """Wait until the run trains no more, ``seconds`` at most, so that a page can show at once what it asked for."""
        with self._news:
            self._news.wait_for(lambda: self.status != "training", timeout=seconds)

    def edit(self, experiment: Experiment, threads: int) -> None:
        """Go on with other settings, keeping the weights that fit."""
        with self._lock:
            self.experiment = experiment
            self._edits += 1
            self._send(Edit(experiment, threads))

    def load_weights(self, content: bytes) -> None:
        """Put the weights of a safetensors file into the network; the next frame's message says what became of it."""
        with self._lock:
            self._send(LoadWeights(content))

    def travel(self, checkpoint: Checkpoint, *, is_last: bool) -> None:
        """Look at an earlier state of the run, or with ``is_last`` at its own again."""
        with self._lock:
            self.rewound = None if is_last else checkpoint
            self._send(Travel(str(checkpoint.path)))
            self._changed()

    def set_parameter(self, layer: int, to: int, source: int | None, value: float) -> None:
        """Set one weight, or with no ``source`` a bias."""
        with self._lock:
            self._send(SetParameter(layer, to, source, value))

    def send(self, message: Any) -> None:
        """Send any message to the worker."""
        with self._lock:
            self._send(message)

    def _changed(self) -> None:
        self._version += 1
        self._news.notify_all()
        for listener in self._listeners:
            listener()

    def _tell_what_is_watched(self) -> None:
        wanted: dict[str, View] = {}
        for _, views in self._viewers.values():
            wanted |= views
        if wanted != self._watched:
            self._watched = wanted
            self._send(Watch(wanted))

    def _send(self, message: Any) -> None:
        if self._connection is None:
            if self._outbox:
                self._outbox.append(message)
            return
        try:
            self._connection.send(message)
        except OSError:
            self._connection = None


def how_it_ended(code: int | None) -> str:
    """Return a sentence on a worker that is gone: its exit code, minus a signal, or None where nobody knows."""
    what = "ended without a word"
    if code is not None and code < 0:
        name = signal.Signals(-code).name
        what = f"was killed ({name})" + ("; the system may have run out of memory" if name == "SIGKILL" else "")
    return f"The training process {what}. What it had learnt is kept; Train goes on from there."
