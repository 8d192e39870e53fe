"""``train``: train an experiment, or go on with a run, and keep it."""

import argparse
import os
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

from nets.problems import InvalidExperiment, Problem

if TYPE_CHECKING:
    from nets.experiment import Experiment
    from nets.runs.store import Store
    from nets.training import Event, Training

AS_TEXT = ("name", "data.path", "data.vectors.path", "data.test_path", "data.text_column", "data.label_column")
"""Fields whose values are text, whatever they look like."""
CARRY_SECONDS = 2.0
"""Between two times that the numbers written down are carried over into the store."""


def train(options: argparse.Namespace) -> int:
    """Train, show how it goes, and return 0 if it came to its end."""
    from nets.commands.kept import open_store
    from nets.runs.ids import new_run_id
    from nets.runs.trunks import trunk_of
    from nets.training import Controls, Finished, Training
    from nets.training.threads import choose_threads

    store = open_store(required=bool(options.resume))
    if options.resume:
        run_id, training = options.resume, _resumed(store, options)
    else:
        experiment = with_overrides(read_settings(options.file), options.set)
        threads = choose_threads(experiment, os.cpu_count() or 1)
        run_id, training = new_run_id(), Training(experiment, trunk=trunk_of(experiment), threads=threads)
        _say_what_has_vectors(experiment)
    finished: Finished | None = None
    events = training.events(Controls())
    if store is not None:
        events = _kept(events, training, store, run_id)
    for event in _with_progress(events, training, shown=not options.json):
        if options.json and (line := _line(event, run_id)) is not None:
            sys.stdout.write(orjson.dumps(line, option=orjson.OPT_SERIALIZE_NUMPY).decode() + "\n")
            sys.stdout.flush()
        if isinstance(event, Finished):
            finished = event
    assert finished is not None, "a training ends with Finished"
    if not options.json:
        print(finished.reason)
        for name, value in finished.metrics.items():
            print(f"  {name:16} {value:.4f}")
        if store is not None:
            print(f"Kept as run {run_id}.")
    return 0 if finished.status in ("completed", "stopped") else 1


def _say_what_has_vectors(experiment: "Experiment") -> None:
    """Say how many words of the texts have a vector, where a file of word vectors was given."""
    vectors = getattr(experiment.data, "vectors", None)
    if vectors is not None:
        from nets.datasets.text.vectors import coverage

        print(coverage(vectors, experiment.data.vocabulary(experiment.train.seed)), file=sys.stderr)


def _resumed(store: "Store | None", options: argparse.Namespace) -> "Training":
    """Return the training of the run to go on with, with the settings that ``--set`` changes."""
    from nets.commands.kept import find
    from nets.experiment import dump
    from nets.runs.checkpoints import load
    from nets.training.state import DamagedState

    assert store is not None, "a run to go on with is in the store"
    run = find(store, options.resume, "--resume")
    kept = store.checkpoints(run.id)
    if not kept:
        raise InvalidExperiment([Problem("--resume", f"run {run.id} has no checkpoint to go on from")])
    try:
        training = load(kept[-1].path)
    except (DamagedState, OSError) as error:
        raise InvalidExperiment([Problem("--resume", str(error))]) from None
    if options.set:
        training.edit(with_overrides(dump(training.experiment), options.set))
        if training.epoch < training.max_epochs:
            training.ending = None
    return training


def _kept(events: "Iterator[Event]", training: "Training", store: "Store", run_id: str) -> "Iterator[Event]":
    """Yield the events, and write down what they say."""
    from nets.runs.protocol import INTERRUPTED
    from nets.runs.recorder import Recorder
    from nets.training import EpochDone, Finished, Started

    recorder = Recorder(store.folder(run_id))
    store.begin(run_id, training.experiment)
    end = {"status": "interrupted", "reason": INTERRUPTED}
    carry_at = time.monotonic() + CARRY_SECONDS
    try:
        for event in events:
            match event:
                case Started():
                    store.note(run_id, status="training", device=event.device, parameters=event.parameters)
                case EpochDone(epoch=0):
                    recorder.begin(training)
                case EpochDone():
                    recorder.epoch(training, event)
                case Finished():
                    end = {"status": event.status, "reason": event.reason}
            if time.monotonic() > carry_at:
                store.take_journal(run_id)
                carry_at = time.monotonic() + CARRY_SECONDS
            yield event
    finally:
        recorder.checkpoint(training, changed=end["status"] == "diverged")
        recorder.close()
        store.take_journal(run_id)
        store.note(run_id, experiment=training.experiment, **end)
        if recorder.problem:
            print(recorder.problem, file=sys.stderr)


def read_settings(file: str) -> Any:
    """Return the JSON of a file, or of standard input where it is called -.

    Raises:
        InvalidExperiment: if it can't be read or is no JSON.
    """
    try:
        text = sys.stdin.read() if file == "-" else Path(file).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidExperiment([Problem("FILE", f"can't be read: {error}")]) from None
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise InvalidExperiment([Problem("FILE", f"is no JSON: {error}")]) from None


def with_overrides(settings: Any, assignments: Sequence[str]) -> "Experiment":
    """Return the experiment with what ``--set`` overrides.

    Raises:
        InvalidExperiment: naming what is wrong with it.
    """
    from nets.commands.files import with_files
    from nets.experiment import parse, switch_kind, with_value
    from nets.link import KIND_PATHS, read

    for assignment in assignments:
        path, equals, text = assignment.partition("=")
        if not equals:
            raise InvalidExperiment([Problem("--set", f"got '{assignment}'; write PATH=VALUE, as train.max_epochs=3")])
        if path in KIND_PATHS:
            settings = switch_kind(settings, KIND_PATHS[path], text)
        else:
            settings = with_value(settings, path, text if path in AS_TEXT else read(text))
    return parse(with_files(settings))


def _line(event: Any, run: str) -> dict[str, Any] | None:
    """Return an event as a JSON line; None for those of single steps."""
    from nets.training import EpochDone, Finished, Started

    match event:
        case Started():
            return {
                "event": "started",
                "run": run,
                "parameters": event.parameters,
                "device": event.device,
                "train_examples": event.train_examples,
                "test_examples": event.test_examples,
            }
        case EpochDone():
            return {
                "event": "epoch",
                "step": event.step,
                "epoch": event.epoch,
                "metrics": event.metrics,
                "learning_rate": event.learning_rate,
            }
        case Finished():
            timing = event.timing
            return {
                "event": "finished",
                "run": run,
                "status": event.status,
                "reason": event.reason,
                "metrics": event.metrics,
                "timing": {
                    "steps": timing.steps,
                    "epochs": timing.epochs,
                    "seconds": timing.seconds,
                    "steps_per_second": timing.steps_per_second,
                },
            }
    return None


def _with_progress(events: "Iterator[Event]", training: "Training", *, shown: bool) -> "Iterator[Event]":
    """Yield the events and, once the training has started, show a bar of epochs on standard error."""
    from tqdm import tqdm

    from nets.training import EpochDone

    yield next(events)
    with tqdm(
        total=training.max_epochs, initial=training.epoch, unit="epoch", file=sys.stderr, disable=not shown
    ) as bar:
        for event in events:
            if isinstance(event, EpochDone) and event.epoch:
                bar.set_postfix(loss=f"{event.metrics['train_loss']:.4f}", refresh=False)
                bar.update(event.epoch - bar.n)
            yield event
