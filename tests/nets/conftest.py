"""Fixtures of the engine's tests."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.nets.datasets.tiny import Tiny, place


@pytest.fixture(scope="session")
def tiny_sets(playground_home: Path) -> Iterator[Tiny]:
    """Tiny stand-ins of everything that is downloaded or uploaded, in this session's PLAYGROUND_HOME."""
    with pytest.MonkeyPatch.context() as patch:
        yield place(playground_home, patch)
