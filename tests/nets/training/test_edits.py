"""Settings, layers, neurons and single weights changed in mid-run, with every weight kept that still has a place."""

import pytest
import torch

from nets.experiment import Experiment, dump
from nets.problems import InvalidExperiment
from nets.training import Controls, Edited, StepDone, Training, needs_new_run
from nets.training.budget import check_room
from tests.nets.experiments import epochs, exhaust, history, pictures, small


def begun(experiment: Experiment, steps=4) -> Training:
    """A training in the middle of its second epoch."""
    training, controls = Training(experiment), Controls()
    for _ in training.events(controls):
        if training.step == steps:
            break
    return training


def changed(training: Training, changes) -> Experiment:
    return small(changes, dump(training.experiment))


def edited(training: Training, changes) -> str:
    return training.edit(changed(training, changes))


def equal(first, second):
    return first.keys() == second.keys() and all(torch.equal(first[name], second[name]) for name in first)


@pytest.mark.parametrize(
    "changes",
    [
        {"train.optimizer.learning_rate": 0.5},
        {"train.optimizer": {"kind": "adamw", "learning_rate": 0.02}},
        {"train.optimizer": {"kind": "lbfgs"}},
        {"train.batch_size": 3},
        {"train.l1": 0.1, "train.l2": 0.1},
        {"train.clip_norm": 0.001},
        {"train.schedule": {"kind": "cosine"}},
        {"train.max_epochs": 50},
        {"train.target": {"metric": "train_loss", "value": 1e-9}},
        {"name": "another name"},
    ],
    ids=str,
)
@pytest.mark.parametrize("make", [small, pictures])
def test_settings_change_without_touching_the_weights(make, changes):
    twin, training = begun(make({"train.max_epochs": 30})), begun(make({"train.max_epochs": 30}))
    before = training.weights()
    assert edited(training, changes) == "Settings changed"
    assert equal(training.weights(), before)
    after = [next(live.events(Controls())) for live in (training, twin)]
    assert isinstance(after[0], StepDone)
    if not {"train.max_epochs", "name", "train.target"}.intersection(changes):
        assert not equal(training.weights(), twin.weights())


def test_a_new_learning_rate_scales_the_next_step():
    steps = {}
    for rate in (0.1, 0.2):
        training = begun(small())
        before = training.weights()["output.weight"]
        edited(training, {"train.optimizer.learning_rate": rate})
        next(training.events(Controls()))
        assert training.learning_rate == rate
        steps[rate] = training.weights()["output.weight"] - before
    assert torch.allclose(steps[0.2], 2 * steps[0.1], atol=1e-7)


def test_an_optimizer_of_the_same_kind_keeps_its_memory_and_another_starts_afresh():
    training = begun(small({"train.optimizer": {"kind": "adam", "learning_rate": 0.01}}))
    memory = training.optimizer
    edited(training, {"train.optimizer.beta1": 0.5})
    assert training.optimizer is memory
    assert training.optimizer.param_groups[0]["betas"] == (0.5, 0.999)
    edited(training, {"train.optimizer": {"kind": "sgd"}})
    assert isinstance(training.optimizer, torch.optim.SGD)


def test_a_smaller_batch_goes_on_in_the_middle_of_the_epoch():
    training = begun(small(), steps=4)
    edited(training, {"train.batch_size": 4})
    events = [event for event in training.events(Controls()) if isinstance(event, StepDone)]
    assert [event.step for event in events if event.epoch == 1] == [5, 6, 7, 8, 9]
    assert sum(event.epoch == 2 for event in events) == 8


def test_a_longer_layer_keeps_its_old_neurons():
    training = begun(small())
    old = training.weights()
    message = edited(training, {"model.hidden_sizes": [7, 3]})
    new = training.weights()
    assert new["hidden1.weight"].shape == (7, 2)
    assert torch.equal(new["hidden1.weight"][:5], old["hidden1.weight"])
    assert torch.equal(new["hidden1.bias"][:5], old["hidden1.bias"])
    assert torch.equal(new["hidden2.weight"][:, :5], old["hidden2.weight"])
    assert torch.equal(new["hidden2.bias"], old["hidden2.bias"])
    assert torch.equal(new["output.weight"], old["output.weight"])
    assert new["hidden1.weight"][5:].abs().min() > 0
    assert message == "Network changed: 37 weights kept, 12 new"


def test_a_shorter_layer_loses_its_last_neurons_alone():
    training = begun(small())
    old = training.weights()
    edited(training, {"model.hidden_sizes": [4, 3]})
    new = training.weights()
    assert torch.equal(new["hidden1.weight"], old["hidden1.weight"][:4])
    assert torch.equal(new["hidden2.weight"], old["hidden2.weight"][:, :4])
    assert torch.equal(new["output.weight"], old["output.weight"])


def test_a_layer_more_keeps_the_layers_before_it():
    training = begun(small())
    old = training.weights()
    edited(training, {"model.hidden_sizes": [5, 3, 3]})
    new = training.weights()
    for name in ("hidden1.weight", "hidden1.bias", "hidden2.weight", "hidden2.bias", "output.weight", "output.bias"):
        assert torch.equal(new[name], old[name]), name
    assert "hidden3.weight" in new


def test_a_layer_less_keeps_the_rest():
    training = begun(small({"model.hidden_sizes": [5, 3, 3]}))
    old = training.weights()
    edited(training, {"model.hidden_sizes": [5, 3]})
    new = training.weights()
    assert set(new) == {f"{layer}.{part}" for layer in ("hidden1", "hidden2", "output") for part in ("weight", "bias")}
    assert all(torch.equal(new[name], old[name]) for name in new)


def test_batch_norm_keeps_its_statistics_when_neurons_are_added():
    training = begun(small({"model.norm": "batch"}))
    old = training.weights()
    edited(training, {"model.hidden_sizes": [8, 3]})
    new = training.weights()
    assert torch.equal(new["norm1.running_mean"][:5], old["norm1.running_mean"])
    assert new["norm1.running_var"][5:].tolist() == [1, 1, 1]


def test_more_filters_keep_the_old_and_another_kernel_keeps_none():
    training = begun(pictures())
    old = training.weights()
    edited(training, {"model.blocks": [{"channels": 6}, {"channels": 6}]})
    new = training.weights()
    assert torch.equal(new["conv1.weight"][:4], old["conv1.weight"])
    assert torch.equal(new["conv2.weight"][:, :4], old["conv2.weight"])
    edited(training, {"model.blocks": [{"channels": 6, "kernel": 5, "padding": 2}, {"channels": 6}]})
    assert training.weights()["conv1.weight"].shape[2:] == (5, 5)
    assert torch.equal(training.weights()["conv2.weight"], new["conv2.weight"])


@pytest.mark.parametrize(
    "changes",
    [
        {"model.hidden_sizes": [6, 6, 6]},
        {"model.hidden_sizes": []},
        {"model.activation": "relu"},
        {"model.norm": "batch"},
        {"model.dropout": 0.5},
        {"train.loss": "mse"},
        {"train.loss": "cross_entropy"},
        {"train.loss": "nll"},
    ],
    ids=str,
)
def test_training_goes_on_from_where_it_was(changes):
    training = begun(small(), steps=4)
    controls = Controls()
    controls.change(lambda live: live.edit(changed(live, changes)))
    events = list(training.events(controls))
    assert isinstance(events[0], Edited)
    assert (events[0].step, events[0].epoch) == (4, 1)
    assert [event.step for event in events if isinstance(event, StepDone)] == [5, 6, 7, 8, 9]
    assert events[-1].reason == "Completed 3 epochs."  # type: ignore[union-attr]


def test_an_edit_before_the_first_step_is_the_same_as_a_new_run():
    target = small({"model.hidden_sizes": [6, 6], "model.initializer": "orthogonal"})
    training = Training(small())
    assert training.edit(target) == "Network changed"
    edited_events = history(training.events(Controls()))
    fresh = history(Training(target).events(Controls()))
    assert edited_events[-1] == fresh[-1]


def test_the_same_edits_at_the_same_steps_give_the_same_numbers():
    def run():
        training = begun(small({"model.dropout": 0.2}), steps=5)
        edited(training, {"model.hidden_sizes": [9, 3, 2], "train.optimizer": {"kind": "adam"}})
        return history(training.events(Controls()))

    assert run() == run()


@pytest.mark.parametrize(
    "changes",
    [{"data.noise": 0.2}, {"data.name": "xor"}, {"train.seed": 3}, {"train.threads": 2}, {"train.early_stopping": {}}],
    ids=str,
)
def test_what_a_run_starts_from_needs_a_new_run(changes):
    training = begun(small())
    assert needs_new_run(training.experiment, changed(training, changes))
    with pytest.raises(InvalidExperiment, match="start a new one"):
        edited(training, changes)


def test_there_is_room_for_the_largest_networks_people_may_ask_for():
    check_room(small({"model.hidden_sizes": [4096] * 12, "train.batch_size": 65_536}), 1, batch=5000)
    with pytest.raises(InvalidExperiment, match="take fewer examples"):
        check_room(small({"model.hidden_sizes": [4096] * 12}), 1, batch=65_536)


def test_a_refused_edit_changes_nothing(monkeypatch):
    monkeypatch.setattr("nets.training.budget.MAX_PARAMETERS", 100)
    training = begun(small())
    before, experiment, max_epochs = training.weights(), training.experiment, training.max_epochs
    with pytest.raises(InvalidExperiment, match="parameters"):
        edited(training, {"model.hidden_sizes": [50, 50], "train.loss": "cross_entropy", "train.max_epochs": 99})
    assert training.experiment is experiment
    assert equal(training.weights(), before)
    assert training.max_epochs == max_epochs
    undisturbed = begun(small())
    assert history(training.events(Controls())) == history(undisturbed.events(Controls()))


def test_epochs_added_and_taken_away():
    training = begun(small(), steps=4)
    edited(training, {"train.max_epochs": 6})
    assert training.max_epochs == 6
    edited(training, {"train.max_epochs": 1})
    assert exhaust(training.events(Controls())).reason == "Completed 2 epochs."


def test_a_single_weight_and_bias_can_be_set():
    training = begun(small())
    old, metrics = training.weights(), training.metrics
    assert training.set_parameter(1, 2, 4, 0.75) == "A weight set to 0.75"
    assert training.set_parameter(2, 0, None, -3) == "A bias set to -3"
    new = training.weights()
    assert new["hidden2.weight"][2, 4] == 0.75
    assert new["output.bias"][0] == -3
    assert (new["hidden2.weight"] != old["hidden2.weight"]).sum() == 1
    assert torch.equal(new["hidden1.weight"], old["hidden1.weight"])
    assert training.metrics != metrics


@pytest.mark.parametrize(("layer", "to", "source"), [(3, 0, 0), (0, 5, 0), (0, 0, 2)])
def test_a_weight_that_is_not_there_can_not_be_set(layer, to, source):
    training = begun(small())
    before = training.weights()
    with pytest.raises(IndexError):
        training.set_parameter(layer, to, source, 1.0)
    assert equal(training.weights(), before)


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_a_weight_must_be_a_number(value):
    training = begun(small())
    before = training.weights()
    with pytest.raises(ValueError, match="finite"):
        training.set_parameter(0, 0, 0, value)
    assert equal(training.weights(), before)


def test_a_change_is_made_while_paused():
    training, controls = begun(small()), Controls(paused=True)
    events = training.events(controls)
    controls.change(lambda live: live.set_parameter(0, 0, 0, 2.0))
    controls.change(lambda live: live.edit(changed(live, {"train.l2": 1.0})))
    first, second = next(events), next(events)
    assert [first, second] == [Edited(4, 1, "A weight set to 2"), Edited(4, 1, "Settings changed")]
    assert training.step == 4


def test_metrics_follow_an_edit_of_the_network():
    training = begun(small())
    edited(training, {"model.hidden_sizes": [5], "train.loss": "mse"})
    assert training.metrics == training.measure()
    assert epochs(training.events(Controls()))[0].metrics != training.metrics
