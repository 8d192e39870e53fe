"""The run manager of the tests without a browser: one for all of them, and nothing of it stays."""

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from pages.parts.service import run_manager
from tests.pages.screens import Screen

FAREWELL = 10.0
"""Seconds that workers have to end in."""


@pytest.fixture(scope="session")
def workers() -> Iterator[None]:
    """A run manager in this process; at the end its fork server and every worker must be gone."""
    before = _descendants(os.getpid())
    yield
    run_manager().close()
    run_manager.clear()
    deadline = time.monotonic() + FAREWELL
    while (left := _descendants(os.getpid()) - before) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not left, f"these processes outlived their manager: {left}"


def _descendants(pid: int) -> set[int]:
    """Return the living processes below ``pid``; none where there is no /proc."""
    children: dict[int, list[int]] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            state, parent, *_ = (folder / "stat").read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue  # it ended while we looked
        if state != "Z":
            children.setdefault(int(parent), []).append(int(folder.name))
    found, waiting = set(), [pid]
    while waiting:
        below = children.get(waiting.pop(), [])
        found |= set(below)
        waiting += below
    return found


@pytest.fixture
def open_screen(workers: None) -> type[Screen]:
    """Open a screen by its name and a link: ``open_screen("points", {"data.name": "spiral"})``."""
    return Screen
