"""The process that does jobs for a server: ``python -m nets.concepts.helper``.

It takes a JSON line for each job on standard input, ``{"number": 3, "job": {…}}``, and writes what happens as JSON
lines on standard output; ``{"stop": 3}`` ends a job before its time. It ends when its input does, so it never outlives
its server.
"""

import logging
import os
import queue
import signal
import sys
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any

import orjson

from nets.concepts.jobs import Workshop, read_job
from nets.problems import InvalidExperiment
from nets.runs.process import keep_memory

PROGRESS_SECONDS = 0.1
"""Between two lines that only say how far a job is."""


class Desk:
    """What has come in, and which jobs nobody wants any more."""

    def __init__(self) -> None:
        self.jobs: queue.SimpleQueue[Mapping[str, Any]] = queue.SimpleQueue()
        self.stopped = -1

    def read(self) -> None:
        """Take in lines until there are no more, then end the process, whatever it does just now."""
        for line in sys.stdin.buffer:
            message = orjson.loads(line)
            if "stop" in message:
                self.stopped = max(self.stopped, int(message["stop"]))
            else:
                self.jobs.put(message)
        os._exit(0)


def main() -> None:
    """Do jobs until the input ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    keep_memory()
    out = os.dup(1)
    os.dup2(2, 1)  # what a library prints must not get between the lines
    desk = Desk()
    threading.Thread(target=desk.read, daemon=True).start()
    workshop = Workshop()
    while True:
        message = desk.jobs.get()
        number = int(message["number"])
        do(workshop, orjson.dumps(message["job"]), _telling(out), _is_stopped(desk, number))


def do(
    workshop: Workshop, job: bytes, tell: Callable[[Mapping[str, Any]], object], is_stopped: Callable[[], bool]
) -> None:
    """Do one job and tell what happens; the last event is ``finished``, ``stopped`` or ``failed`` with a reason."""
    told = 0.0
    try:
        for event in workshop.events(read_job(job)):
            if is_stopped():
                tell({"event": "stopped"})
                return
            is_small = event["event"] == "progress"
            if not is_small or time.monotonic() - told > PROGRESS_SECONDS:
                tell(event)
                told = time.monotonic()
    except InvalidExperiment as error:
        reason = " ".join(_sentence(problem.message) for problem in error.problems)
        tell({"event": "failed", "reason": reason, "refused": True})
    except MemoryError:
        tell({"event": "failed", "reason": "There was not enough memory for this network."})
    except Exception as error:
        logging.getLogger(__name__).exception("The job failed")
        first_line = str(error).partition("\n")[0]
        tell({"event": "failed", "reason": f"It failed: {type(error).__name__}: {first_line}"})


def _is_stopped(desk: Desk, number: int) -> Callable[[], bool]:
    return lambda: desk.stopped >= number


def _sentence(message: str) -> str:
    return f"{message[:1].upper()}{message[1:]}."


def _telling(out: int) -> Callable[[Mapping[str, Any]], None]:
    """Return what writes events to a file descriptor, and ends the process where nobody reads them any more."""

    def tell(event: Mapping[str, Any]) -> None:
        """Write an event as a line of JSON."""
        line = orjson.dumps(event, option=orjson.OPT_SERIALIZE_NUMPY) + b"\n"
        try:
            while line:
                line = line[os.write(out, line) :]
        except OSError:
            os._exit(0)

    return tell


if __name__ == "__main__":
    main()
