"""Machine code takes the very steps that torch takes, gives way to every change, and is missed by nobody."""

import shutil
import time
from typing import Any

import numpy as np
import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st

from nets.activations import ACTIVATIONS
from nets.experiment import with_value
from nets.problems import InvalidExperiment
from nets.recipes import recipes
from nets.tiers import compiled, compiler, pointwise
from nets.tiers.choosing import WARM_STEPS
from nets.tiers.tape import Untakeable
from nets.training import Controls, Edited, EpochDone, Finished, Training
from nets.training.measuring import ALL_MEASURED, is_measured
from tests.nets.experiments import SMALL_PICTURES, small

LONG = {"train.max_epochs": 10_000, "train.optimizer.learning_rate": 0.02}
needs_compiler = pytest.mark.skipif(compiler.find_compiler() is None, reason="no C compiler")


@pytest.fixture(scope="session", autouse=True)
def kept_libraries(tmp_path_factory):
    """A home that these tests share: the same network is compiled once."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PLAYGROUND_HOME", str(tmp_path_factory.mktemp("home")))
        yield


def at(experiment, epochs, *, fast=True, controls=None):
    """A training after some epochs, in machine code from its first steps on, or with torch alone."""
    training = Training(experiment if fast else experiment.model_copy(update={"train": without(experiment)}))
    for event in training.events(controls or Controls()):
        if fast and training.step == WARM_STEPS:
            training.tiers.wait(training)
        if isinstance(event, EpochDone) and training.epoch >= epochs:
            return training
    return training


SHORT_WAVES = {"data": {"kind": "series", "name": "sines", "num_steps": 200, "window": 5}}


def without(experiment):
    return experiment.train.model_copy(update={"compile": False})


def both_ways(experiment, epochs):
    """Return a training in machine code, so many epochs after that has taken over, and one by torch alone."""
    sample = Training(experiment)
    steps = sample.batches.count(experiment.train.batch_size, at_least=sample.min_batch)
    last = epochs + -(-WARM_STEPS // steps)
    fast = at(experiment, last)
    assert fast.tiers.name == "compiled", fast.tiers.problem
    assert fast.step - fast.tiers.since >= (epochs - 1) * steps
    return fast, at(experiment, last, fast=False)


def apart(fast, slow, tolerance=1e-5):
    """Return the losses and weights in which two trainings differ by more than rounding, and by how much."""
    found = {}
    for name in ("train_loss", "test_loss"):
        if fast.metrics[name] != pytest.approx(slow.metrics[name], rel=tolerance, abs=1e-7):
            found[name] = fast.metrics[name] - slow.metrics[name]
    for name, weights in slow.weights().items():
        difference = float((weights.double() - fast.weights()[name].double()).abs().max())
        if not difference <= 10 * tolerance * max(1.0, float(weights.abs().max())):
            found[name] = difference
    return found


EVERY_NAME: list[dict[str, Any]] = [
    {"model.activation": "relu", "train.loss": "bce", "train.optimizer.kind": "sgd"},
    {"model.activation": "tanh", "train.loss": "hinge", "train.optimizer.kind": "adam", "train.batch_size": 11},
    {"model.activation": "gelu", "data.name": "blobs", "train.optimizer.kind": "adamw", "model.norm": "layer"},
    {"model.activation": "silu", "data.name": "plane", "train.loss": "huber", "train.optimizer.kind": "rmsprop"},
    {"model.activation": "elu", "data.name": "plane", "train.loss": "l1", "train.optimizer.kind": "adagrad"},
    {"model.activation": "mish", "model.norm": "batch", "train.batch_size": 29, "train.optimizer.kind": "adadelta"},
    {"model.activation": "softplus", "train.l1": 0.001, "train.l2": 0.01, "train.clip_norm": 0.1},
    {"model.activation": "selu", "data.name": "blobs", "model.output_activation": "log_softmax", "train.loss": "nll"},
    {"model.activation": "leaky_relu", "train.optimizer": {"kind": "sgd", "momentum": 0.9, "nesterov": True}},
    {"model.activation": "sigmoid", "train.loss": "mse", "train.optimizer": {"kind": "adam", "weight_decay": 0.01}},
    {"model.activation": "hardtanh", "train.schedule.kind": "cosine", "train.loss": "cross_entropy"},
    {"model.activation": "relu", "model.dropout": 0.3, "train.batch_size": 7, "model.norm": "layer"},
    {"model.activation": "identity", "train.batch_size": 7, "train.optimizer": {"kind": "sgd", "momentum": 0.5}},
]


def test_the_cases_name_every_activation():
    assert {case["model.activation"] for case in EVERY_NAME} == set(ACTIVATIONS.names())


@needs_compiler
@pytest.mark.parametrize("changes", EVERY_NAME, ids=lambda changes: "-".join(map(str, changes.values())))
def test_a_hundred_epochs_come_to_the_same(changes):
    experiment = small({**LONG, **changes, "train.optimizer.learning_rate": 0.003})
    assert not apart(*both_ways(experiment, 100))


@needs_compiler
def test_a_recurrent_network_comes_to_the_same():
    experiment = small(LONG, {**recipes().get("rnn-next-value").experiment.model_dump(mode="json"), **SHORT_WAVES})
    assert not apart(*both_ways(experiment, 60))


@needs_compiler
@pytest.mark.parametrize("sizes", [[130, 33], [64], [19, 70, 5]], ids=str)
def test_a_network_of_large_products_comes_to_the_same(sizes, monkeypatch):
    sources = []

    def noted(source):
        sources.append(source)
        return compiler.Building(source)

    monkeypatch.setattr("nets.tiers.compiled.Building", noted)
    pictures = {"data": {"kind": "images", "name": "digits", "size": 16, "train_share": 0.1}, "model": {"kind": "mlp"}}
    changes = {"model.hidden_sizes": sizes, "model.activation": "tanh", "train.batch_size": 37}
    changes["train.optimizer"] = {"kind": "sgd", "learning_rate": 0.02}  # Adam makes rounding of tiny gradients large
    fast, slow = both_ways(small({**LONG, **changes}, {**SMALL_PICTURES, **pictures}), 40)
    assert "product_of_copy(&" in sources[0]
    assert not apart(fast, slow)


@needs_compiler
@settings(max_examples=6, deadline=None, derandomize=True)
@given(
    sizes=st.lists(st.integers(1, 9), max_size=4),
    activation=st.sampled_from(("tanh", "sigmoid", "gelu", "silu")),
    batch_size=st.integers(2, 40),
    norm=st.sampled_from(("none", "layer", "batch")),
    seed=st.integers(0, 99),
)
def test_any_small_network_comes_to_the_same(sizes, activation, batch_size, norm, seed):
    changes = {"model.hidden_sizes": sizes, "model.activation": activation, "model.norm": norm}
    try:
        experiment = small({**LONG, **changes, "train.batch_size": batch_size, "train.seed": seed})
    except InvalidExperiment:
        reject()
    assert not apart(*both_ways(experiment, 100))


@needs_compiler
def test_it_is_in_force_by_itself_and_says_since_when():
    training = Training(small(LONG))
    for _ in training.events(Controls()):
        if training.tiers.name == "compiled":
            break
    since = training.tiers.since
    assert since is not None
    assert WARM_STEPS <= since <= training.step


@needs_compiler
def test_steps_pauses_and_edits_in_between_change_nothing_of_the_numbers():
    experiment = small(LONG)

    def eventful(fast):
        controls = Controls()
        training = at(experiment, 50, fast=fast, controls=controls)
        controls.pause()
        events = training.events(controls)
        for _ in range(3):
            controls.step()
            next(events)
        steps = training.step
        assert steps == 50 * 3 + 3
        faster = experiment.train.optimizer.model_copy(update={"learning_rate": 0.05})
        changed = experiment.model_copy(
            update={"train": training.experiment.train.model_copy(update={"optimizer": faster})}
        )
        controls.change(lambda training: training.edit(changed))
        controls.resume()
        for event in events:
            if isinstance(event, EpochDone) and training.epoch == 80:
                return training
        raise AssertionError

    fast, slow = eventful(True), eventful(False)
    assert fast.tiers.name == "compiled"
    assert not apart(fast, slow)


@needs_compiler
@pytest.mark.parametrize("changes", [{"train.batch_size": 6}, {"train.l2": 0.1}, {"model.hidden_sizes": [4]}])
def test_another_network_or_rule_goes_back_to_torch_at_once(changes):
    controls = Controls()
    training = at(small(LONG), 50, controls=controls)
    assert training.tiers.name == "compiled"
    controls.change(lambda training: training.edit(small({**LONG, **changes})))
    for event in training.events(controls):
        if isinstance(event, Edited):
            break
    before = training.step
    next(training.events(controls))
    assert (training.tiers.name, training.step) == ("eager", before + 1)


@needs_compiler
@needs_compiler
@pytest.mark.parametrize("changes", [{"train.optimizer.kind": "adam"}, {"model.hidden_sizes": [4]}])
def test_an_edit_has_the_numbers_of_torch_and_is_compiled_in_its_turn(changes, caplog):
    start = {**LONG, "train.optimizer.kind": "adamw"}
    trainings = []
    for settings_ in (start, {**start, "train.compile": False}):
        training = at(small(settings_), 30, fast=settings_ is start)
        training.edit(small({**settings_, **changes}))
        for event in training.events(Controls()):
            if settings_ is start and training.tiers.name == "eager":
                training.tiers.wait(training)
            if isinstance(event, EpochDone) and training.epoch >= 60:
                break
        trainings.append(training)
    fast, slow = trainings
    assert (fast.tiers.name, fast.tiers.problem) == ("compiled", "")
    assert not apart(fast, slow)
    assert not caplog.records


def test_what_diverges_ends_as_with_torch():
    experiment = small(
        {**LONG, "model.activation": "identity", "train.loss": "mse", "model.output_activation": "identity"}
    )
    controls = Controls()
    training = at(experiment, 50, controls=controls)
    assert training.tiers.name == "compiled"
    wild = with_value(experiment.model_dump(mode="json"), "train.optimizer.learning_rate", 1000.0)
    controls.change(lambda training: training.edit(type(experiment).model_validate(wild)))
    *_, last = training.events(controls)
    assert isinstance(last, Finished)
    assert last.status == "diverged"
    assert np.isfinite(last.metrics["train_loss"])


def test_off_means_off():
    training = at(small({**LONG, "train.compile": False}), 60)
    assert (training.tiers.name, training.tiers.problem) == ("eager", "")


def test_without_a_compiler_torch_goes_on_and_the_reason_is_known(monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda name: None)
    training = at(small({**LONG, "model.hidden_sizes": [3, 2]}), 60)
    assert (training.tiers.name, training.tiers.problem) == ("eager", "there is no C compiler on this machine")


def test_a_compiler_that_fails_is_asked_once(monkeypatch):
    monkeypatch.setenv("CC", "false")
    training = at(small({**LONG, "model.hidden_sizes": [2, 3]}), 60)
    assert (training.tiers.name, training.tiers.problem) == ("eager", "the compiler failed")


@needs_compiler
def test_machine_code_that_does_something_else_is_never_in_force(monkeypatch):
    monkeypatch.setitem(pointwise.POINTWISE, "aten.tanh.default", "sinhf({self})")
    training = at(small({**LONG, "model.hidden_sizes": [3, 3]}), 60)
    assert training.tiers.name == "eager"
    assert "came out" in training.tiers.problem
    assert not apart(training, at(small({**LONG, "model.hidden_sizes": [3, 3]}), 60, fast=False), tolerance=0)


@needs_compiler
def test_machine_code_that_takes_longer_than_torch_is_never_in_force(monkeypatch):
    take = compiled.Steps.take

    def slow(*arguments):
        time.sleep(0.1)
        return take(*arguments)

    monkeypatch.setattr(compiled.Steps, "take", slow)
    training = at(small({**LONG, "model.hidden_sizes": [3, 3]}), 60)
    assert training.tiers.name == "eager"
    assert "faster" in training.tiers.problem


@needs_compiler
def test_a_compiler_at_work_ends_with_who_waits_for_it():
    building = compiler.Building("int answer;" * 100_000)
    process, folder = building._process, building._scratch
    assert process is not None
    assert process.poll() is None
    assert folder.exists()
    del building
    assert process.poll() is not None
    assert not folder.exists()


@needs_compiler
def test_a_spoilt_library_is_made_anew():
    path = compiler.Building("int spoilt;").path
    path.write_bytes(b"no library")
    with pytest.raises(Untakeable, match="can't be loaded"):
        compiler.Building("int spoilt;").library()
    assert compiler.Building("int spoilt;").library(wait=True) is not None


@needs_compiler
def test_epochs_that_rush_by_are_measured_now_and_then_and_the_last_always():
    training = at(small({**LONG, "train.max_epochs": 5000}), 40)
    measured = []
    for epoch in range(1, 5001):
        training.epoch = epoch
        if is_measured(training):
            measured.append(epoch)
    assert measured[:ALL_MEASURED] == list(range(1, ALL_MEASURED + 1))
    assert (measured[ALL_MEASURED], measured[-1]) == (ALL_MEASURED + 2, 5000)
    assert len(measured) < 2.4 * ALL_MEASURED
    training.experiment = small({**LONG, "train.max_epochs": 5000, "train.early_stopping": {"patience": 3}})
    training.epoch = 4001
    assert is_measured(training)
