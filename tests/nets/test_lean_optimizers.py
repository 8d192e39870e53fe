"""Optimizers without what surrounds them: torch's own numbers, to the last bit."""

import pytest
import torch

from nets.lean_optimizers import LeanAdam, LeanAdamW
from nets.optimizers import Adam, AdamW

SHAPES = ((7, 3), (5,), (1,))


@pytest.mark.parametrize(("lean", "plain"), [(LeanAdam, torch.optim.Adam), (LeanAdamW, torch.optim.AdamW)])
def test_steps_are_those_of_torch(lean, plain):
    torch.manual_seed(0)
    ours = [torch.nn.Parameter(torch.randn(shape)) for shape in SHAPES]
    theirs = [torch.nn.Parameter(weight.detach().clone()) for weight in ours]
    kinds = [
        kind(weights, lr=0.01, betas=(0.5, 0.99), weight_decay=0.1, fused=True)
        for kind, weights in ((lean, ours), (plain, theirs))
    ]
    for step in range(6):
        for optimizer in kinds:
            optimizer.zero_grad()
            optimizer.param_groups[0]["lr"] = 0.01 / (step + 1)
        assert all(weight.grad is None for weight in ours)
        gradients = [torch.randn(shape) for shape in SHAPES]
        for place, gradient in enumerate(gradients[: 1 + step % 3]):  # the others have none this time
            ours[place].grad, theirs[place].grad = gradient, gradient.clone()
        for optimizer in kinds:
            optimizer.step()
    assert all(torch.equal(*pair) for pair in zip(ours, theirs, strict=True))
    states = [optimizer.state_dict()["state"] for optimizer in kinds]
    for place in range(len(SHAPES)):
        for name, value in states[0][place].items():
            assert torch.equal(value, states[1][place][name]), name


@pytest.mark.parametrize(("config", "kind"), [(Adam(), LeanAdam), (AdamW(), LeanAdamW)])
def test_experiments_take_them(config, kind):
    assert type(config.build([torch.nn.Parameter(torch.zeros(1))])) is kind
