"""What a config says about its fields is read from its source."""

import pytest

from nets.config import Config
from nets.experiment import TrainConfig
from nets.optimizers import OPTIMIZERS, Adam


@pytest.mark.parametrize(
    ("config", "field", "expected"),
    [
        (TrainConfig, "batch_size", "Examples for one step; more than there are takes them all."),
        (Adam(), "beta1", "Memory of the mean of the gradients."),
        (Adam, "learning_rate", "Step size: how far weights move against the gradient."),
        (Adam, "no_such_field", ""),
    ],
)
def test_a_field_is_described_by_the_docstring_below_it(config, field, expected):
    assert config.about(field) == expected


def test_every_optimizer_says_what_its_own_numbers_do():
    for config in OPTIMIZERS:
        assert issubclass(config, Config)
        for field in set(config.model_fields) - {"kind", "learning_rate"}:
            assert config.about(field), f"{config.__name__}.{field}"
