"""What tests ask of a run manager that many of them share: a warm fork server, and no runs left behind."""

import contextlib
import time
from collections.abc import Iterator
from pathlib import Path

from nets.runs.launcher import ForkLauncher
from nets.runs.manager import RunManager

PATIENCE = 120.0
"""Seconds: a process that can not fork imports torch, scikit-learn and pandas first, beside others that do."""


def wait_until_warm(manager: RunManager) -> None:
    """Return when the manager's fork server has imported all that its workers would each import for themselves.

    It does so while nobody asks for a worker, and tests ask all the time. What it imports last is scikit-learn.
    """
    launcher = manager._launcher
    maps = Path(f"/proc/{launcher._process.pid}/maps") if isinstance(launcher, ForkLauncher) else None
    deadline = time.monotonic() + PATIENCE
    while maps and maps.exists() and "sklearn" not in maps.read_text(encoding="utf-8"):
        assert time.monotonic() < deadline, "the fork server did not warm up"
        time.sleep(0.05)


@contextlib.contextmanager
def no_runs_left(manager: RunManager) -> Iterator[None]:
    """At the end, stop and forget the runs that came meanwhile: every slot is free, and no worker stays."""
    known = set(manager._runs)
    yield
    for run_id in set(manager._runs) - known:
        run = manager.get(run_id)
        if run is not None:
            manager.do(run, "stop")
            manager._forget(run)
