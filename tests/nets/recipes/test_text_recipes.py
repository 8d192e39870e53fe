"""Recipes of texts, in a smaller form: they learn what they stand for."""

from functools import cache
from typing import Any

import pytest

from nets.experiment import dump
from nets.recipes import recipes
from nets.training import EpochDone, fit
from tests.nets.experiments import epochs, small

SMALLER: dict[str, dict[str, Any]] = {
    "reviews-lstm": {
        "data.num_examples": 2200,
        "model.hidden_size": 40,
        "model.embedding_dim": 32,
        "train.max_epochs": 7,
    }
    | {"train.optimizer.learning_rate": 0.008},
    "reviews-bag-of-words": {"data.num_examples": 2200, "model.embedding_dim": 32},
    "reviews-transformer": {"data.num_examples": 400, "model.d_model": 16, "train.max_epochs": 1},
    "names-gru": {"data.per_language": 40, "model.hidden_size": 24, "train.max_epochs": 3},
    "dna-motif": {"data.num_examples": 1200, "train.max_epochs": 6},
    "python-docs-lstm": {"data.length": 8000, "model.hidden_size": 32, "train.max_epochs": 3},
    "python-docs-transformer": {"data.length": 8000, "model.d_model": 16, "train.max_epochs": 3},
}


@cache
def rows(name: str) -> list[EpochDone]:
    return epochs(fit(small(SMALLER[name], dump(recipes().get(name).experiment))))


def test_all_of_them_are_looked_at():
    assert set(SMALLER) == {name for name, recipe in recipes().items() if recipe.family == "text"}


@pytest.mark.parametrize("name", SMALLER)
def test_it_learns_something(name):
    untrained, *_, last = rows(name)
    assert last.metrics["train_loss"] < untrained.metrics["train_loss"]


def test_a_bag_of_words_stays_far_behind_what_reads_in_order():
    lstm, bag = (rows(name)[-1].metrics["test_accuracy"] for name in ("reviews-lstm", "reviews-bag-of-words"))
    assert lstm > bag + 0.1


def test_a_convolution_finds_the_motif():
    assert rows("dna-motif")[-1].metrics["test_accuracy"] > 0.8


def test_the_lstm_is_the_one_that_was_promised():
    experiment = recipes().get("reviews-lstm").experiment
    settings = dump(experiment)
    model, train = settings["model"], settings["train"]
    assert (model["cell"], model["embedding_dim"], model["hidden_size"]) == ("lstm", 100, 256)
    assert (train["loss"], train["optimizer"]["kind"], train["max_epochs"], train["batch_size"]) == (
        "bce",
        "adam",
        5,
        64,
    )
    assert settings["data"]["max_vocabulary"] == 10_000


def test_bits_and_perplexity_are_the_loss_in_other_words():
    metrics = rows("python-docs-lstm")[-1].metrics
    assert 2 ** metrics["test_bits"] == pytest.approx(metrics["test_perplexity"])
    assert metrics["test_perplexity"] > 1
