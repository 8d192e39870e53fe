"""Whatever people put together: its script ends with the run's numbers, or the run ended with a reason.

``PLAYGROUND_EXAMPLES=2000`` tries more of them.
"""

import contextlib
import io
import math
import os
from typing import Any

import pytest
from hypothesis import HealthCheck, event, given, settings

from nets.experiment import Experiment, parse
from nets.problems import InvalidExperiment
from nets.training import Training
from tests.nets.export.scripts import finished, numbers, text_of
from tests.nets.strategies import experiments

EXAMPLES = int(os.environ.get("PLAYGROUND_EXAMPLES", "25"))
SMALL_ENOUGH = 200_000


def short(raw: Any) -> Experiment:
    """The experiment with a few epochs, on the processor."""
    train = {**raw["train"], "max_epochs": min(raw["train"].get("max_epochs", 3), 4), "device": "cpu"}
    return parse({**raw, "train": train})


def end_of(script: str) -> dict[str, float]:
    """The final metrics of a script, run in this process."""
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(script, "script", "exec"), {"__name__": "__main__"})
    return numbers(printed.getvalue().splitlines()[-1])


@pytest.fixture
def folder_of_scripts(beside, tmp_path, monkeypatch):
    """The working directory, with what scripts look for there."""
    beside.link(tmp_path)
    monkeypatch.chdir(tmp_path)


@pytest.mark.usefixtures("folder_of_scripts")
@settings(max_examples=EXAMPLES, suppress_health_check=list(HealthCheck))
@given(experiments())
def test_each_script_ends_like_its_run(raw):
    try:
        experiment = short(raw)
        size = sum(parameter.numel() for parameter in Training(experiment).model.parameters())
    except InvalidExperiment:
        event("refused")
        return
    if size > SMALL_ENOUGH:
        event("too large")
        return
    source = finished(experiment)
    event("trained")
    found = end_of(text_of(source))
    assert list(found) == list(source.metrics)
    for name, value in source.metrics.items():
        assert found[name] == value or (math.isnan(found[name]) and math.isnan(value)), name
