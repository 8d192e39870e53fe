"""A training captured anywhere goes on as if nothing had happened."""

import itertools

import pytest

from nets.optimizers import OPTIMIZERS
from nets.runs import checkpoints
from nets.training import Controls, EpochDone, Finished, StepDone, Training, fit
from nets.training.state import DamagedState, capture, restore
from tests.nets.experiments import pictures, small

EVENTFUL = {
    "train.max_epochs": 8,
    "model.dropout": 0.2,
    "model.norm": "batch",
    "train.early_stopping": {"patience": 3},
    "train.schedule.kind": "plateau",
    "train.l1": 0.001,
}


def stopped_after(experiment, steps):
    training = Training(experiment)
    done = 0
    for event in training.events(Controls()):
        done += isinstance(event, StepDone)
        if done == steps:
            return training
    return training


def numbers(events):
    return [(event.epoch, event.step, event.metrics) for event in events if isinstance(event, EpochDone)]


def assert_goes_on(experiment, steps, folder):
    checkpoint = checkpoints.save(stopped_after(experiment, steps), folder)
    *resumed, end = checkpoints.load(checkpoint.path).events(Controls())
    *whole, expected_end = fit(experiment)
    expected = [row for row in numbers(whole) if row[0] > checkpoint.epoch]
    assert expected
    assert numbers(resumed) == expected
    assert isinstance(end, Finished)
    assert isinstance(expected_end, Finished)
    assert (end.metrics, end.reason) == (expected_end.metrics, expected_end.reason)


@pytest.mark.parametrize("optimizer", [name for name in OPTIMIZERS.names() if name != "lbfgs"])
def test_every_optimizer_goes_on_bit_for_bit_from_inside_an_epoch(optimizer, tmp_path):
    experiment = small({**EVENTFUL, "train.optimizer.kind": optimizer, "train.max_epochs": 4})
    assert_goes_on(experiment, 7, tmp_path)


def test_the_curvature_that_lbfgs_remembers_goes_on_too(tmp_path):
    optimizer = {"kind": "lbfgs", "learning_rate": 0.1, "history_size": 5}
    assert_goes_on(small({"train.optimizer": optimizer, "train.batch_size": 100, "train.max_epochs": 12}), 6, tmp_path)


@pytest.mark.parametrize("momentum", [0.0, 0.9])
def test_kernels_go_on_bit_for_bit(momentum, tmp_path):
    experiment = pictures({"train.optimizer": {"kind": "sgd", "momentum": momentum}, "model.dropout": 0.3})
    assert_goes_on(experiment, 5, tmp_path)


def test_a_state_captured_as_the_last_epoch_ends_completes_at_once():
    training = Training(small())
    for event in training.events(Controls()):
        if isinstance(event, EpochDone) and event.epoch == 3:
            break
    *_, last = restore(*capture(training)).events(Controls())
    assert isinstance(last, Finished)
    assert (last.status, last.timing.epochs) == ("completed", 3)


def test_a_checkpoint_that_is_none_is_refused(tmp_path):
    path = checkpoints.save(stopped_after(small(), 3), tmp_path).path
    content = path.read_bytes()
    for damaged in (b"", b"no checkpoint", content[: len(content) // 2], content.replace(b"cursor", b"curses")):
        path.write_bytes(damaged)
        with pytest.raises(DamagedState):
            checkpoints.load(path)


def test_weights_of_another_network_are_refused():
    tensors, facts = capture(stopped_after(small(), 3))
    with pytest.raises(DamagedState, match="does not fit"):
        restore({**tensors, "weights.hidden1.weight": tensors["weights.output.weight"]}, facts)


def test_checkpoints_are_thinned_and_the_first_and_the_last_stay(tmp_path, monkeypatch):
    monkeypatch.setattr(checkpoints, "MOST", 6)
    training = Training(small({"train.max_epochs": 40}))
    for event in training.events(Controls()):
        if isinstance(event, EpochDone):
            checkpoints.save(training, tmp_path)
    kept = [checkpoint.epoch for checkpoint in checkpoints.checkpoints(tmp_path)]
    assert len(kept) == 6
    assert (kept[0], kept[-1]) == (0, 40)
    gaps = [after - before for before, after in itertools.pairwise(kept)]
    assert max(gaps) <= 4 * min(gaps)


def test_a_file_that_can_not_be_written_whole_leaves_the_old_one(tmp_path, monkeypatch):
    path = tmp_path / "file"
    checkpoints.write_atomically(path, b"old")

    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space left"):
        checkpoints.write_atomically(path, b"new")
    assert path.read_bytes() == b"old"
    assert [found.name for found in tmp_path.iterdir()] == ["file"]
