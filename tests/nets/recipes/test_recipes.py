"""Every recipe trains to the result it stands for."""

import json
from functools import cache
from typing import Any

import pytest
import torch

from nets.datasets import DATASETS
from nets.experiment import dump, parse
from nets.recipes import recipes
from nets.training import Training
from tests.nets.experiments import small, trained

BETWEEN = {
    "iris-mlp": ("test_accuracy", 0.93, 1.0),
    "wine-mlp": ("test_accuracy", 0.93, 1.0),
    "cancer-mlp": ("test_accuracy", 0.95, 1.0),
    "diabetes-regression": ("test_r2", 0.44, 1.0),
    "multilabel-mlp": ("test_micro_f1", 0.7, 1.0),
    "missing-values": ("test_accuracy", 0.85, 1.0),
    "split-by-country": ("test_r2", 0.6, 0.8),
    "tips-wide-deep": ("test_r2", 0.45, 0.8),
    "circle": ("test_accuracy", 0.97, 1.0),
    "circle-linear": ("test_accuracy", 0.3, 0.7),
    "gauss": ("test_loss", 0.0, 0.05),
    "xor": ("test_accuracy", 0.95, 1.0),
    "spiral": ("test_accuracy", 0.95, 1.0),
    "cnn-digits": ("test_accuracy", 0.96, 1.0),
    "cnn-digits-sgd": ("test_accuracy", 0.3, 0.9),
    "mlp-digits": ("test_accuracy", 0.95, 1.0),
    "wide-digits": ("test_accuracy", 0.95, 1.0),
    "linear-digits": ("test_accuracy", 0.8, 0.96),
    "wide-digits-relu-output": ("test_accuracy", 0.5, 0.93),
    "trunk-digits": ("test_accuracy", 0.97, 1.0),
    "transfer-digits": ("test_accuracy", 0.95, 1.0),
    "plain-vs-residual": ("test_accuracy", 0.05, 0.8),
    "vit-digits": ("test_accuracy", 0.75, 1.0),
    "lenet-shapes": ("test_accuracy", 0.3, 0.8),
    "resnet-shapes": ("test_accuracy", 0.4, 1.0),
    "constant-target": ("test_loss", 0.0, 0.01),
    "line-regression": ("test_r2", 0.95, 1.0),
}
REDUCED: dict[str, dict[str, Any]] = {
    "vit-digits": {"train.max_epochs": 6, "data.size": 8, "model.patch": 2},
    "lenet-shapes": {"train.max_epochs": 6},
    "resnet-shapes": {"train.max_epochs": 4, "data.num_pictures": 800},
    "plain-vs-residual": {"train.max_epochs": 3, "data.size": 8},
    "circle-linear": {"train.max_epochs": 30},
    "gauss": {"train.max_epochs": 30},
    "cnn-digits": {"data.size": 16},
    "cnn-digits-sgd": {"train.max_epochs": 3},
    "wide-digits": {"train.max_epochs": 8},
    "wide-digits-relu-output": {"train.max_epochs": 8},
}
"""Of those that take long, a smaller form is trained here."""
TO_THEIR_TARGET = ("circle", "xor", "spiral", "cnn-digits", "vit-digits", "resnet-shapes", "trunk-digits")
"""These end as soon as they are as good as they should get."""
DOWNLOADED = ("mnist-mlp", "mnist-linear", "mnist-cnn", "cifar10-lenet", "fashion-cnn")
APART = ("generate", "series", "text")
"""Families that are tested in files of their own."""
PREDICTING = [name for name, recipe in recipes().items() if name not in DOWNLOADED and recipe.family not in APART]
TWINS = {"mnist-mlp": "mlp-digits", "mnist-linear": "linear-digits", "mnist-cnn": "cnn-digits"}
TWINS |= {"fashion-cnn": "cnn-digits", "cifar10-lenet": "lenet-shapes"}


@cache
def result(name: str) -> Training:
    """Train a recipe once, or its reduced form."""
    changes = REDUCED.get(name, {})
    if name in TO_THEIR_TARGET:
        metric, least, _ = BETWEEN[name]
        changes = {**changes, "train.target": {"metric": metric, "value": least}}
    return trained(small(changes, dump(recipes().get(name).experiment)))


@pytest.mark.parametrize("name", recipes().names())
def test_it_is_whole_and_survives_json(name):
    recipe = recipes().get(name)
    assert recipe.name == recipe.experiment.name == name
    assert parse(json.loads(json.dumps(dump(recipe.experiment)))) == recipe.experiment
    assert recipe.help.strip()
    assert recipe.level in (1, 2, 3)
    makes = recipe.experiment.train.objective.kind != "supervised"
    assert recipe.family == ("generate" if makes else DATASETS.get(recipe.experiment.data.name)().kind)


@pytest.mark.parametrize("name", PREDICTING)
def test_it_ends_where_it_should(name):
    metric, least, most = BETWEEN[name]
    assert least <= result(name).metrics[metric] <= most


@pytest.mark.parametrize("name", DOWNLOADED)
@pytest.mark.usefixtures("tiny_sets")
def test_what_needs_a_download_trains_on_a_tiny_one(name):
    training = trained(small({"train.max_epochs": 3}, dump(recipes().get(name).experiment)))
    assert training.epoch == 3
    assert training.metrics["train_loss"] < Training(training.experiment).measure()["train_loss"]


@pytest.mark.parametrize(("name", "twin"), TWINS.items())
def test_what_needs_a_download_has_the_settings_of_its_embedded_twin(name, twin):
    own, other = (recipes().get(each).experiment for each in (name, twin))
    assert own.model == other.model
    usual = {"seed": 0, "max_epochs": 1}
    assert own.train.model_copy(update=usual) == other.train.model_copy(update=usual)


def test_a_deep_plain_network_learns_worse_than_one_with_ways_around():
    pair = recipes().get("plain-vs-residual")
    assert pair.beside is not None
    residual = trained(small(REDUCED[pair.name], dump(pair.beside)))
    assert residual.metrics["train_loss"] < 0.7 * result(pair.name).metrics["train_loss"]


def test_a_relu_after_the_output_costs_accuracy():
    pair = recipes().get("wide-digits-relu-output")
    assert pair.beside is not None
    better = trained(pair.beside)
    assert better.metrics["test_accuracy"] > result(pair.name).metrics["test_accuracy"] + 0.04


def test_what_is_known_already_saves_epochs():
    pair = recipes().get("transfer-digits")
    assert pair.beside is not None
    transferred, scratch = (
        trained(small({"train.max_epochs": 2}, dump(experiment))) for experiment in (pair.experiment, pair.beside)
    )
    assert transferred.metrics["test_accuracy"] > scratch.metrics["test_accuracy"] + 0.05


def test_the_line_is_found_in_the_noise():
    training = result("line-regression")
    with torch.no_grad():
        ends = training.model(torch.tensor([[1.0], [9.0]]))[:, 0]
    assert (ends[1] - ends[0]).item() / 8 == pytest.approx(2, abs=0.1)
    assert ends[0].item() == pytest.approx(3, abs=0.5)


def test_three_layers_without_activation_are_one_linear_map():
    model = result("linear-digits").model
    x, y = torch.randn(2, 1, 28, 28)[:, None]
    with torch.no_grad():
        zero = model(torch.zeros_like(x))
        assert torch.allclose(model(x + y) - zero, model(x) + model(y) - 2 * zero, atol=1e-4)


def test_a_network_learns_nothing_from_inputs_that_say_nothing():
    training = result("constant-target")
    with torch.no_grad():
        outputs = training.model(training.parts.test.x)
    assert outputs.mean().item() == pytest.approx(1, abs=0.03)
    assert outputs.std().item() < 0.1


def test_the_networks_are_those_that_were_promised():
    parameters = {"mlp-digits": 109_386, "linear-digits": 109_386, "wide-digits": 669_706, "cnn-digits": 421_642}
    for name, count in parameters.items():
        model = Training(recipes().get(name).experiment).model
        assert sum(parameter.numel() for parameter in model.parameters()) == count
