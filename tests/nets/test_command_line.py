"""``python -m nets``: a contract that scripts rely on."""

import io
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from nets.__main__ import main
from nets.activations import ACTIVATIONS
from nets.experiment import dump, parse
from nets.recipes import recipes
from tests.nets.experiments import SMALL, epochs, history_of, small

ROOT = Path(__file__).resolve().parents[2]
KINDS = [
    "architectures",
    "datasets",
    "objectives",
    "losses",
    "optimizers",
    "activations",
    "initializers",
    "schedules",
    "recipes",
]


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "experiment.json"
    path.write_text(json.dumps(SMALL))
    return str(path)


def events(capsys, *arguments, code=0):
    """Run ``train --json`` and return its lines."""
    assert main(["train", *arguments, "--json"]) == code
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def refusal(capsys, *arguments):
    """Run a command that is bad input and return what it says."""
    assert main(arguments) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "Traceback" not in printed.err
    return printed.err


def test_list_shows_every_kind(capsys):
    assert main(["list"]) == 0
    printed = capsys.readouterr().out
    assert [line.removesuffix(":") for line in printed.splitlines() if not line.startswith(" ")] == KINDS
    assert re.search(r"^  spiral +\S.+$", printed, re.MULTILINE)


@pytest.mark.parametrize("kind", KINDS)
def test_list_shows_one_kind(capsys, kind):
    assert main(["list", kind, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert list(found) == [kind]
    assert all(isinstance(line, str) and line for line in found[kind].values())


def test_list_as_json_has_every_name(capsys):
    assert main(["list", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert list(found) == KINDS
    assert list(found["activations"]) == list(ACTIVATIONS.names())
    assert list(found["recipes"]) == list(recipes().names())


def test_list_of_an_unknown_kind_says_which_there_are(capsys):
    message = refusal(capsys, "list", "models")
    assert message == f"KIND: got models; choose from {', '.join(KINDS)}\n"


@pytest.mark.parametrize("name", recipes().names())
def test_recipe_prints_its_experiment(capsys, name):
    assert main(["recipe", name]) == 0
    assert parse(json.loads(capsys.readouterr().out)) == recipes().get(name).experiment


def test_an_unknown_recipe_is_bad_input(capsys):
    message = refusal(capsys, "recipe", "alexnet")
    assert message.startswith("NAME: there is no recipe 'alexnet'; choose from anomaly-digits, ")


def test_train_with_json_prints_an_event_a_line(capsys, file):
    lines = events(capsys, file)
    assert [line["event"] for line in lines] == ["started", "epoch", "epoch", "epoch", "epoch", "finished"]
    started, *between, finished = lines
    assert started == {
        "event": "started",
        "run": started["run"],
        "parameters": 37,
        "device": "cpu",
        "train_examples": 30,
        "test_examples": 30,
    }
    expected = epochs(history_of(small()))
    assert [line["metrics"] for line in between] == [dict(event.metrics) for event in expected]
    assert [(line["epoch"], line["step"]) for line in between] == [(0, 0), (1, 3), (2, 6), (3, 9)]
    assert all(line["learning_rate"] == 0.1 for line in between)
    assert re.fullmatch(r"[0-9a-z]{10,20}", started["run"])
    assert finished["run"] == started["run"]


def test_the_last_line_has_exactly_these_keys(capsys, file):
    finished = events(capsys, file)[-1]
    assert set(finished) == {"event", "run", "status", "reason", "metrics", "timing"}
    assert set(finished["timing"]) == {"steps", "epochs", "seconds", "steps_per_second"}
    names = {"train_loss", "train_accuracy", "train_f1", "test_loss", "test_accuracy", "test_f1"}
    assert set(finished["metrics"]) == names
    assert finished["event"] == "finished"
    assert finished["status"] == "completed"
    assert (finished["timing"]["steps"], finished["timing"]["epochs"]) == (9, 3)
    rate = finished["timing"]["steps"] / finished["timing"]["seconds"]
    assert finished["timing"]["steps_per_second"] == pytest.approx(rate)


def test_two_runs_have_different_names_and_the_same_numbers(capsys, file):
    first, second = events(capsys, file), events(capsys, file)
    assert first[0]["run"] != second[0]["run"]
    assert first[1:-1] == second[1:-1]


def test_a_regression_has_r2_instead_of_accuracy(capsys, file):
    finished = events(capsys, file, "--set", "data.name=plane")[-1]
    assert set(finished["metrics"]) == {"train_loss", "train_r2", "test_loss", "test_r2"}


def test_set_overrides_any_field(capsys, file):
    lines = events(
        capsys, file, "--set", "train.max_epochs=1", "--set", "model.hidden_sizes=7,", "--set", "train.l2=1e-3"
    )
    assert lines[0]["parameters"] == 2 * 7 + 7 + 7 + 1
    assert lines[-1]["timing"]["epochs"] == 1


@pytest.mark.parametrize(
    ("assignment", "expected"),
    [
        ("train.optimizer.kind=adam", {"train.optimizer": {"kind": "adam"}}),
        ("train.schedule.kind=cosine", {"train.schedule": {"kind": "cosine"}}),
        ("data.name=xor", {"data.name": "xor"}),
        ("data.name=plane", {"data.name": "plane"}),
        ("train.early_stopping.patience=1", {"train.early_stopping": {"patience": 1}}),
        ("train.clip_norm=null", {}),
        ("model.norm=none", {}),
    ],
)
def test_set_may_choose_kinds_and_make_parts(capsys, file, assignment, expected):
    printed = [line["metrics"] for line in events(capsys, file, "--set", assignment) if line["event"] == "epoch"]
    assert printed == [dict(event.metrics) for event in epochs(history_of(small(expected)))]


def test_set_may_choose_the_kind_of_network(capsys, tmp_path):
    path = tmp_path / "sparse.json"
    path.write_text(json.dumps({"data": {"kind": "images", "name": "digits", "size": 8}, "model": {"kind": "mlp"}}))
    lines = events(
        capsys, str(path), "--set", "model.kind=cnn", "--set", "train.max_epochs=1", "--set", "train.batch_size=500"
    )
    assert lines[0]["parameters"] > 10_000


def test_set_of_a_name_takes_it_as_it_is(capsys, file):
    lines = events(capsys, file, "--set", "name=5", "--set", "train.max_epochs=1")
    assert lines[-1]["status"] == "completed"


def test_train_reads_standard_input(capsys, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.StringIO(json.dumps(dump(small()))))
    assert events(capsys, "-")[-1]["status"] == "completed"


def test_train_for_people_shows_a_bar_and_the_result(capsys, file):
    assert main(["train", file]) == 0
    printed = capsys.readouterr()
    assert printed.out.splitlines()[0] == "Completed 3 epochs."
    assert re.search(r"^  test_accuracy +0\.\d{4}$", printed.out, re.MULTILINE)
    assert "3/3" in printed.err


def test_json_keeps_standard_error_quiet(capsys, file):
    assert main(["train", file, "--json"]) == 0
    assert capsys.readouterr().err == ""


def test_a_divergence_is_reported_and_fails(capsys, file):
    finished = events(capsys, file, "--set", "train.optimizer.learning_rate=1e6", code=1)[-1]
    assert finished["status"] == "diverged"
    assert "Lower the learning rate" in finished["reason"]


@pytest.mark.parametrize(
    ("assignment", "message"),
    [
        ("train.batch_size=0", "train.batch_size: got 0; it must be at least 1"),
        ("train.batch_size=ten", "train.batch_size: got 'ten'; it must be a whole number"),
        ("train.loss=hing", "train.loss: got hing; choose from auto, mse"),
        ("train.max_epoch=3", "train.max_epoch: is no field here"),
        ("train.batch_size.deep=3", "train.batch_size.deep: leads into batch_size, which has no fields"),
        ("model.kind=perceptron", "model.kind: kind 'perceptron' is not known; choose from autoencoder, cnn"),
        ("data.name=moon", "data.name: name 'moon' is not known; choose from "),
        ("train.optimizer.kind=5", "train.optimizer.kind: kind '5' is not known; choose from sgd"),
        ("model.kind=cnn", "model.kind: a cnn slides over pictures"),
        ("max_epochs", "--set: got 'max_epochs'; write PATH=VALUE, as train.max_epochs=3"),
        ("=3", "is no path of a field; write for example train.max_epochs"),
    ],
)
def test_a_bad_override_is_bad_input(capsys, file, assignment, message):
    assert message in refusal(capsys, "train", file, "--set", assignment)


def test_every_fault_is_printed(capsys, file):
    message = refusal(capsys, "train", file, "--set", "train.seed=-1", "--set", "data.noise=7")
    assert [line.partition(":")[0] for line in message.splitlines()] == ["data.noise", "train.seed"]


@pytest.mark.parametrize(
    ("text", "message"),
    [("{", "FILE: is no JSON"), ("", "FILE: is no JSON"), ("[]", "got []"), ("5", "got 5"), ("{}", "data: is missing")],
)
def test_a_file_without_an_experiment_is_bad_input(capsys, tmp_path, text, message):
    path = tmp_path / "bad.json"
    path.write_text(text)
    assert message in refusal(capsys, "train", str(path))


@pytest.mark.parametrize("text", ["[]", "5", "null", '{"train": 5}', '{"train": {"optimizer": []}}'])
@pytest.mark.parametrize("assignment", ["train.optimizer.kind=adam", "train.seed=1", "data.name=xor"])
def test_overrides_of_nonsense_are_bad_input(capsys, tmp_path, text, assignment):
    path = tmp_path / "bad.json"
    path.write_text(text)
    assert refusal(capsys, "train", str(path), "--set", assignment)


def test_a_file_that_is_not_there_is_bad_input(capsys, tmp_path):
    assert "FILE: can't be read" in refusal(capsys, "train", str(tmp_path / "nothing.json"))
    assert "FILE: can't be read" in refusal(capsys, "train", str(tmp_path))


def test_a_file_of_bytes_is_bad_input(capsys, tmp_path):
    path = tmp_path / "bytes"
    path.write_bytes(b"\xff\xfe\x00")
    assert "FILE: can't be read" in refusal(capsys, "train", str(path))


def test_cuda_where_there_is_none_is_bad_input(capsys, file, monkeypatch):
    monkeypatch.setattr("torch.cuda.is_available", lambda: False)
    message = refusal(capsys, "train", file, "--set", "train.device=cuda")
    assert message == "train.device: cuda was asked for and none is here; take auto or cpu\n"


@pytest.mark.parametrize("arguments", [[], ["fly"], ["export"], ["recipe"], ["list", "--jsn"]])
def test_a_command_that_is_none_is_bad_input(capsys, arguments):
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert caught.value.code == 2
    assert "usage: python -m nets" in capsys.readouterr().err


def in_a_shell(command):
    return subprocess.run(command, shell=True, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)


def test_recipe_piped_into_train():
    python = f"{sys.executable} -m nets"
    done = in_a_shell(f"{python} recipe constant-target | {python} train - --json --set train.max_epochs=4")
    assert done.returncode == 0, done.stderr
    finished = json.loads(done.stdout.splitlines()[-1])
    assert (finished["event"], finished["status"], finished["timing"]["epochs"]) == ("finished", "completed", 4)


def test_the_exit_code_reaches_the_shell():
    done = in_a_shell(f"{sys.executable} -m nets recipe nothing")
    assert (done.returncode, done.stdout) == (2, "")
    assert "choose from" in done.stderr
