"""Small experiments to test with, and what their training yields."""

import dataclasses
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import pytest

from nets.experiment import Experiment, parse, switch_kind, with_value
from nets.link import KIND_PATHS
from nets.problems import InvalidExperiment
from nets.runs.trunks import trunk_of
from nets.training import Controls, Edited, EpochDone, Event, Finished, Idle, StepDone, Training, fit

SMALL = {
    "version": 1,
    "data": {"kind": "points", "name": "circle", "num_points": 60},
    "model": {"kind": "mlp", "hidden_sizes": [5, 3], "activation": "tanh"},
    "train": {"optimizer": {"kind": "sgd", "learning_rate": 0.1}, "batch_size": 10, "max_epochs": 3},
}
SMALL_PICTURES = {
    "data": {"kind": "images", "name": "digits", "size": 8, "train_share": 0.1},
    "model": {"kind": "cnn", "blocks": [{"channels": 4}, {"channels": 6}], "dense_sizes": [12]},
    "train": {"optimizer": {"kind": "adam"}, "batch_size": 32, "max_epochs": 2},
}
DATA_OF_TASK = {"binary": "circle", "multiclass": "blobs", "regression": "plane"}


def settings(changes: Mapping[str, Any] | None = None, base: Mapping[str, Any] = SMALL) -> dict[str, Any]:
    """JSON settings of a small experiment, with values at dotted paths replaced."""
    result = dict(base)
    for path, value in (changes or {}).items():
        is_kind = path in KIND_PATHS
        result = switch_kind(result, KIND_PATHS[path], value) if is_kind else with_value(result, path, value)
    return result


def small(changes: Mapping[str, Any] | None = None, base: Mapping[str, Any] = SMALL) -> Experiment:
    """A small experiment, two classes of points unless ``base`` says otherwise."""
    return parse(settings(changes, base))


def pictures(changes: Mapping[str, Any] | None = None) -> Experiment:
    """A small convolutional network on 8×8 digits."""
    return small(changes, SMALL_PICTURES)


def problems_of(raw: Any) -> dict[str, str]:
    """What is wrong with JSON settings, as {path: message}; fails if nothing is."""
    with pytest.raises(InvalidExperiment) as caught:
        parse(raw)
    return {problem.path: problem.message for problem in caught.value.problems}


def trained(experiment: Experiment) -> Training:
    """The training of an experiment after its end."""
    training = Training(experiment, trunk=trunk_of(experiment))
    exhaust(training.events(Controls()))
    return training


def exhaust(events: Iterable[Event]) -> Finished:
    """The last event."""
    *_, last = events
    assert isinstance(last, Finished)
    return last


def until_idle(events: Iterator[Event]) -> list[Event]:
    """The events before the training waits; asking once more goes on."""
    seen: list[Event] = []
    for event in events:
        if isinstance(event, Idle):
            return seen
        seen.append(event)
    raise AssertionError(f"the training ended with {seen[-1]} instead of waiting")


def history(events: Iterable[Event]) -> list[Event]:
    """What must be the same whenever an experiment is run again: all but waiting, and the clock."""
    kept: list[Event] = []
    for event in events:
        if isinstance(event, Finished):
            kept.append(dataclasses.replace(event, timing=dataclasses.replace(event.timing, seconds=0.0)))
        elif not isinstance(event, Idle | Edited):
            kept.append(event)
    return kept


def history_of(experiment: Experiment) -> list[Event]:
    """The history of an undisturbed run."""
    return history(fit(experiment))


def epochs(events: Iterable[Event]) -> list[EpochDone]:
    return [event for event in events if isinstance(event, EpochDone)]


def steps(events: Iterable[Event]) -> list[StepDone]:
    return [event for event in events if isinstance(event, StepDone)]
