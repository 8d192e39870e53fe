"""Jobs of all visitors of a server, done one after the other in one process beside it."""

import atexit
import contextlib
import itertools
import queue
import subprocess
import sys
import threading
import time
from collections import OrderedDict, deque
from collections.abc import Mapping
from typing import Any, Literal

import orjson

from nets.concepts.jobs import Job
from nets.runs.launcher import ROOT, child_environment

IDLE_SECONDS = 60.0
"""How long the process waits for another job."""
UNSEEN_SECONDS = 20.0
"""A job that nobody has looked at for so long is ended."""
STOP_SECONDS = 1.0
"""How long the process may take to leave a job, before it is ended instead."""
MOST_KEPT = 24
"""Answers of finished jobs that are kept, so that going back to one costs nothing."""
TICK = 0.2

Status = Literal["waiting", "working", "finished", "stopped", "failed"]


class Answer:
    """A job and what is known of it so far. One thread writes, pages read; ``version`` grows with each change.

    ``plane`` and ``level`` are the last such events, ``steps`` and ``lessons`` all of theirs; ``reason`` is a sentence
    where there is anything to say; ``progress`` goes from 0 to 1.
    """

    def __init__(self, job: Job, number: int) -> None:
        self.job, self.number = job, number
        self.status: Status = "waiting"
        self.reason = ""
        self.progress = 0.0
        self.version = 0
        self.plane: Mapping[str, Any] | None = None
        self.level: Mapping[str, Any] | None = None
        self.steps: list[Mapping[str, Any]] = []
        self.lessons: list[Mapping[str, Any]] = []
        self.end: Mapping[str, Any] = {}
        self.is_wanted = True
        self.looked_at = time.monotonic()
        self._ended = threading.Event()

    @property
    def is_over(self) -> bool:
        """Has it come to an end?"""
        return self.status in ("finished", "stopped", "failed")

    def wait(self, seconds: float) -> None:
        """Wait for its end, but no longer than so many seconds."""
        self._ended.wait(seconds)

    def look(self) -> None:
        """Note that somebody is waiting for it."""
        self.looked_at = time.monotonic()

    def take(self, event: Mapping[str, Any]) -> None:
        """Take in an event of the job."""
        match event["event"]:
            case "plane":
                self.plane = event
            case "level":
                self.level = event
            case "step":
                self.steps.append(event)
                self.progress = (event["step"] + 1) / event["of"]
            case "lesson":
                self.lessons.append(event)
            case "progress":
                self.progress = event["done"] / event["of"]
            case "finished" | "stopped" | "failed" as status:
                self.end, self.reason = event, str(event.get("reason", ""))
                self.status = status
                self._ended.set()
        self.version += 1


class Laboratory:
    """Takes jobs from visitors. Methods may be called from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._numbers = itertools.count()
        self._waiting: deque[Answer] = deque()
        self._of_visitor: OrderedDict[str, Answer] = OrderedDict()
        self._kept: OrderedDict[str, Answer] = OrderedDict()
        self._news = threading.Condition(self._lock)
        self._thread: threading.Thread | None = None
        self._process: _Process | None = None
        self._closed = False
        atexit.register(self.close)

    def ask(self, visitor: str, job: Job) -> Answer:
        """Return the answer to a job, which may still be to come; the visitor's other job, if any, is ended.

        The same job asked for again while it goes on, or after it has finished, gives every visitor the same answer.
        """
        key = job.model_dump_json()
        with self._lock:
            own = self._of_visitor.get(visitor)
            if own is not None and own.job == job and not own.is_over:
                own.look()
                return own
            others = [answer for name, answer in self._of_visitor.items() if name != visitor]
            if own is not None and own not in others:
                own.is_wanted = False
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
            for other in others:
                if other.job == job and other.is_wanted and not other.is_over:
                    other.look()
                    self._of_visitor[visitor] = other
                    return other
            answer = Answer(job, next(self._numbers))
            self._of_visitor[visitor] = answer
            self._forget_old()
            self._waiting.append(answer)
            self._news.notify_all()
            if self._thread is None and not self._closed:
                self._thread = threading.Thread(target=self._work, name="laboratory", daemon=True)
                self._thread.start()
        return answer

    def known(self, job: Job) -> Answer | None:
        """Return the answer to a job that has finished before."""
        with self._lock:
            return self._kept.get(job.model_dump_json())

    def stop(self, answer: Answer) -> None:
        """End a job before its time."""
        answer.is_wanted = False

    def place(self, answer: Answer) -> int:
        """Return how many jobs come before this one."""
        with self._lock:
            return self._waiting.index(answer) if answer in self._waiting else 0

    def close(self) -> None:
        """End the process; nothing is left behind."""
        with self._lock:
            self._closed = True
            thread = self._thread
            self._news.notify_all()
            if self._process is not None:
                self._process.kill()
        if thread is not None:
            thread.join(timeout=5)
        atexit.unregister(self.close)

    def _forget_old(self) -> None:
        over = [visitor for visitor, answer in self._of_visitor.items() if answer.is_over]
        for visitor in over[: max(0, len(self._of_visitor) - MOST_KEPT)]:
            del self._of_visitor[visitor]

    # The thread

    def _work(self) -> None:
        while (answer := self._next()) is not None:
            self._do(answer)
            with self._lock:
                if answer.status == "finished":
                    self._kept[answer.job.model_dump_json()] = answer
                    while len(self._kept) > MOST_KEPT:
                        self._kept.popitem(last=False)

    def _next(self) -> Answer | None:
        """Return the next job; without one for a while, end the process and return None."""
        with self._lock:
            self._news.wait_for(lambda: self._waiting or self._closed, timeout=IDLE_SECONDS)
            if self._waiting and not self._closed:
                return self._waiting.popleft()
            self._thread = None
            if self._process is not None:
                self._process.kill()
                self._process = None
            return None

    def _do(self, answer: Answer) -> None:
        if not _is_wanted(answer):
            answer.take({"event": "stopped"})
            return
        process = self._ready()
        answer.status = "working"
        process.say({"number": answer.number, "job": answer.job.model_dump(mode="json")})
        stop_by = None
        while not answer.is_over:
            event = process.next(TICK)
            if event is not None:
                answer.take(event)
            elif stop_by is None and not _is_wanted(answer):
                stop_by = time.monotonic() + STOP_SECONDS
                process.say({"stop": answer.number})
            elif stop_by is not None and time.monotonic() > stop_by:
                process.kill()
                answer.take({"event": "stopped"})

    def _ready(self) -> "_Process":
        with self._lock:
            if self._process is not None and not self._process.is_alive():
                self._process.kill()
                self._process = None
            if self._process is None:
                self._process = _Process()
            return self._process


def _is_wanted(answer: Answer) -> bool:
    return answer.is_wanted and time.monotonic() - answer.looked_at < UNSEEN_SECONDS


class _Process:
    """The process, and a thread that reads what it writes."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "nets.concepts.helper"],
            env=child_environment(),
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        self._lines: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        self._ended = threading.Event()
        threading.Thread(target=self._read, name="laboratory-lines", daemon=True).start()

    def say(self, message: Mapping[str, Any]) -> None:
        """Send a line; one that nobody reads any more is lost."""
        assert self._process.stdin is not None
        with contextlib.suppress(OSError, ValueError):
            self._process.stdin.write(orjson.dumps(message) + b"\n")
            self._process.stdin.flush()

    def next(self, patience: float) -> Mapping[str, Any] | None:
        """Return the next event; None if there is none for so many seconds.

        Once the process has ended, the last event says so.
        """
        try:
            line = self._lines.get(timeout=patience)
        except queue.Empty:
            if self._ended.is_set() and self._lines.empty():
                code = self._process.wait()
                what = f"was killed (signal {-code})" if code < 0 else f"ended (exit code {code})"
                return {"event": "failed", "reason": f"The process that computes this {what}. Compute it again."}
            return None
        event: Mapping[str, Any] = orjson.loads(line)
        return event

    def is_alive(self) -> bool:
        """Does it run?"""
        return self._process.poll() is None

    def kill(self) -> None:
        """End it."""
        self._process.kill()
        self._process.wait()
        if self._process.stdin is not None:
            with contextlib.suppress(OSError):  # what was not written any more
                self._process.stdin.close()

    def _read(self) -> None:
        assert self._process.stdout is not None
        with self._process.stdout as lines:
            for line in lines:
                self._lines.put(line)
        self._ended.set()
