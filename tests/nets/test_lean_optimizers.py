"""Optimizers without what surrounds them: torch's own numbers, to the last bit, and no compiler imported."""

import subprocess
import sys
from pathlib import Path

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


USE_ALL_AND_SAY_WHAT_IS_LOADED = """
import sys, torch
from nets.optimizers import OPTIMIZERS
for name in OPTIMIZERS.names():
    weight = torch.nn.Parameter(torch.ones(3))
    optimizer = OPTIMIZERS.get(name)().build([weight])
    for _ in range(2):
        optimizer.zero_grad()
        weight.grad = torch.ones(3)
        optimizer.step(lambda: weight.sum())
    optimizer.load_state_dict(optimizer.state_dict())
print("torch._dynamo" in sys.modules)
"""


def test_none_imports_torchs_compiler():
    root = Path(__file__).resolve().parents[2]
    command = [sys.executable, "-c", USE_ALL_AND_SAY_WHAT_IS_LOADED]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    assert done.stdout.strip() == "False", done.stderr
