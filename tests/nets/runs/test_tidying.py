"""When a run that nobody looks at goes."""

import dataclasses
import time
from multiprocessing import Pipe

import pytest

from nets.runs.protocol import Begin
from nets.runs.run import Run
from nets.runs.tidying import UNWATCHED_READY_SECONDS, nobody_looks_at
from nets.runs.worker import failure
from tests.nets.experiments import small

READY = dataclasses.replace(failure(""), status="ready")


@pytest.fixture
def run():
    """An untrained run that was created long ago; its worker took its time."""
    run = Run("20260101-run", Begin(small()))
    run.last_looked_at -= 10 * UNWATCHED_READY_SECONDS
    connection, worker = Pipe()
    run.connect(connection, 1)
    yield run
    worker.close()


def test_a_run_is_not_forgotten_before_there_is_something_to_look_at(run):
    assert nobody_looks_at([run], time.monotonic()) == ([], [])
    run.take(READY)
    assert nobody_looks_at([run], time.monotonic()) == ([], [])


def test_an_untrained_run_that_nobody_looks_at_is_forgotten(run):
    run.take(READY)
    run.take(READY)
    assert nobody_looks_at([run], time.monotonic() + UNWATCHED_READY_SECONDS + 1) == ([run], [])
