"""Pause, step, epoch, stop, and going on."""

import dataclasses

import pytest

from nets.training import Controls, EpochDone, Finished, Idle, Started, StepDone, Training
from tests.nets.experiments import epochs, exhaust, small, steps, until_idle

STEPS_PER_EPOCH = 3


@pytest.fixture
def training():
    return Training(small({"train.max_epochs": 5}))


@pytest.fixture
def controls():
    return Controls(paused=True)


def test_without_controls_it_runs_to_its_end(training):
    events = list(training.events(Controls()))
    assert [type(event) for event in events[:3]] == [Started, EpochDone, StepDone]
    assert isinstance(events[-1], Finished)
    assert [event.step for event in steps(events)] == list(range(1, 16))
    assert [event.epoch for event in epochs(events)] == list(range(6))
    assert [event.step for event in epochs(events)] == [0, 3, 6, 9, 12, 15]
    finished = events[-1]
    assert finished.status == "completed"
    assert finished.reason == "Completed 5 epochs."
    assert (finished.timing.steps, finished.timing.epochs) == (15, 5)
    assert finished.timing.steps_per_second == pytest.approx(15 / finished.timing.seconds)
    assert finished.metrics == epochs(events)[-1].metrics


def test_the_start_says_what_is_about_to_happen(training):
    started = next(training.events(Controls()))
    assert isinstance(started, Started)
    assert started.parameters == 2 * 5 + 5 + 5 * 3 + 3 + 3 + 1
    assert (started.train_examples, started.test_examples, started.device) == (30, 30, "cpu")
    assert started.training is training


def test_paused_from_the_start_it_shows_the_untrained_network_and_waits(training, controls):
    events = training.events(controls)
    assert [type(event) for event in until_idle(events)] == [Started, EpochDone]
    assert isinstance(next(events), Idle)
    assert training.step == 0


def test_single_steps(training, controls):
    events = training.events(controls)
    until_idle(events)
    controls.step()
    assert [type(event) for event in until_idle(events)] == [StepDone]
    controls.step(2)
    assert [type(event) for event in until_idle(events)] == [StepDone, StepDone, EpochDone]
    controls.step()
    controls.step()
    assert len(until_idle(events)) == 2
    assert training.step == 5


def test_single_epochs(training, controls):
    events = training.events(controls)
    until_idle(events)
    controls.epoch()
    assert [type(event) for event in until_idle(events)] == [StepDone] * 3 + [EpochDone]
    controls.step()
    until_idle(events)
    controls.epoch()
    assert [type(event) for event in until_idle(events)] == [StepDone] * 2 + [EpochDone]
    controls.epoch(2)
    until_idle(events)
    assert (training.epoch, training.step) == (4, 12)


def test_a_pause_holds_before_the_next_step(training):
    controls = Controls()
    events = training.events(controls)
    while training.step < 4:
        next(events)
    controls.pause()
    assert isinstance(next(events), Idle)
    assert (training.step, controls.running) == (4, False)
    controls.resume()
    assert isinstance(next(events), StepDone)
    assert controls.running


def test_a_pause_cancels_steps_and_epochs(training, controls):
    events = training.events(controls)
    until_idle(events)
    controls.epoch(3)
    next(events)
    controls.pause()
    assert isinstance(next(events), Idle)
    controls.step(5)
    next(events)
    controls.pause()
    assert isinstance(next(events), Idle)
    assert training.step == 2


@pytest.mark.parametrize("paused", [True, False])
def test_a_stop_ends_it_before_the_next_step(training, paused):
    controls = Controls(paused=paused)
    events = training.events(controls)
    next(events), next(events)
    controls.stop()
    finished = exhaust(events)
    assert (finished.status, training.step) == ("stopped", 0)
    assert finished.reason == "Stopped after 0 epochs."


def test_a_stop_keeps_the_metrics_of_the_last_epoch(training):
    controls = Controls()
    events = training.events(controls)
    while training.step < 4:
        next(events)
    controls.stop()
    finished = exhaust(events)
    assert (finished.reason, finished.timing.steps) == ("Stopped after 1 epoch.", 4)
    assert finished.metrics == training.metrics


def test_after_its_end_it_waits_and_can_go_on(training):
    controls = Controls()
    exhaust(training.events(controls))
    events = training.events(controls)
    assert isinstance(next(events), Idle)
    training.extend()
    controls.resume()
    finished = exhaust(events)
    assert (finished.reason, training.step) == ("Completed 10 epochs.", 30)


def test_going_on_for_a_step_after_the_end_does_not_end_it_again(training):
    controls = Controls()
    exhaust(training.events(controls))
    training.extend()
    controls.step()
    events = training.events(controls)
    assert [type(event) for event in until_idle(events)] == [StepDone]


def test_extending_before_the_end_adds_nothing(training):
    training.extend()
    assert training.max_epochs == 5


@pytest.mark.parametrize("ending", ["completed", "stopped", "diverged"])
def test_an_order_given_the_moment_it_ends_is_not_lost(ending):
    changes = {"train.optimizer.learning_rate": 1e6} if ending == "diverged" else {}
    training, controls = Training(small(changes)), Controls()
    for event in training.events(controls):
        if isinstance(event, StepDone) and ending == "stopped":
            controls.stop()
        if isinstance(event, Finished):
            assert event.status == ending
            training.extend()
            controls.step()
    events = training.events(controls)
    assert isinstance(next(events), StepDone)


def test_events_are_frozen(training):
    for event in training.events(Controls()):
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(event, "step", 5)  # noqa: B010 - it must fail


def test_an_epoch_covers_every_example_once_in_an_order_of_its_own(training):
    orders = []
    for epoch in range(2):
        training.batches.start_epoch(epoch, 7)
        seen = []
        while not training.batches.exhausted():
            x, targets = training.batches.next(7)
            assert len(x) == len(targets) <= 7
            seen += [tuple(row) for row in x.tolist()]
        assert sorted(seen) == sorted(tuple(row) for row in training.parts.train.x.tolist())
        orders.append(seen)
    assert orders[0] != orders[1]


@pytest.mark.parametrize(
    ("size", "sizes"), [(10, [10, 10, 10]), (7, [7, 7, 7, 9]), (29, [30]), (100, [30]), (14, [14, 16])]
)
def test_a_rest_of_one_joins_the_batch_before_it(training, size, sizes):
    training.batches.start_epoch(0, size)
    taken = []
    while not training.batches.exhausted():
        taken.append(len(training.batches.next(size, at_least=3)[0]))
    assert taken == sizes
    assert training.batches.count(size, at_least=3) == len(sizes)
