"""A manager for all tests of runs, and patience."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from nets.experiment import Experiment
from nets.runs.manager import RunManager
from nets.runs.run import Run
from nets.runs.slots import Slots
from tests.nets.runs.managers import PATIENCE, no_runs_left, wait_until_warm


def wait_for(condition: Callable[[], object], what: str = "") -> None:
    """Return as soon as ``condition`` holds; fail if it does not within ``PATIENCE``."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, f"waited in vain for {what or condition}"
        time.sleep(0.002)


def exists(pid: int) -> bool:
    """Is there such a process, other than a zombie?"""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def children_of(pid: int) -> set[int]:
    """Return the process ids of a process's living children."""
    children = set()
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            _, parent, *_ = (folder / "stat").read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if int(parent) == pid and exists(int(folder.name)):
            children.add(int(folder.name))
    return children


@pytest.fixture(scope="session")
def shared_manager() -> Iterator[RunManager]:
    """One fork server for the session; two slots, whatever the machine has."""
    manager = RunManager(slots=Slots(2))
    wait_until_warm(manager)
    yield manager
    manager.close()


@pytest.fixture
def manager(shared_manager: RunManager) -> Iterator[RunManager]:
    """The shared manager; runs that a test leaves behind are stopped, so that the next one finds every slot free."""
    with no_runs_left(shared_manager):
        yield shared_manager


@pytest.fixture
def ready(manager: RunManager) -> Callable[[Experiment], Run]:
    """A function that creates a run and waits for its first frame."""

    def create(experiment: Experiment) -> Run:
        run = manager.create(experiment)
        wait_for(lambda: run.frame is not None, "the first frame")
        return run

    return create
