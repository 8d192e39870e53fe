"""The same experiment and seed give the same numbers, bit for bit, whatever else happens meanwhile."""

import random

import numpy as np
import pytest
import torch

from nets.training import Controls, EpochDone, Finished, Idle, StepDone, Training, fit
from nets.views import VIEWS
from tests.nets.experiments import history, history_of, pictures, small

RESTLESS = {"model.dropout": 0.3, "model.norm": "batch", "train.optimizer.kind": "adam", "train.max_epochs": 6}
EXPERIMENTS = {
    "plain": small(),
    "dropout and batch norm": small(RESTLESS),
    "held out, clipped, scheduled": small(
        {
            "train.early_stopping": {"patience": 2},
            "train.clip_norm": 0.5,
            "train.schedule": {"kind": "plateau", "patience": 1},
            "train.max_epochs": 8,
            "model.norm": "layer",
        }
    ),
    "lbfgs with dropout": small({"train.optimizer.kind": "lbfgs", "model.dropout": 0.2}),
    "convolutions": pictures({"model.dropout": 0.2, "model.norm": "batch"}),
}


@pytest.fixture(params=EXPERIMENTS, scope="module")
def experiment(request):
    return EXPERIMENTS[request.param]


@pytest.fixture(scope="module")
def undisturbed(experiment):
    return history_of(experiment)


def test_twice_the_same(experiment, undisturbed):
    assert len(undisturbed) > 8
    assert history_of(experiment) == undisturbed


def test_the_final_weights_are_the_same_too(experiment):
    first, second = Training(experiment), Training(experiment)
    for training in (first, second):
        list(training.events(Controls()))
    assert all(torch.equal(a, b) for a, b in zip(first.weights().values(), second.weights().values(), strict=True))


@pytest.mark.parametrize("changes", [{"train.seed": 1}, {"data.sample": 1}])
@pytest.mark.parametrize("make", [small, pictures])
def test_another_seed_or_sample_gives_other_numbers(make, changes):
    first, second = history_of(make()), history_of(make(changes))
    assert len(first) == len(second)
    assert first[0] != second[0] or first[1] != second[1]
    assert first[2] != second[2]


def test_the_seed_governs_weights_batches_and_dropout_each():
    full_batch = {"train.batch_size": 1000, "data.name": "drawn"}
    same_data = [small({**full_batch, "train.seed": seed}) for seed in (0, 1)]
    weights = [Training(experiment).weights()["hidden1.weight"] for experiment in same_data]
    assert not torch.equal(*weights)


def test_global_random_state_neither_disturbs_nor_is_disturbed(experiment, undisturbed):
    events = []
    for count, event in enumerate(fit(experiment)):
        torch.manual_seed(count % 3)
        random.seed(count)
        np.random.seed(count)
        torch.rand(count % 5 + 1)
        events.append(event)
    assert history(events) == undisturbed
    torch.manual_seed(9)
    before = torch.get_rng_state()
    history_of(experiment)
    assert torch.equal(torch.get_rng_state(), before)


def test_pauses_steps_and_epochs_change_nothing(experiment, undisturbed):
    controls, choice = Controls(paused=True), random.Random(4)
    events = []
    for event in fit(experiment, controls):
        events.append(event)
        if isinstance(event, Idle):
            order = choice.choice([controls.step, controls.epoch, lambda: controls.step(3), controls.resume])
            order()
        elif isinstance(event, StepDone) and choice.random() < 0.3:
            controls.pause()
    assert sum(isinstance(event, Idle) for event in events) > 3
    assert history(events) == undisturbed


def test_looking_changes_nothing(experiment, undisturbed):
    events = []
    training = Training(experiment)
    views = [
        VIEWS.get(name)() for name in (("predictions",) if experiment.data.kind == "images" else ("surface", "network"))
    ]
    views += [VIEWS.get("layers")(), VIEWS.get("health")()]
    for count, event in enumerate(training.events(Controls())):
        events.append(event)
        if count % 4 == 0 or isinstance(event, EpochDone):
            for view in views:
                view.look(training)
    assert history(events) == undisturbed


def test_another_training_interleaved_changes_nothing(experiment, undisturbed):
    other = fit(small({**RESTLESS, "train.max_epochs": 1000, "train.seed": 77}))
    events = []
    for event in fit(experiment):
        events.append(event)
        next(other)
        next(other)
    assert history(events) == undisturbed


def test_another_training_keeps_its_threads_to_itself():
    """Sums on more threads may differ in their last bit."""
    events = fit(small())
    while not isinstance(next(events), StepDone):
        pass
    Training(small({"train.threads": 2}))
    next(events)
    assert torch.get_num_threads() == 1


def test_stopping_and_going_on_changes_nothing_but_the_stop(experiment, undisturbed):
    training = Training(experiment)
    events = []
    controls = Controls()
    for event in training.events(controls):
        events.append(event)
        if training.step == 5:
            controls.stop()
    stopped = events.pop()
    assert isinstance(stopped, Finished)
    assert stopped.status == "stopped"
    controls.resume()
    events += training.events(controls)
    assert history(events) == undisturbed
