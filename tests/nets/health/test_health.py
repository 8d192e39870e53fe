"""Each fault is found in a run that was built to have it, and nothing is said of healthy ones."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch

from nets.datasets.base import Split
from nets.experiment import Experiment, parse, with_value
from nets.health import DETECTORS, Finding, Vitals, findings_of
from nets.recipes import recipes
from nets.training import Controls, EpochDone, Finished, Training
from nets.views.health import HealthView
from tests.bench.health import watched
from tests.nets.experiments import pictures, small

SGD = "train.optimizer.learning_rate"
NET = {"model.hidden_sizes": [8, 8], "model.activation": "relu", "data.num_points": 200, "train.max_epochs": 15}

LINEAR = {"model.hidden_sizes": [], "train.max_epochs": 40}


def run(
    experiment: Experiment, *, spoil: Callable[[Training], None] | None = None, split: Split | None = None
) -> Vitals:
    """Train to the end and look, as a page that is open does; ``spoil`` may change the fresh network."""
    training = Training(experiment, split)
    if spoil is not None:
        with torch.no_grad():
            spoil(training)
    rows, status = [], ""
    for event in training.events(Controls()):
        if isinstance(event, EpochDone):
            rows.append({"epoch": event.epoch, "step": event.step, **event.metrics})
        if isinstance(event, Finished):
            status = event.status
    return Vitals(experiment, rows, training.step, status, HealthView().look(training))


def points(changes: Mapping[str, Any] | None = None) -> Experiment:
    return small(NET | dict(changes or {}))


def found(vitals: Vitals) -> dict[str, Finding]:
    return {finding.kind: finding for finding in findings_of(vitals)}


def scaled(factor: float) -> Callable[[Training], None]:
    def spoil(training: Training) -> None:
        for parameter in training.model.parameters():
            if parameter.dim() > 1:
                parameter.mul_(factor)

    return spoil


def sunk(name: str) -> Callable[[Training], None]:
    def spoil(training: Training) -> None:
        training.model.get_parameter(name).fill_(-10.0)

    return spoil


def rare(share: float) -> Split:
    """Points of two classes that lie over each other by half, one of them rare."""
    random = np.random.default_rng(0)
    x = random.normal(size=(400, 2)).astype(np.float32)
    y = (random.random(400) < share).astype(np.int64)
    x += 0.7 * y[:, None].astype(np.float32)
    return Split(x[:200], y[:200], x[200:], y[200:])


def test_a_learning_rate_of_100_diverges():
    assert "try 0.1" in found(run(points({SGD: 100.0})))["diverging"].advice


def test_a_loss_that_grows_for_epochs_diverges():
    vitals = run(points({SGD: 30.0, "train.clip_norm": 1.0, "train.loss": "mse", "model.hidden_sizes": []}))
    finding = found(vitals)["diverging"]
    assert vitals.status == "completed"
    assert "runs away" in finding.sees


def test_ten_sigmoid_layers_let_gradients_vanish():
    vitals = run(points({"model.hidden_sizes": [6] * 10, "model.activation": "sigmoid"}))
    faults = found(vitals)
    assert (faults["vanishing"].layer, faults["vanishing"].concept) == ("hidden1", "initialization")
    assert "hidden layer 1" in faults["vanishing"].sees
    assert "not_learning" in faults
    assert "dying" not in faults


@pytest.mark.parametrize(("kind", "rate"), [("sgd", 1e-7), ("adam", 1e-4)])
def test_large_weights_make_gradients_explode(kind, rate):
    changes = {"model.hidden_sizes": [16] * 5, "train.optimizer.kind": kind, SGD: rate, "train.max_epochs": 2}
    finding = found(run(points(changes), spoil=scaled(20.0)))["exploding"]
    assert " times as large as its weights." in finding.sees
    assert "exploding" not in found(run(points(changes | {"train.clip_norm": 1.0}), spoil=scaled(20.0)))


def test_a_step_that_throws_the_weights_far_off_explodes():
    experiment = points({SGD: 100.0, "train.clip_norm": 50.0, "train.loss": "mse"})
    training = Training(experiment)
    training.step = 50
    vitals = Vitals(experiment, (), 50, "training", HealthView().look(training))
    assert " their own size." in found(vitals)["exploding"].sees


def test_a_gradient_that_is_no_number_explodes():
    training = Training(points())
    training.step = 50
    with torch.no_grad():
        scaled(1e30)(training)
    vitals = Vitals(training.experiment, (), 50, "training", HealthView().look(training))
    assert "not finite" in found(vitals)["exploding"].sees


def test_units_whose_bias_is_minus_ten_never_answer():
    finding = found(run(points(), spoil=sunk("hidden2.bias")))["dying"]
    assert finding.sees == "8 of 8 units of hidden layer 2 never answer."
    assert (finding.layer, finding.units, finding.concept) == ("hidden2", tuple(range(8)), "activations")


def test_maps_whose_bias_is_minus_ten_never_answer():
    experiment = pictures({"train.max_epochs": 2, "model.activation": "relu", "train.batch_size": 5})
    finding = found(run(experiment, spoil=sunk("conv2.bias")))["dying"]
    assert finding.sees == "6 of 6 units of convolution 2 never answer."


def test_half_a_layer_is_not_judged_before_an_epoch_is_done():
    def spoil(training: Training) -> None:
        training.model.get_parameter("hidden2.bias")[:6] = -10.0

    vitals = run(points({SGD: 1e-7}), spoil=spoil)
    assert "dying" in found(vitals)
    assert "dying" not in found(replace(vitals, rows=vitals.rows[:1]))


def test_a_leaky_unit_never_dies():
    vitals = run(points({"model.activation": "leaky_relu"}), spoil=sunk("hidden2.bias"))
    assert "dying" not in found(vitals)


def test_outputs_that_never_answer_are_classes_that_are_never_named():
    experiment = points({"data.name": "blobs", "model.output_activation": "relu", SGD: 0.02, "model.hidden_sizes": [8]})

    def spoil(training: Training) -> None:
        training.model.get_parameter("output.bias")[2] = -50.0

    finding = found(run(experiment, spoil=spoil))["dying"]
    assert finding.layer == "output"
    assert 2 in finding.units
    assert len(finding.units) < 4


def test_large_weights_saturate_tanh():
    changes = {"model.activation": "tanh", "model.hidden_sizes": [16] * 4, SGD: 1e-4}
    finding = found(run(points(changes), spoil=scaled(100.0)))["saturated"]
    assert "at the ends of tanh" in finding.sees


def test_a_recurrent_state_saturates():
    series = {"data.kind": "series", "data.name": "sines", "model.kind": "rnn"}
    changes = series | {"model.cell": "rnn", "train.max_epochs": 3, SGD: 1e-5}
    vitals = run(small(changes), spoil=scaled(300.0))
    assert found(vitals)["saturated"].sees.endswith("of the answers of recurrent layer 1 are at the ends of tanh.")


@pytest.mark.parametrize("changes", [{SGD: 1e-6}, {"model.initializer": "zeros", "model.activation": "tanh"}])
def test_what_cannot_move_does_not_learn(changes):
    finding = found(run(points(changes)))["not_learning"]
    assert "After 15 epochs the training loss is" in finding.sees


def test_what_began_below_a_constant_answer_and_stays_there_does_not_learn():
    settings = recipes().get("iris-mlp").experiment.model_dump(mode="json")
    vitals = run(parse(with_value(settings, "train.optimizer.learning_rate", 1e-6)))
    assert vitals.constant is not None
    assert vitals.rows[-1]["train_loss"] < 0.97 * vitals.constant
    assert "untrained it was" in found(vitals)["not_learning"].sees


def test_twenty_noisy_points_are_learnt_by_heart():
    noisy = {"data.num_points": 40, "data.noise": 0.5, "model.hidden_sizes": [64, 64], "train.max_epochs": 120}
    finding = found(run(points(noisy | {"train.optimizer.kind": "adam", SGD: 0.01})))["overfitting"]
    assert finding.concept == "overfitting"


def test_a_rare_class_is_not_recognized():
    finding = found(run(points(LINEAR), split=rare(0.05)))["imbalance"]
    assert finding.sees.startswith("Class ")
    assert " % of the training examples, and 0 of " in finding.sees


def test_weights_of_the_classes_make_the_rare_one_known():
    weights = {"train.objective": {"kind": "supervised", "class_weights": [0.52, 10.0]}}
    assert not found(run(points(LINEAR | weights), split=rare(0.05)))


def test_two_classes_of_the_same_size_are_no_imbalance():
    assert not found(run(points(LINEAR), split=rare(0.5)))


def test_nothing_is_said_before_there_is_evidence():
    for changes in ({SGD: 1e-6}, {"model.initializer": "zeros"}, {"model.hidden_sizes": [6] * 10}):
        vitals = run(points(changes | {"train.max_epochs": 1}))
        assert not {"not_learning", "overfitting", "imbalance"} & set(found(vitals))
    fresh = Training(points({"model.hidden_sizes": [6] * 10, "model.activation": "sigmoid"}))
    assert not found(Vitals(fresh.experiment, (), 0, "ready", HealthView().look(fresh)))


def test_a_finding_goes_with_its_fault():
    training = Training(points({"train.max_epochs": 60}))
    with torch.no_grad():
        sunk("hidden2.bias")(training)
    events = training.events(Controls())
    rows: list[dict[str, Any]] = []
    said = []
    for event in events:
        if not isinstance(event, EpochDone):
            continue
        rows.append({"epoch": event.epoch, "step": event.step, **event.metrics})
        said.append(
            "dying" in found(Vitals(training.experiment, rows, event.step, "training", HealthView().look(training)))
        )
        if event.epoch == 15:
            with torch.no_grad():
                training.model.get_parameter("hidden2.bias").zero_()
    assert said[15]
    assert not said[-1]


POINTS = ("circle", "xor", "spiral", "gauss", "line-regression")
OTHERS = ("mlp-digits", "sine-lstm", "iris-mlp", "wine-mlp", "cancer-mlp", "diabetes-regression")
LONGEST = {**dict.fromkeys(POINTS, 40), "mlp-digits": 8, "sine-lstm": 25}


@pytest.mark.parametrize("name", [*POINTS, *OTHERS])
def test_nothing_is_said_of_a_healthy_recipe(name):
    settings = recipes().get(name).experiment.model_dump(mode="json")
    epochs = min(LONGEST.get(name, 25), settings["train"]["max_epochs"])
    experiment = parse(with_value(settings, "train.max_epochs", epochs))
    said = [finding for vitals, _ in watched(experiment, 60, 0) for finding in findings_of(vitals)]
    assert not said


def test_every_detector_has_been_seen_to_fire():
    tested = {"diverging", "exploding", "vanishing", "dying", "saturated", "not_learning", "imbalance", "overfitting"}
    assert {detector.__name__ for detector in DETECTORS} == tested
