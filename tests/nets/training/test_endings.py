"""Early stopping, targets and plateaus."""

import pytest
import torch

from nets.schedules import Plateau
from nets.training import Controls, Training
from nets.training.watchers import PlateauWatcher
from tests.nets.experiments import epochs, exhaust, small

OVERFITTING = {
    "data.name": "circle",
    "data.num_points": 40,
    "data.noise": 0.4,
    "model.hidden_sizes": [32],
    "train.optimizer": {"kind": "adam", "learning_rate": 0.02},
    "train.early_stopping": {"patience": 7, "validation_share": 0.3},
    "train.max_epochs": 500,
}


def test_early_stopping_holds_out_part_of_the_training_examples():
    plain, stopping = Training(small({"data.num_points": 40})), Training(small(OVERFITTING))
    assert plain.parts.valid is None
    assert stopping.parts.valid is not None
    assert (len(stopping.parts.train), len(stopping.parts.valid), len(stopping.parts.test)) == (14, 6, 20)
    held = torch.cat([stopping.parts.train.x, stopping.parts.valid.x])
    assert sorted(held.tolist()) == sorted(torch.from_numpy(stopping.split.train_x).tolist())


def test_early_stopping_waits_for_its_patience_and_brings_the_best_weights_back():
    training = Training(small(OVERFITTING))
    events = list(training.events(Controls()))
    losses = [event.metrics["valid_loss"] for event in epochs(events)][1:]
    best = losses.index(min(losses)) + 1
    assert len(losses) == best + 7 < 500
    finished = exhaust(events)
    assert finished.status == "completed"
    assert finished.reason == (
        f"Stopped early: the validation loss has not improved for 7 epochs; the weights of epoch {best} are back."
    )
    assert finished.metrics["valid_loss"] == min(losses)
    assert training.measure() == finished.metrics
    assert training.measure() == epochs(events)[best].metrics


def test_early_stopping_asks_for_a_real_improvement():
    patient = {"patience": 3, "validation_share": 0.3, "min_delta": 5.0}
    training = Training(small({**OVERFITTING, "train.early_stopping": patient}))
    finished = exhaust(training.events(Controls()))
    assert "the weights of epoch 1 are back" in finished.reason
    assert training.epoch == 4


def test_after_an_early_stop_training_can_go_on():
    training, controls = Training(small(OVERFITTING)), Controls()
    exhaust(training.events(controls))
    stopped = training.epoch
    training.extend()
    controls.epoch(2)
    for _ in training.events(controls):
        if training.epoch == stopped + 2:
            break
    assert training.epoch == stopped + 2


def test_early_stopping_without_an_example_to_hold_out_trains_on():
    changes = {"data.num_points": 2, "data.train_share": 0.5, "train.early_stopping": {"patience": 1}}
    assert exhaust(Training(small(changes)).events(Controls())).reason == "Completed 3 epochs."


@pytest.mark.parametrize(
    ("metric", "value", "data"),
    [
        ("train_loss", 0.3, "gauss"),
        ("test_accuracy", 0.95, "gauss"),
        ("test_r2", 0.5, "plane"),
        ("test_loss", 0.3, "gauss"),
    ],
)
def test_a_target_ends_the_run_at_the_first_epoch_that_reaches_it(metric, value, data):
    changes = {"data.name": data, "train.target": {"metric": metric, "value": value}, "train.max_epochs": 500}
    events = list(Training(small(changes)).events(Controls()))
    values = [event.metrics[metric] for event in epochs(events)][1:]
    better = [reached <= value if metric.endswith("loss") else reached >= value for reached in values]
    assert better == [False] * (len(values) - 1) + [True]
    finished = exhaust(events)
    assert finished.status == "completed"
    assert finished.reason.startswith(f"Reached its target: {metric} is ")


def test_a_target_that_was_met_does_not_end_the_run_again():
    training = Training(small({"data.name": "gauss", "train.target": {"value": 100.0}}))
    controls = Controls()
    exhaust(training.events(controls))
    assert training.epoch == 1
    training.extend()
    controls.resume()
    assert exhaust(training.events(controls)).reason == "Completed 3 epochs."


def test_a_plateau_lowers_the_rate_of_the_steps_that_follow():
    changes = {"train.schedule": {"kind": "plateau", "patience": 1, "gamma": 0.1}, "train.optimizer.learning_rate": 3.0}
    training = Training(small({**changes, "data.noise": 0.5, "train.max_epochs": 40}))
    watcher, rate = PlateauWatcher(), 3.0
    for event in epochs(training.events(Controls()))[1:]:
        assert event.learning_rate == pytest.approx(rate)
        watcher.watch(Plateau(patience=1, gamma=0.1), event.metrics["train_loss"])
        rate = 3.0 * 0.1**watcher.drops
    assert watcher.drops >= 2
