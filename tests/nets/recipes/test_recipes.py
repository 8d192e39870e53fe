"""Every recipe trains to the result it stands for."""

import json
from functools import cache

import pytest
import torch

from nets.datasets import DATASETS
from nets.experiment import dump, parse
from nets.recipes import recipes
from nets.training import Training
from tests.nets.experiments import trained

BETWEEN = {
    "circle": ("test_accuracy", 0.97, 1.0),
    "gauss": ("test_accuracy", 0.97, 1.0),
    "xor": ("test_accuracy", 0.95, 1.0),
    "spiral": ("test_accuracy", 0.95, 1.0),
    "cnn-digits": ("test_accuracy", 0.96, 1.0),
    "cnn-digits-sgd": ("test_accuracy", 0.7, 0.95),
    "mlp-digits": ("test_accuracy", 0.95, 1.0),
    "wide-digits": ("test_accuracy", 0.95, 1.0),
    "linear-digits": ("test_accuracy", 0.8, 0.96),
    "constant-target": ("test_loss", 0.0, 0.01),
    "line-regression": ("test_r2", 0.95, 1.0),
}


@cache
def result(name: str) -> Training:
    """Train a recipe once."""
    return trained(recipes().get(name).experiment)


@pytest.mark.parametrize("name", recipes().names())
def test_it_is_whole_and_survives_json(name):
    recipe = recipes().get(name)
    assert recipe.name == recipe.experiment.name == name
    assert parse(json.loads(json.dumps(dump(recipe.experiment)))) == recipe.experiment
    assert recipe.help.strip()
    assert recipe.level in (1, 2, 3)
    assert recipe.family == DATASETS.get(recipe.experiment.data.name)().kind


@pytest.mark.parametrize("name", recipes().names())
def test_it_ends_where_it_should(name):
    metric, least, most = BETWEEN[name]
    assert least <= result(name).metrics[metric] <= most


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
