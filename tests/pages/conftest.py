"""The run manager of the tests without a browser: one for all of them, and nothing of it stays."""

import os
import time
from collections.abc import Iterator
from functools import cache

import pytest
from streamlit.components.v2 import manifest_scanner

from pages.parts.concepts.asking import laboratory
from pages.parts.service import run_manager
from tests.nets.runs.managers import no_runs_left, wait_until_warm
from tests.pages.processes import descendants
from tests.pages.screens import Screen

FAREWELL = 10.0
"""Seconds that workers have to end in."""


@pytest.fixture(scope="session", autouse=True)
def packages_read_once() -> Iterator[None]:
    """Each AppTest would look for browser components in every installed package, which takes longer than our pages."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifest_scanner, "scan_component_manifests", cache(manifest_scanner.scan_component_manifests))
        yield


@pytest.fixture(scope="session")
def workers() -> Iterator[None]:
    """A run manager in this process; at the end its fork server and every worker must be gone."""
    before = descendants(os.getpid())
    wait_until_warm(run_manager())
    yield
    laboratory().close()
    laboratory.clear()
    run_manager().close()
    run_manager.clear()
    deadline = time.monotonic() + FAREWELL
    while (left := descendants(os.getpid()) - before) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not left, f"these processes outlived their manager: {left}"


@pytest.fixture
def open_screen(workers: None) -> Iterator[type[Screen]]:
    """Open a screen by its name and a link: ``open_screen("points", {"data.name": "spiral"})``."""
    with no_runs_left(run_manager()):
        yield Screen
