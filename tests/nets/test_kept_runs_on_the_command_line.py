"""``train`` keeps its runs; ``runs``, ``export`` and ``train --resume`` find them again."""

import json

import pytest

from nets.__main__ import main
from nets.runs.store import Store
from tests.nets.experiments import SMALL


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("PLAYGROUND_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "experiment.json"
    path.write_text(json.dumps(SMALL))
    return str(path)


def printed(capsys, *arguments, code=0):
    assert main(list(arguments)) == code
    return capsys.readouterr()


def last_event(capsys, *arguments):
    return json.loads(printed(capsys, "train", *arguments, "--json").out.splitlines()[-1])


def listed(capsys):
    return json.loads(printed(capsys, "runs", "--json").out)


def test_what_was_trained_is_listed_the_newest_first(capsys, file):
    first = last_event(capsys, file, "--set", "name=first")
    second = last_event(capsys, file)
    runs = listed(capsys)
    assert [run["id"] for run in runs] == [second["run"], first["run"]]
    assert runs[1]["name"] == "first"
    assert (runs[0]["status"], runs[0]["epochs"], runs[0]["metrics"]) == ("completed", 3, second["metrics"])
    shown = printed(capsys, "runs").out
    assert first["run"] in shown.splitlines()[1]
    assert "circle, mlp" in shown


def test_no_run_at_all_is_an_empty_list(capsys):
    assert listed(capsys) == []
    assert printed(capsys, "runs").out == ""


def test_a_run_goes_on_to_the_numbers_of_one_that_trained_in_one_go(capsys, file):
    whole = last_event(capsys, file, "--set", "train.max_epochs=5")
    short = last_event(capsys, file)
    longer = last_event(capsys, "--resume", short["run"], "--set", "train.max_epochs=5")
    assert longer["run"] == short["run"]
    assert longer["metrics"] == whole["metrics"]
    store = Store()
    assert [row["epoch"] for row in store.rows(short["run"])] == [0, 1, 2, 3, 4, 5]
    (kept, *_) = store.runs()
    assert kept.settings().train.max_epochs == 5
    store.close()


def test_resuming_a_run_that_is_complete_changes_nothing(capsys, file):
    done = last_event(capsys, file)
    again = last_event(capsys, "--resume", done["run"])
    assert (again["status"], again["metrics"]) == ("completed", done["metrics"])


@pytest.mark.parametrize("format", ["script", "notebook", "safetensors", "csv"])
def test_a_run_is_exported(capsys, file, tmp_path, format):
    run = last_event(capsys, file)["run"]
    path = printed(capsys, "export", run, "--as", format, "--out", str(tmp_path)).out.strip()
    content = (tmp_path / path).read_bytes()
    assert len(content) > 100
    if format == "script":
        compile(content, path, "exec")


def test_a_run_s_landscape_and_a_learning_rate(capsys, file):
    run = last_event(capsys, file)["run"]
    events = [json.loads(line) for line in printed(capsys, "landscape", run, "--json").out.splitlines()]
    assert [event["event"] for event in events if event["event"] != "progress"] == [
        "plane",
        "level",
        "plane",
        "level",
        "finished",
    ]
    shown = printed(capsys, "landscape", run, "--directions", "path", "--range", "0.5").out
    assert "of the path's squared length" in shown.lower()
    assert len(shown.splitlines()) == 2 * (2 + 9 + 1) + 1
    *steps, end = (
        json.loads(line) for line in printed(capsys, "find-rate", file, "--steps", "20", "--json").out.splitlines()
    )
    assert steps[0]["rate"] == 1e-6
    assert {"event", "diverged", "rate", "suggestion"} == set(end)
    assert "iverge" in printed(capsys, "find-rate", "--run", run, "--set", "train.optimizer.kind=adam").out


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["landscape", "nothere"], "RUN: got nothere; there is no such run"),
        (["find-rate"], "FILE: give either"),
        (["find-rate", "--run", "nothere"], "--run: got nothere; there is no such run"),
        (["train"], "FILE: give either"),
        (["train", "x.json", "--resume", "y"], "FILE: give either"),
        (["train", "--resume", "nothere"], "--resume: got nothere; there is no such run"),
        (["train", "--resume", "../../etc"], "--resume: got ../../etc; there is no such run"),
        (["export", "nothere", "--as", "script"], "RUN: got nothere; there is no such run"),
        (["export", "nothere", "--as", "pickle"], "--as: got pickle; choose from"),
    ],
)
def test_bad_input_is_a_sentence(capsys, arguments, says):
    assert says in printed(capsys, *arguments, code=2).err


def test_a_folder_that_is_not_there_to_write_to(capsys, file, tmp_path):
    run = last_event(capsys, file)["run"]
    (tmp_path / "blocked").write_text("")
    target = str(tmp_path / "blocked" / "script.py")
    assert "can't be written" in printed(capsys, "export", run, "--as", "csv", "--out", target, code=2).err


def test_where_runs_can_not_be_kept_training_goes_on(capsys, file, monkeypatch, tmp_path):
    monkeypatch.setenv("PLAYGROUND_HOME", str(tmp_path / "experiment.json"))
    found = printed(capsys, "train", file)
    assert "Completed 3 epochs." in found.out
    assert "not kept" in found.err
    assert "can't be kept" in printed(capsys, "runs", code=2).err
