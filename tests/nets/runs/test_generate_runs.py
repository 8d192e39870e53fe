"""Runs of networks that make examples: kept, forked back in time, archived, stepped one player at a time."""

import json
from pathlib import Path

import pytest

from nets.__main__ import main
from nets.experiment import dump
from nets.runs import archive, checkpoints
from nets.runs.recorder import Recorder
from nets.runs.store import Store
from nets.training import Controls, EpochDone, Training
from tests.nets.experiments import exhaust
from tests.nets.objectives.making import made
from tests.nets.runs.conftest import wait_for

KEPT = ["points-wgan", "digits-gan-average", "vae-warm-up", "denoising"]


def keep(store: Store, run_id: str, kind: str) -> Training:
    """Train one of the ``KINDS`` to its end, with a checkpoint after each epoch."""
    experiment = made(kind, {"train.max_epochs": 3})
    store.begin(run_id, experiment)
    training, recorder = Training(experiment), Recorder(store.folder(run_id))
    for event in training.events(Controls()):
        if isinstance(event, EpochDone):
            recorder.epoch(training, event)
            recorder.checkpoint(training, changed=True)
    recorder.close()
    store.take_journal(run_id)
    store.note(run_id, status="completed", reason="Completed 3 epochs.")
    return training


@pytest.mark.parametrize("kind", KEPT)
def test_time_travel_ends_with_the_same_numbers(kind, tmp_path):
    store = Store(tmp_path)
    training = keep(store, "a1", kind)
    earlier = [found for found in checkpoints.checkpoints(store.folder("a1")) if found.epoch == 1]
    again = checkpoints.load(earlier[-1].path)
    assert again.epoch == 1
    assert exhaust(again.events(Controls())).metrics == training.metrics


@pytest.mark.parametrize("kind", KEPT)
def test_a_run_file_brings_it_to_another_playground(kind, tmp_path):
    store, other = Store(tmp_path / "one"), Store(tmp_path / "other")
    training = keep(store, "a1", kind)
    run_id = archive.load(other, archive.save(store, "a1"))
    stored = other.get(run_id)
    assert stored is not None
    assert stored.experiment == dump(training.experiment)
    kept = checkpoints.checkpoints(other.folder(run_id))
    assert checkpoints.load(kept[-1].path).measure() == training.metrics


def test_a_player_steps_alone_in_a_worker(manager, ready):
    run = ready(made("points-gan"))
    manager.do(run, "step", "discriminator")
    wait_for(lambda: run.frame.step == 1 and run.status == "paused", "the discriminator's step")
    assert run.is_edited
    manager.do(run, "step")
    wait_for(lambda: run.frame.step == 2, "a step of both")


def test_the_command_line_trains_and_resumes_it(capsys, monkeypatch, tmp_path):
    monkeypatch.setenv("PLAYGROUND_HOME", str(tmp_path))
    file: Path = tmp_path / "experiment.json"
    file.write_text(json.dumps(dump(made("points-gan"))))
    assert main(["train", str(file), "--json"]) == 0
    whole = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert main(["train", str(file), "--json", "--set", "train.max_epochs=1"]) == 0
    half = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert main(["train", "--resume", half["run"], "--json", "--set", "train.max_epochs=2"]) == 0
    resumed = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert resumed["metrics"] == whole["metrics"]
    assert main(["train", str(file), "--json", "--set", "model.kind=vae", "--set", "train.max_epochs=1"]) == 0
    assert "test_elbo" in json.loads(capsys.readouterr().out.splitlines()[-1])["metrics"]
    assert main(["list", "objectives"]) == 0
    assert "adversarial" in capsys.readouterr().out
