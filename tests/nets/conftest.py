"""Fixtures of the engine's tests."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.nets.datasets.tiny import Tiny, place
from tests.nets.export.scripts import Elsewhere


@pytest.fixture(scope="session")
def tiny_sets(playground_home: Path) -> Iterator[Tiny]:
    """Tiny stand-ins of everything that is downloaded or uploaded, in this session's PLAYGROUND_HOME."""
    with pytest.MonkeyPatch.context() as patch:
        yield place(playground_home, patch)


@pytest.fixture(scope="session")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Elsewhere]:
    """Where exported scripts run."""
    runner = Elsewhere(tmp_path_factory.mktemp("elsewhere"))
    yield runner
    runner.close()
