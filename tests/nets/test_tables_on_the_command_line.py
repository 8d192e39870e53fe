"""``python -m nets train … --set data.kind=table --set data.path=…``: somebody's own table is learnt from."""

import json

import pytest

from nets.home import VARIABLE
from tests.nets.experiments import SMALL
from tests.nets.on_the_command_line import finished, refusal


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    """A folder of its own for runs and uploads."""
    monkeypatch.setenv(VARIABLE, str(tmp_path / "home"))


@pytest.fixture
def about(tmp_path):
    """Arguments that name an experiment, and a table in which the price is ten times the size."""
    experiment, table = tmp_path / "experiment.json", tmp_path / "houses.csv"
    train = {**SMALL["train"], "optimizer": {"kind": "adam", "learning_rate": 0.02}, "max_epochs": 20}  # type: ignore[dict-item]
    experiment.write_text(json.dumps({**SMALL, "train": train}))
    rows = [f"{size};{('Rome', 'Oslo')[size % 3 == 0]};{size * 10}" for size in range(20, 120)]
    table.write_text("\n".join(["size;town;price", *rows]))
    return [str(experiment), "--set", "data.kind=table", "--set", f"data.path={table}"]


def test_the_last_column_is_predicted(capsys, about):
    assert finished(capsys, *about)["test_r2"] > 0.9


def test_what_is_said_beside_the_path_wins_over_what_the_file_suggests(capsys, about):
    said = ["--set", 'data.target=["town"]', "--set", 'data.ignore=["price"]', "--set", "data.prepare.scaling=minmax"]
    assert "test_accuracy" in finished(capsys, *about, *said)


def test_a_column_that_is_not_there_and_a_file_that_is_none_are_refused(capsys, about):
    said = refusal(capsys, *about, "--set", 'data.target=["twon"]')
    assert said == "data.target: there is no column 'twon'; the columns are size, town, price\n"
    said = refusal(capsys, *about[:-1], "data.path=/nowhere.csv")
    assert said == "data.path: /nowhere.csv can't be read: no such file or directory\n"
