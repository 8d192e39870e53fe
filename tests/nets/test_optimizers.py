"""Every optimizer against the same loop written with plain torch."""

import copy

import pytest
import torch
from torch.nn import functional as F

from nets.optimizers import OPTIMIZERS
from nets.training import Controls, Training
from tests.nets.experiments import epochs, exhaust, history_of, pictures, problems_of, settings, small

REFERENCES = {
    "sgd": lambda weights: torch.optim.SGD(weights, lr=0.03),
    "adam": lambda weights: torch.optim.Adam(weights, lr=0.001),
    "adamw": lambda weights: torch.optim.AdamW(weights, lr=0.001, weight_decay=0.01),
    "rmsprop": lambda weights: torch.optim.RMSprop(weights, lr=0.001, alpha=0.99),
    "adagrad": lambda weights: torch.optim.Adagrad(weights, lr=0.01),
    "adadelta": lambda weights: torch.optim.Adadelta(weights, lr=1.0, rho=0.9),
    "nadam": lambda weights: torch.optim.NAdam(weights, lr=0.002),
    "radam": lambda weights: torch.optim.RAdam(weights, lr=0.001),
    "lbfgs": lambda weights: torch.optim.LBFGS(weights, lr=1.0, max_iter=10, history_size=10),
}
FULL_BATCH = {"train.batch_size": 1000, "train.max_epochs": 4}


def weights_after_plain_torch(training, make, *, penalty=lambda model: 0.0, clip=None):
    """Train a copy of an untrained network on full batches, with nothing of the engine but its data."""
    model, part = copy.deepcopy(training.model), training.parts.train
    optimizer = make(list(model.parameters()))

    def closure():
        optimizer.zero_grad()
        loss = F.binary_cross_entropy_with_logits(model(part.x)[:, 0], part.labels.float()) + penalty(model)
        loss.backward()
        if clip is not None:
            torch.nn.utils.clip_grad_norm_(model.parameters(), clip)
        return loss

    for _ in range(training.max_epochs):
        optimizer.step(closure)
    return model.state_dict()


def assert_same_weights(training, expected, tolerance=1e-5):
    exhaust(training.events(Controls()))
    for name, value in training.model.state_dict().items():
        assert torch.allclose(value, expected[name], atol=tolerance, rtol=1e-3), name


@pytest.mark.parametrize("name", OPTIMIZERS.names())
def test_its_defaults_move_the_weights_as_torchs_do(name):
    training = Training(small({"train.optimizer.kind": name, **FULL_BATCH}))
    assert_same_weights(training, weights_after_plain_torch(training, REFERENCES[name]), 1e-4)


@pytest.mark.parametrize(
    ("changes", "make"),
    [
        (
            {"kind": "sgd", "learning_rate": 0.5, "momentum": 0.9, "nesterov": True, "weight_decay": 0.1},
            lambda weights: torch.optim.SGD(weights, lr=0.5, momentum=0.9, nesterov=True, weight_decay=0.1),
        ),
        (
            {"kind": "adam", "learning_rate": 0.05, "beta1": 0.5, "beta2": 0.9, "weight_decay": 0.1},
            lambda weights: torch.optim.Adam(weights, lr=0.05, betas=(0.5, 0.9), weight_decay=0.1),
        ),
        (
            {"kind": "adamw", "learning_rate": 0.05, "weight_decay": 0.5},
            lambda weights: torch.optim.AdamW(weights, lr=0.05, weight_decay=0.5),
        ),
        (
            {"kind": "rmsprop", "learning_rate": 0.01, "alpha": 0.5, "momentum": 0.5},
            lambda weights: torch.optim.RMSprop(weights, lr=0.01, alpha=0.5, momentum=0.5),
        ),
        (
            {"kind": "adadelta", "learning_rate": 0.5, "rho": 0.5},
            lambda weights: torch.optim.Adadelta(weights, lr=0.5, rho=0.5),
        ),
    ],
    ids=lambda value: value.get("kind") if isinstance(value, dict) else "",
)
def test_its_arguments_reach_torch(changes, make):
    training = Training(small({"train.optimizer": changes, **FULL_BATCH}))
    assert_same_weights(training, weights_after_plain_torch(training, make), 1e-4)


def weights_of(model):
    return [parameter for name, parameter in model.named_parameters() if name.endswith("weight")]


def test_l2_is_half_the_sum_of_squared_weights_without_biases():
    training = Training(small({"train.l2": 0.3, **FULL_BATCH}))
    expected = weights_after_plain_torch(
        training,
        lambda weights: torch.optim.SGD(weights, lr=0.1),
        penalty=lambda model: 0.3 * sum(weight.square().sum() / 2 for weight in weights_of(model)),
    )
    assert_same_weights(training, expected)


def test_l1_is_the_sum_of_absolute_weights_without_biases():
    training = Training(small({"train.l1": 0.05, **FULL_BATCH}))
    expected = weights_after_plain_torch(
        training,
        lambda weights: torch.optim.SGD(weights, lr=0.1),
        penalty=lambda model: 0.05 * sum(weight.abs().sum() for weight in weights_of(model)),
    )
    assert_same_weights(training, expected)


def test_clipping_shortens_the_whole_gradient():
    training = Training(small({"train.clip_norm": 0.01, **FULL_BATCH}))
    before = training.weights()
    expected = weights_after_plain_torch(training, lambda weights: torch.optim.SGD(weights, lr=0.1), clip=0.01)
    assert_same_weights(training, expected)
    moved = sum((training.weights()[name] - before[name]).square().sum().item() for name in before) ** 0.5
    assert 0 < moved <= 4 * 0.1 * 0.01 * 1.001


def test_penalties_are_no_part_of_the_loss_that_is_shown():
    assert epochs(history_of(small()))[0] == epochs(history_of(small({"train.l2": 1.0})))[0]


@pytest.mark.parametrize("name", OPTIMIZERS.names())
def test_it_lowers_the_loss_of_a_convolutional_network(name):
    experiment = pictures({"train.optimizer.kind": name, "train.batch_size": 1000, "train.max_epochs": 3})
    untrained, *later = epochs(history_of(experiment))
    assert later[-1].metrics["train_loss"] < untrained.metrics["train_loss"]


def test_nesterov_needs_momentum():
    problems = problems_of(settings({"train.optimizer": {"kind": "sgd", "nesterov": True}}))
    assert "momentum above 0" in problems["train.optimizer"]
