"""Whatever people put together either trains or is refused with a sentence that names the field.

``PLAYGROUND_EXAMPLES=10000`` tries more of them.
"""

import math
import os
from typing import Any

import pytest
import torch
from hypothesis import HealthCheck, event, given, settings

from nets.experiment import Experiment, dump, parse, parse_json
from nets.problems import InvalidExperiment
from nets.training import Controls, Finished, Idle, Training
from tests.nets.strategies import experiments

EXAMPLES = int(os.environ.get("PLAYGROUND_EXAMPLES", "150"))
TRACES = ("validation error", "Traceback", "pydantic", "errors.pydantic.dev", "type=", "input_value", "Error:")
many = settings(max_examples=EXAMPLES, suppress_health_check=list(HealthCheck))


def assert_it_says_what_is_wrong(error: InvalidExperiment, raw: Any) -> None:
    assert error.problems
    for problem in error.problems:
        assert problem.message
        assert str(problem).encode()
        assert not [trace for trace in TRACES if trace in str(problem)], problem
        if isinstance(raw, dict):
            assert problem.path, problem
            assert problem.path.partition(".")[0] in {*Experiment.model_fields, *raw, "''", "\\ud800"}, problem


def take_a_step(experiment: Experiment) -> str:
    """Train one step and return how it went."""
    training, controls = Training(experiment), Controls(paused=True)
    controls.step()
    for happened in training.events(controls):
        if isinstance(happened, Idle | Finished):
            break
    assert training.step == 1
    if isinstance(happened, Finished):
        assert happened.reason
        return happened.status
    assert all(math.isfinite(value) for value in training.metrics.values())
    return "a step"


@pytest.mark.usefixtures("tiny_sets")
@many
@given(experiments(slips=True))
def test_each_trains_a_step_or_is_refused_by_name(raw):
    try:
        experiment = parse(raw)
        how = take_a_step(experiment)
    except InvalidExperiment as error:
        assert_it_says_what_is_wrong(error, raw)
        event(f"refused: {error.problems[0].path}")
        return
    event(how)
    assert how in ("a step", "completed", "diverged")
    assert parse(dump(experiment)) == experiment
    assert parse_json(experiment.model_dump_json()) == experiment


@pytest.mark.usefixtures("tiny_sets")
@settings(max_examples=max(10, EXAMPLES // 10), suppress_health_check=list(HealthCheck))
@given(experiments())
def test_each_starts_from_the_same_weights_whatever_was_before(raw):
    try:
        experiment = parse(raw)
        first = Training(experiment).weights()
        torch.manual_seed(0)
        second = Training(experiment).weights()
    except InvalidExperiment:
        return
    assert all(torch.equal(value, second[name]) for name, value in first.items())
