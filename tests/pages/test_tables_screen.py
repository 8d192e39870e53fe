"""The Tables screen without a browser: every table, every way to look, the user's own."""

import numpy as np
import pytest

from nets.datasets.tables.own_table import keep_table
from nets.recipes import recipes
from nets.views.baselines import Baselines
from nets.views.scored_rows import ScoredRows
from pages.parts.service import run_manager
from pages.parts.table_data import batch_for
from pages.parts.table_payloads import compared
from pages.parts.table_use import scored_csv
from tests.nets.datasets.tiny import own_table

OPENED = ("cancer-mlp", "multilabel-mlp", "anomaly-table", "split-by-country", "tips-wide-deep", "constant-target")


def test_it_opens_with_looks_at_an_untrained_network(open_screen):
    screen = open_screen("tables")
    assert screen.notices == []
    screen.wait(lambda run: {"confusion", "predicted_rows", "baselines"} <= set(run.views))
    for look, views in (
        ("threshold", {"class_scores"}),
        ("columns", {"importance", "partial_dependence"}),
        ("use", {"typed_row"}),
        ("table", {"baselines"}),
    ):
        screen.app.segmented_control("table_look_of").set_value(look)
        screen.run()
        screen.wait(lambda run, views=views: views <= set(run.views))
        screen.run()
        assert not screen.app.exception


@pytest.mark.parametrize("name", OPENED)
def test_recipes_open(open_screen, name):
    experiment = recipes().get(name).experiment
    screen = open_screen("tables", {"run": run_manager().create(experiment).id})
    assert screen.experiment == experiment
    assert screen.notices == []
    screen.wait(lambda run: run.frame)


def test_another_table_and_another_column_to_predict(open_screen):
    screen = open_screen("tables")
    screen.app.selectbox("table_name").set_value("tips")
    screen.run()
    assert screen.notices == []
    assert screen.experiment.data.info().task == "regression"
    screen.app.multiselect("tables.data.target").set_value(["day"])
    screen.run()
    assert screen.notices == []
    assert screen.experiment.data.info().num_targets == 4


def test_the_users_own_table(open_screen):
    own = own_table()
    keep_table(own)
    settings = {f"data.{field}": value for field, value in own.settings().items() if field != "prepare"}
    screen = open_screen("tables", {"data.name": "own_table", **settings})
    assert screen.notices == []
    screen.wait(lambda run: run.frame)
    assert screen.experiment.data.info().class_names == ("cat", "dog", "owl")


def test_a_scored_table_has_further_columns(tmp_path, monkeypatch):
    monkeypatch.setenv("PLAYGROUND_HOME", str(tmp_path))
    own = own_table()
    keep_table(own)
    shares = np.tile(np.array([[0.1, 0.7, 0.2]], dtype=np.float32), (len(own.frame), 1))
    content = scored_csv(
        own.digest, ScoredRows(shares, ("cat", "dog", "owl"), ()), is_values=False, task="multiclass"
    ).decode()
    head, first, *_ = content.splitlines()
    assert head.endswith("share of cat,share of dog,share of owl,predicted")
    assert first.endswith("0.1,0.7,0.2,dog")


@pytest.mark.parametrize(
    ("task", "head", "first"),
    [("multilabel", "share of b,predicted a,predicted b", "0.7,0,1"), ("binary", "share of b,predicted", "0.7,b")],
)
def test_thresholds_decide_what_is_predicted(tmp_path, monkeypatch, task, head, first):
    monkeypatch.setenv("PLAYGROUND_HOME", str(tmp_path))
    own = own_table()
    keep_table(own)
    found = ScoredRows(np.tile(np.array([[0.3, 0.7]]), (len(own.frame), 1)), ("a", "b"), ())
    lines = scored_csv(own.digest, found, is_values=False, task=task).decode().splitlines()
    assert lines[0].endswith(head)
    assert lines[1].endswith(first)
    higher = scored_csv(own.digest, found, is_values=False, task=task, thresholds={"b": 0.8}).decode().splitlines()
    assert higher[1].endswith({"multilabel": "0.7,0,0", "binary": "0.7,a"}[task])


def test_the_page_says_honestly_what_simpler_models_do():
    found = Baselines(("majority", "logistic regression"), np.array([0.5, 0.9]), "accuracy", 100, 100)
    assert compared(found, 0.95, begun=True)["sees"] == "The network beats them all."
    assert compared(found, 0.85, begun=True)["sees"] == "The network does not beat logistic regression."
    assert compared(found, 0.9, begun=True)["sees"] == "The network does as well as logistic regression, not better."
    assert "logistic regression 90.0 %" in compared(found, 0.2, begun=False)["advice"]
    assert compared(found, 0.2, begun=False, underway=True)["sees"].startswith("The first epoch is on its way")


def test_a_long_table_begins_with_batches_that_end_an_epoch_soon():
    assert batch_for(150, 16) == 16
    assert batch_for(500_000, 16) == 500
    assert batch_for(500_000, 1000) == 1000
