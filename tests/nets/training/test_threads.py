"""How many threads a training takes where its experiment leaves that open, and that it keeps them."""

import pytest
import torch

from nets.training import Training, threads
from nets.training.state import DamagedState, capture, restore
from nets.training.threads import choose_threads
from tests.nets.experiments import pictures, small

LARGE = {"model.blocks": [{"channels": 64}, {"channels": 64}], "train.batch_size": 128}
WIDE = {"model.hidden_sizes": [1024, 1024], "train.batch_size": 128}


@pytest.fixture(autouse=True)
def many_cores(monkeypatch):
    monkeypatch.setattr(threads, "usable_cores", lambda: 16)


@pytest.mark.parametrize("experiment", [pictures({"model.kind": "cnn", **LARGE}), small(WIDE)])
@pytest.mark.parametrize(
    ("cores", "taken", "expected"), [(1, 0, 1), (2, 0, 1), (4, 0, 2), (4, 2, 1), (4, 9, 1), (8, 0, 4), (64, 0, 8)]
)
def test_a_large_network_takes_half_the_cores_and_leaves_one(experiment, cores, taken, expected):
    assert choose_threads(experiment, cores, taken) == expected


def test_a_small_network_takes_one():
    assert choose_threads(small(), 8) == choose_threads(pictures(), 8) == 1


def test_a_number_that_is_asked_for_stays():
    assert choose_threads(small({"train.threads": 3}), 2) == 3


def test_a_container_may_have_fewer_cores_than_the_machine(monkeypatch):
    monkeypatch.setattr(threads, "usable_cores", lambda: 4)
    assert choose_threads(small(WIDE), 64) == 2


def test_the_cores_that_may_be_used_are_counted(monkeypatch):
    monkeypatch.undo()
    assert threads.usable_cores() >= 1


def test_a_state_brings_its_number_along():
    training = Training(small(), threads=2)
    tensors, facts = capture(training)
    assert restore(tensors, facts).threads == 2
    del facts["threads"]
    assert restore(tensors, facts).threads == 1
    assert torch.get_num_threads() == 1


@pytest.mark.parametrize("number", [0, -1, 65, "2", 1.5, None, True])
def test_a_state_on_impossible_threads_is_damaged(number):
    tensors, facts = capture(Training(small()))
    with pytest.raises(DamagedState, match="threads"):
        restore(tensors, {**facts, "threads": number})
