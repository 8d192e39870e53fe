"""Runs of one thread share cores; those of several threads have theirs alone."""

import pytest

from nets.runs.protocol import Begin
from nets.runs.run import Run
from nets.runs.slots import Slots
from tests.nets.experiments import small


def run(threads=1):
    return Run(f"run{threads}", Begin(small(), threads=threads))


@pytest.mark.parametrize(("per_core", "fit"), [(1, 2), (4, 8)])
def test_so_many_runs_of_one_thread_train_at_once(per_core, fit):
    slots = Slots(2, per_core)
    assert [slots.take(run()) for _ in range(fit + 1)] == [True] * fit + [False]


def test_runs_of_several_threads_do_not_share():
    slots = Slots(2, 4)
    assert slots.take(run(2))
    assert not slots.take(run())
    mixed = Slots(2, 4)
    assert mixed.take(run())
    assert mixed.take(run())
    assert not mixed.take(run(2))


def test_runs_of_one_thread_share_what_one_of_several_leaves():
    slots = Slots(4, 2)
    assert slots.take(run(2))
    assert [slots.take(run()) for _ in range(5)] == [True] * 4 + [False]
    assert not slots.take(run(2))
