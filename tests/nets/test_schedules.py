"""Schedules against those of torch, where torch has an equal."""

import random
import warnings

import pytest
import torch
from torch.optim import lr_scheduler

from nets.experiment import dump
from nets.schedules import SCHEDULES, Constant, Cosine, OneCycle, Plateau, Progress, Step, WarmUp
from nets.training import Controls, Training
from nets.training.watchers import PlateauWatcher
from tests.nets.experiments import epochs, history_of, small, until_idle

STEPS, EPOCHS = 5, 40


def factors(schedule, steps_per_epoch=STEPS, max_epochs=EPOCHS):
    return [
        schedule.factor(Progress(step, steps_per_epoch, max_epochs)) for step in range(steps_per_epoch * max_epochs)
    ]


def rates_of_torch(make, count):
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=1.0)
    scheduler = make(optimizer)
    rates = []
    for _ in range(count):
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        scheduler.step()
    return rates


def test_constant_stays():
    assert set(factors(Constant())) == {1.0}


@pytest.mark.parametrize(("every", "gamma"), [(1, 0.9), (7, 0.5), (100, 0.1)])
def test_step_is_torchs_step(every, gamma):
    expected = rates_of_torch(lambda opt: lr_scheduler.StepLR(opt, every * STEPS, gamma), STEPS * EPOCHS)
    assert factors(Step(every=every, gamma=gamma)) == pytest.approx(expected)


@pytest.mark.parametrize("final", [0.0, 0.25])
def test_cosine_is_torchs_cosine(final):
    expected = rates_of_torch(lambda opt: lr_scheduler.CosineAnnealingLR(opt, STEPS * EPOCHS, final), STEPS * EPOCHS)
    assert factors(Cosine(final=final)) == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize("rise", [0.3, 0.8])
def test_one_cycle_is_torchs_one_cycle_but_for_where_its_peak_lies_between_two_steps(rise):
    count = 20_000

    def make(optimizer):
        return lr_scheduler.OneCycleLR(
            optimizer, 1.0, total_steps=count, pct_start=rise, div_factor=25, final_div_factor=400
        )

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        expected = rates_of_torch(make, count - 1)
    assert factors(OneCycle(rise=rise), 500, 40)[:-1] == pytest.approx(expected, abs=1e-3)


@pytest.mark.parametrize("rise", [1, 5])
def test_warm_up_is_torchs_linear_rise(rise):
    count = rise * STEPS
    expected = rates_of_torch(lambda opt: lr_scheduler.LinearLR(opt, 1 / count, 1.0, count - 1), STEPS * EPOCHS)
    assert factors(WarmUp(epochs=rise)) == pytest.approx(expected)


@pytest.mark.parametrize("patience", [1, 3])
def test_plateau_drops_when_torchs_does(patience):
    settings = Plateau(patience=patience, gamma=0.5)
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=1.0)
    scheduler = lr_scheduler.ReduceLROnPlateau(optimizer, factor=0.5, patience=patience, min_lr=0, eps=0)
    watcher, noise = PlateauWatcher(), random.Random(3)
    for epoch in range(200):
        loss = 1 / (1 + epoch / 10) + noise.random() * 0.1
        scheduler.step(loss)
        watcher.watch(settings, loss)
        assert settings.factor(Progress(0, 1, 1, watcher.drops)) == optimizer.param_groups[0]["lr"]
    assert watcher.drops > 5


@pytest.mark.parametrize("name", SCHEDULES.names())
def test_no_schedule_leaves_the_sensible_range(name):
    schedule = SCHEDULES.get(name)()
    for steps_per_epoch, max_epochs in [(1, 1), (3, 2), (7, 100)]:
        for step in range(steps_per_epoch * max_epochs + 10):
            assert 0 <= schedule.factor(Progress(step, steps_per_epoch, max_epochs)) <= 1


@pytest.mark.parametrize("name", SCHEDULES.names())
def test_training_follows_it(name):
    experiment = small({"train.schedule.kind": name, "train.max_epochs": 8})
    schedule, steps = experiment.train.schedule, 3
    for event in epochs(history_of(experiment))[1:]:
        expected = 0.1 * schedule.factor(Progress(event.step - 1, steps, 8))
        assert event.learning_rate == pytest.approx(expected), event


def test_a_schedule_goes_on_smoothly_when_the_batch_size_changes():
    experiment = small({"train.schedule.kind": "cosine", "train.max_epochs": 10})
    training, controls = Training(experiment), Controls(paused=True)
    events = training.events(controls)
    controls.epoch(5)
    until_idle(events)
    before = training.learning_rate
    controls.change(lambda live: live.edit(small({"train.batch_size": 1}, dump(experiment))))
    controls.step()
    until_idle(events)
    assert training.step == 16
    assert training.learning_rate == pytest.approx(before, rel=0.3)
    assert training.learning_rate < before
