"""Every initializer starts every weight as torch.nn.init would, biases at zero, and leaves norms alone."""

import pytest
import torch
from torch import nn

from nets.initializers import INITIALIZERS
from nets.training import Training
from tests.nets.experiments import pictures, small

REFERENCES = {
    "xavier_uniform": nn.init.xavier_uniform_,
    "xavier_normal": nn.init.xavier_normal_,
    "kaiming_uniform": lambda weight: nn.init.kaiming_uniform_(weight, nonlinearity="relu"),
    "kaiming_normal": lambda weight: nn.init.kaiming_normal_(weight, nonlinearity="relu"),
    "orthogonal": nn.init.orthogonal_,
    "normal": lambda weight: nn.init.normal_(weight, std=0.1),
    "uniform": lambda weight: nn.init.uniform_(weight, -0.5, 0.5),
    "zeros": nn.init.zeros_,
}


def network():
    torch.manual_seed(0)
    layers = nn.Conv2d(1, 4, 3), nn.BatchNorm2d(4), nn.Flatten(), nn.Linear(16, 8), nn.LayerNorm(8), nn.Linear(8, 3)
    return nn.Sequential(*layers)


@pytest.mark.parametrize("name", [name for name in INITIALIZERS.names() if name != "default"])
def test_it_draws_what_torch_draws(name):
    model, twin = network(), network()
    torch.manual_seed(1)
    INITIALIZERS.get(name).apply(model)
    torch.manual_seed(1)
    for layer in (twin[0], twin[3], twin[5]):
        REFERENCES[name](layer.weight)
        nn.init.zeros_(layer.bias)
    for (key, value), expected in zip(model.state_dict().items(), twin.state_dict().values(), strict=True):
        assert torch.equal(value, expected), key


def test_the_default_is_what_torch_does():
    model = network()
    INITIALIZERS.get("default").apply(model)
    for value, expected in zip(model.state_dict().values(), network().state_dict().values(), strict=True):
        assert torch.equal(value, expected)


@pytest.mark.parametrize("name", INITIALIZERS.names())
@pytest.mark.parametrize("make", [small, pictures])
def test_it_starts_every_architecture(make, name):
    model = Training(make({"model.initializer": name, "model.norm": "batch"})).model
    for module in model.modules():
        if isinstance(module, nn.Linear | nn.Conv2d):
            assert module.weight.any() == (name != "zeros")
            assert module.bias is not None
            assert module.bias.any() == (name == "default")
        elif isinstance(module, nn.BatchNorm1d | nn.BatchNorm2d):
            assert torch.equal(module.weight, torch.ones_like(module.weight))
