"""A run that runs away says so, says where and what to lower, and keeps the last good weights."""

import dataclasses
import re

import numpy as np
import pytest
import torch

from nets.datasets import Split
from nets.experiment import dump
from nets.problems import InvalidExperiment
from nets.training import Controls, Training, fit
from tests.nets.experiments import epochs, exhaust, pictures, problems_of, settings, small, until_idle

WILD = {"train.optimizer.learning_rate": 1e6}
RUNAWAYS = {
    "points": small(WILD),
    "relu": small({**WILD, "model.activation": "relu"}),
    "batch norm": small({**WILD, "model.norm": "batch"}),
    "regression": small({**WILD, "data.name": "plane", "model.activation": "identity"}),
    "hinge of many classes": small({**WILD, "data.name": "blobs", "train.loss": "hinge", "model.activation": "relu"}),
    "one step an epoch": small({**WILD, "train.batch_size": 1000, "train.max_epochs": 30, "model.activation": "relu"}),
    "convolutions": pictures({"train.optimizer": {"kind": "sgd", "learning_rate": 1e6}}),
    "lbfgs": small({"data.name": "plane", "train.optimizer": {"kind": "lbfgs", "learning_rate": 1e6}}),
}


@pytest.mark.parametrize("name", RUNAWAYS)
def test_a_learning_rate_of_a_million_diverges(name):
    training = Training(RUNAWAYS[name])
    finished = exhaust(training.events(Controls()))
    assert finished.status == "diverged"
    assert re.match(
        r"Diverged: (the loss of step [\d,]+ became|the training loss became|a weight grew to) ", finished.reason
    )
    assert "Lower the learning rate (1e+06 now, try 0.1) or clip the gradients." in finished.reason
    assert all(torch.isfinite(weight).all() for weight in training.weights().values())
    assert np.isfinite(finished.metrics["train_loss"])
    assert finished.metrics == training.measure()


@pytest.mark.parametrize("name", RUNAWAYS)
def test_the_sentence_names_the_layer_with_the_largest_gradient(name):
    training = Training(RUNAWAYS[name])
    finished = exhaust(training.events(Controls()))
    part = training.parts.train.first(256)
    training.objective.training_loss(training.model, training.inputs(part.x), part.targets).backward()
    gradients: dict[str, list[torch.Tensor]] = {}
    for key, parameter in training.model.named_parameters():
        assert parameter.grad is not None
        gradients.setdefault(key.rpartition(".")[0], []).append(parameter.grad.flatten())
    norms = {layer: torch.cat(parts).norm().item() for layer, parts in gradients.items()}
    largest = max(norms, key=lambda layer: norms[layer])
    named = re.search(r"the gradient is largest in (\w+) \(([^)]+)\)", finished.reason)
    assert named is not None
    assert named[1] == largest
    assert float(named[2]) == pytest.approx(norms[largest], rel=0.01)


def test_the_weights_of_the_last_good_epoch_are_back():
    training, controls = Training(small({"train.max_epochs": 10})), Controls(paused=True)
    controls.epoch(4)
    until_idle(training.events(controls))
    good = training.weights()
    controls.change(lambda live: live.edit(small(WILD, dump(live.experiment))))
    controls.resume()
    finished = exhaust(training.events(controls))
    assert finished.status == "diverged"
    assert all(torch.equal(good[name], value) for name, value in training.weights().items())


def test_after_a_divergence_training_can_go_on_with_a_lower_rate():
    training, controls = Training(small({**WILD, "train.max_epochs": 20})), Controls()
    exhaust(training.events(controls))
    untrained = training.measure()["train_loss"]
    controls.change(lambda live: live.edit(small({"train.optimizer.learning_rate": 0.1}, dump(live.experiment))))
    controls.resume()
    finished = exhaust(training.events(controls))
    assert finished.status == "completed"
    assert finished.metrics["train_loss"] < untrained


def test_clipping_is_no_advice_to_one_who_clips():
    training = Training(small({**WILD, "train.clip_norm": 1.0}))
    finished = exhaust(training.events(Controls()))
    assert finished.status == "diverged"
    assert "clip the gradients" not in finished.reason


def test_nan_in_the_middle_of_an_epoch_is_noticed_at_that_step():
    training, controls = Training(small()), Controls()

    def poison(live):
        with torch.no_grad():
            live.model.hidden1.weight.fill_(float("nan"))
        return "poisoned"

    events = training.events(controls)
    while training.step < 4:
        next(events)
    controls.change(poison)
    finished = exhaust(events)
    assert finished.status == "diverged"
    assert "the loss of step 5 became nan" in finished.reason
    assert np.isfinite(finished.metrics["train_loss"])


def test_a_nan_that_the_loss_does_not_see_is_noticed_after_the_epoch():
    """The margin loss of torch takes NaN for right."""
    training, controls = Training(small({"data.name": "blobs", "train.loss": "hinge"})), Controls()

    def poison(live):
        with torch.no_grad():
            live.model.output.bias[0] = float("nan")
        return "poisoned"

    controls.change(poison)
    finished = exhaust(training.events(controls))
    assert finished.status == "diverged"
    assert torch.isfinite(training.weights()["output.bias"]).all()


@pytest.mark.parametrize("part", ["train_x", "test_x", "train_y", "test_y"])
@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_data_with_nan_are_refused(part, value):
    experiment = small({"data.name": "plane"})
    split = experiment.data.load(0)
    broken = getattr(split, part).copy()
    broken[3] = value
    with pytest.raises(InvalidExperiment, match=r"data: .*NaN or infinite") as caught:
        list(fit(experiment, split=dataclasses.replace(split, **{part: broken})))
    assert [problem.path for problem in caught.value.problems] == ["data"]


@pytest.mark.parametrize("part", ["train", "test"])
def test_a_split_without_examples_is_refused(part):
    experiment = small()
    split = experiment.data.load(0)
    empty = {f"{part}_x": getattr(split, f"{part}_x")[:0], f"{part}_y": getattr(split, f"{part}_y")[:0]}
    with pytest.raises(InvalidExperiment, match=r"data: there is no (training|test) example"):
        list(fit(experiment, split=dataclasses.replace(split, **empty)))


def test_one_can_train_on_data_of_ones_own():
    experiment = small()
    loaded = experiment.data.load(0)
    mirrored = Split(-loaded.train_x, loaded.train_y, -loaded.test_x, loaded.test_y)
    events = list(fit(experiment, split=mirrored))
    assert epochs(events)[-1].metrics != epochs(list(fit(experiment)))[-1].metrics


@pytest.mark.parametrize("points", [[], [[0, 0, 1]]])
def test_too_few_points_to_train_and_test_are_refused(points):
    problems = problems_of(settings({"data": {"kind": "points", "name": "drawn", "points": points}}))
    assert list(problems) == ["data.points"]
    assert "at least 2" in problems["data.points"]


@pytest.mark.parametrize(("count", "share", "part"), [(4, 0.1, "training"), (2, 0.9, "test")])
def test_a_share_that_leaves_a_part_empty_is_refused(count, share, part):
    problems = problems_of(settings({"data.num_points": count, "data.train_share": share}))
    assert list(problems) == ["data.train_share"]
    assert f"no {part} example" in problems["data.train_share"]


def test_a_network_4096_wide_learns_the_spiral():
    experiment = small({"data.name": "spiral", "model.hidden_sizes": [4096, 4096], "train.max_epochs": 1})
    untrained, trained = epochs(fit(experiment))
    assert trained.metrics["train_loss"] != untrained.metrics["train_loss"]


def test_a_network_too_large_for_an_ordinary_computer_is_refused():
    blocks = [{"channels": 1024, "pool": "none"}]
    wide = pictures({"data.size": 32, "model.blocks": blocks, "model.dense_sizes": [4096]})
    with pytest.raises(
        InvalidExperiment, match=r"model: the network would have [\d,]+ parameters; at most 250,000,000"
    ):
        Training(wide)
