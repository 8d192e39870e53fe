"""Recipes of series, the long ones in a shorter form: they learn what they stand for."""

from typing import Any

import pytest

from nets.experiment import dump
from nets.recipes import recipes
from nets.training import Training
from nets.views.horizons import HorizonsView
from tests.nets.experiments import small, trained

SHORTER: dict[str, dict[str, Any]] = {
    "rnn-next-value": {"train.max_epochs": 20},
    "sine-lstm": {"train.max_epochs": 25},
    "mackey-glass-gru": {"train.max_epochs": 6, "data.stride": 2},
}


def result(name: str, **changes: Any) -> Training:
    return trained(small({**SHORTER.get(name, {}), **changes}, dump(recipes().get(name).experiment)))


@pytest.mark.parametrize("name", SHORTER)
def test_the_next_value_is_told_better_than_by_who_knows_nothing(name):
    shown = HorizonsView(steps=1).look(result(name))
    assert shown.season
    assert shown.network[0] < 0.8 * min(shown.last[0], shown.before[0])


def test_gates_keep_the_first_symbol_that_a_plain_cell_forgets():
    pair = recipes().get("first-symbol-rnn")
    assert pair.beside == recipes().get("first-symbol-lstm").experiment
    for length in (50, 100):  # the same settings take it to 200
        assert result("first-symbol-lstm", **{"data.length": length}).metrics["test_accuracy"] > 0.99
    assert result("first-symbol-rnn", **{"train.max_epochs": 6}).metrics["test_accuracy"] < 0.6


def test_the_first_recipe_is_the_network_that_it_says():
    experiment = recipes().get("rnn-next-value").experiment
    model = Training(experiment).model
    assert sum(parameter.numel() for parameter in model.parameters()) == 5 * 1 + 5 * 5 + 5 + 5 + 5 + 1
    assert (experiment.train.loss, experiment.train.optimizer.kind) == ("mse", "sgd")
    assert experiment.data.info().input_shape == (10, 1)
