"""CUDA graphs: all but the capture itself runs on any machine, with a stand-in that takes the steps over again."""

import sys

import numpy as np
import pytest
import torch

from nets.tiers import choosing, graphs, trial
from nets.tiers.choosing import WARM_STEPS
from nets.tiers.graphs import Graphed, Graphs
from nets.tiers.tape import Untakeable
from nets.tiers.trial import YES, Trial, attempt
from nets.tiers.trying import sizes
from nets.training import Controls, EpochDone, StepDone, Training
from nets.training.stepping import update
from tests.nets.experiments import pictures, small

LONG = {"train.max_epochs": 10_000, "train.batch_size": 11}
needs_gpu = pytest.mark.skipif(not torch.cuda.is_available(), reason="no GPU here: nothing can be captured")
CASES = {
    "sgd": {},
    "momentum": {"train.optimizer.kind": "sgd", "train.optimizer.momentum": 0.9},
    "adam": {"train.optimizer.kind": "adam"},
    "adamw, rates that change": {"train.optimizer.kind": "adamw", "train.schedule.kind": "cosine"},
    "rmsprop": {"train.optimizer.kind": "rmsprop"},
    "dropout and batch norm": {"model.dropout": 0.3, "model.norm": "batch"},
    "penalties and clipping": {"train.l1": 0.01, "train.l2": 0.01, "train.clip_norm": 0.5},
}


def taken_again(step):
    """Stand in for a capture: take the step each time, and leave its result where it was."""
    result = step()
    return (lambda: result.copy_(step())), result


@pytest.fixture
def stand_in(monkeypatch):
    """Graphs on the processor, tried at once."""
    monkeypatch.setattr(graphs, "capture", taken_again)
    monkeypatch.setattr(choosing, "faster_for", Graphed)
    monkeypatch.setattr(trial, "COMMAND", said(YES))


def said(line):
    """A trial's command that only says this."""
    return sys.executable, "-c", f"import sys; sys.stdin.read(); print('loading'); print({line!r})"


def at(experiment, epochs):
    """A training after some epochs, its faster tier in force as soon as may be."""
    training = Training(experiment)
    for event in training.events(Controls()):
        if training.step == WARM_STEPS and experiment.train.compile:
            assert training.tiers.wait(training) == "graphed", training.tiers.problem
        if isinstance(event, EpochDone) and training.epoch >= epochs:
            break
    return training


@pytest.mark.parametrize("changes", CASES.values(), ids=CASES)
def test_steps_by_graph_give_the_numbers_of_torch(stand_in, changes):
    settings = {**LONG, **changes}
    fast, slow = at(small(settings), 60), at(small({**settings, "train.compile": False}), 60)
    assert (fast.tiers.name, slow.tiers.name) == ("graphed", "eager")
    assert sizes(fast) == [11, 8]
    assert fast.metrics == pytest.approx(slow.metrics, rel=1e-5)
    for name, weights in slow.weights().items():
        assert torch.allclose(fast.weights()[name], weights, rtol=1e-5, atol=1e-6)


def test_an_edit_goes_back_to_torch_and_a_new_graph_is_tried(stand_in):
    training = at(small(LONG), 30)
    training.edit(small({**LONG, "train.optimizer.kind": "adam"}))
    for event in training.events(Controls()):
        if isinstance(event, StepDone) and training.tiers.wait(training) == "graphed":
            break
    assert training.tiers.problem == ""


def test_what_diverges_ends_with_its_first_loss_that_is_no_number(stand_in):
    training = at(small(LONG), 30)
    with torch.no_grad():
        training.parameters[0].fill_(float("nan"))
    *_, last = training.events(Controls())
    assert last.status == "diverged"


def test_capturing_leaves_the_training_as_it_was(stand_in):
    training = Training(pictures({"model.dropout": 0.2}))
    update(training, *training.batches.ahead(32, 0))
    before, stream = training.weights(), training.randomness.state[0].clone()
    found = Graphs(training)
    found.check_numbers(training)
    assert all(torch.equal(before[name], weights) for name, weights in training.weights().items())
    assert torch.equal(stream, training.randomness.state[0])


def test_graphs_that_do_something_else_are_refused(monkeypatch):
    def lazy(step):
        return (lambda: None), step()

    monkeypatch.setattr(graphs, "capture", lazy)
    training = Training(small(LONG))
    update(training, *training.batches.ahead(11, 0))
    found = Graphs(training)
    with pytest.raises(Untakeable, match="came out"):
        found.check_numbers(training)


@pytest.mark.parametrize("is_slower", [True, False])
def test_graphs_must_be_faster_than_torch(stand_in, monkeypatch, is_slower):
    training = Training(small(LONG))
    update(training, *training.batches.ahead(11, 0))
    found = Graphs(training)
    monkeypatch.setattr(graphs, "_by_graph", lambda *_: (0.0, 2.0 if is_slower else 1.0))
    monkeypatch.setattr(graphs, "_by_torch", lambda *_: (0.0, 1.5))
    if is_slower:
        with pytest.raises(Untakeable, match="as fast"):
            found.check_speed(training)
    else:
        found.check_speed(training)


@pytest.mark.parametrize(
    ("command", "reason"),
    [
        (said("a step waits for the processor"), "a step waits for the processor"),
        ((sys.executable, "-c", "raise SystemExit(1)"), "the trial failed"),
        ((sys.executable, "-c", ""), "the trial failed"),
        (("/no/such/program",), "a trial can't be started"),
    ],
)
def test_a_trial_that_says_no_leaves_the_steps_to_torch(stand_in, monkeypatch, command, reason):
    monkeypatch.setattr(trial, "COMMAND", command)
    training = Training(small(LONG))
    for _ in training.events(Controls()):
        if training.step >= WARM_STEPS and training.tiers.wait(training) and training.tiers.problem:
            break
    assert training.tiers.name == "eager"
    assert reason in training.tiers.problem


def test_a_trial_that_takes_too_long_is_ended(monkeypatch):
    monkeypatch.setattr(trial, "COMMAND", (sys.executable, "-c", "import time; time.sleep(60)"))
    monkeypatch.setattr(trial, "MAX_SECONDS", 0)
    begun = Trial(small())
    with pytest.raises(Untakeable, match="too long"):
        begun.is_over(wait=True)
    assert begun._process.poll() is not None


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is a GPU here")
def test_without_a_gpu_a_trial_says_so():
    assert attempt(small()) == "there is no GPU here"
    with pytest.raises(Untakeable, match="no GPU here"):
        Trial(small()).is_over(wait=True)


@needs_gpu
@pytest.mark.parametrize("changes", CASES.values(), ids=CASES)
def test_captured_steps_give_the_numbers_of_torch(changes):
    settings = {**LONG, **changes, "train.device": "cuda"}
    assert attempt(small(settings)) == YES
    fast, slow = at(small(settings), 60), at(small({**settings, "train.compile": False}), 60)
    assert fast.metrics == pytest.approx(slow.metrics, rel=1e-4)
    assert np.isfinite(fast.metrics["train_loss"])
