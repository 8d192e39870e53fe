"""Every activation computes what torch's function of that name does."""

import pytest
import torch
from torch.nn import functional as F

from nets.activations import ACTIVATIONS
from nets.training import Training
from tests.nets.experiments import pictures, small, trained

FORMULAS = {
    "identity": lambda x: x,
    "relu": F.relu,
    "leaky_relu": lambda x: torch.where(x > 0, x, 0.01 * x),
    "elu": F.elu,
    "selu": F.selu,
    "gelu": lambda x: x * 0.5 * (1 + torch.erf(x / 2**0.5)),
    "silu": lambda x: x * torch.sigmoid(x),
    "tanh": torch.tanh,
    "sigmoid": torch.sigmoid,
    "softplus": lambda x: torch.log1p(torch.exp(x)),
    "hardtanh": lambda x: x.clamp(-1, 1),
    "mish": lambda x: x * torch.tanh(F.softplus(x)),
}


@pytest.mark.parametrize("name", ACTIVATIONS.names())
def test_it_matches_its_formula(name):
    x = torch.linspace(-6, 6, 121)
    assert torch.allclose(ACTIVATIONS.get(name).build()(x), FORMULAS[name](x), atol=1e-6)


@pytest.mark.parametrize("name", ACTIVATIONS.names())
def test_it_stands_behind_every_hidden_layer_and_learns(name):
    training = trained(small({"model.activation": name}))
    modules = dict(training.model.named_children())
    assert [key for key in modules if key.startswith("act")] == ["act1", "act2"]
    assert type(modules["act1"]) is type(ACTIVATIONS.get(name).build())
    assert training.metrics["train_loss"] < Training(training.experiment).measure()["train_loss"]


@pytest.mark.parametrize("name", ACTIVATIONS.names())
def test_it_works_between_convolutions(name):
    training = Training(pictures({"model.activation": name}))
    x = training.inputs(training.parts.test.x[:2])
    block = training.model[:2]  # type: ignore[index]
    assert torch.allclose(block(x), FORMULAS[name](block[0](x)), atol=1e-6)
