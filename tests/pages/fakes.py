"""What stands in for a server: runs with the frames and views of a real network, a bench that notes its changes."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from nets.experiment import Experiment, dump
from nets.runs.protocol import Begin, Frame, RunStatus
from nets.runs.run import Run
from nets.training import Controls, EpochDone, StepDone, Training
from nets.views import View
from pages.parts.components.packing import DTYPES


def unpack(payload: bytes) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    """Return header and arrays of a payload, read as ``shared.js`` reads it."""
    length = int.from_bytes(payload[:4], "little")
    assert length % 4 == 0, "typed arrays start at multiples of four bytes"
    header = json.loads(payload[4 : 4 + length])
    body = payload[4 + length :]
    arrays = {}
    for name, entry in header["arrays"].items():
        assert entry["offset"] % 4 == 0
        count = int(np.prod(entry["shape"], dtype=int))
        array = np.frombuffer(body, DTYPES[entry["dtype"]], count, entry["offset"])
        arrays[name] = array.reshape(entry["shape"])
    return header["meta"], arrays


def run_of(experiment: Experiment, views: Mapping[str, View] | None = None, *, steps: int = 0) -> Run:
    """Return a run as the manager has it once a worker has taken ``steps`` steps and sent ``views``."""
    run = Run("run-of-a-test", Begin(experiment))
    training = Training(experiment)
    controls = Controls(paused=True)
    controls.step(steps)
    rows: list[Mapping[str, Any]] = []
    for event in training.events(controls):
        if isinstance(event, EpochDone):
            rows.append({"epoch": event.epoch, "step": event.step, **event.metrics})
        elif not isinstance(event, StepDone) and training.metrics and training.step == steps:
            break
    looks = {name: view.look(training) for name, view in (views or {}).items()}
    run.take(frame(training, "paused" if steps else "ready", tuple(rows), looks))
    return run


def frame(training: Training, status: RunStatus, rows: tuple[Any, ...] = (), views: Mapping[str, Any] = {}) -> Frame:
    """Return a frame on ``training`` as a worker sends it."""
    return Frame(
        obeyed=0,
        status=status,
        reason="",
        step=training.step,
        epoch=training.epoch,
        max_epochs=training.max_epochs,
        metrics=dict(training.metrics),
        learning_rate=training.learning_rate,
        timing=training.timing(),
        steps_per_second=100.0,
        parameters=sum(parameter.numel() for parameter in training.model.parameters()),
        device="cpu",
        train_examples=len(training.parts.train),
        test_examples=len(training.parts.test),
        rows=rows,
        views=views,
    )


class FakeRun:
    """Notes the weights that were set."""

    def __init__(self) -> None:
        self.set: list[tuple[int, int, int | None, float]] = []

    def set_parameter(self, layer: int, to: int, source: int | None, value: float) -> None:
        self.set.append((layer, to, source, value))


@dataclass
class FakeBench:
    """Notes the changes asked for and makes none."""

    experiment: Experiment
    changes: dict[str, Any] = field(default_factory=dict)
    run: FakeRun = field(default_factory=FakeRun)
    refusals: list[object] = field(default_factory=list)

    def value(self, path: str) -> Any:
        value: Any = dump(self.experiment)
        for key in path.split("."):
            value = value[key]
        return value

    def change(self, values: Mapping[str, Any]) -> None:
        self.changes |= values

    def refuse(self, *reasons: object) -> None:
        self.refusals += reasons


def fake_bench(experiment: Experiment) -> Any:
    """Return a bench that notes its changes; typed as what the functions under test ask for."""
    return FakeBench(experiment)
