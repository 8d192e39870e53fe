"""Torch's compiler takes over a second to import and 150 MB, and a training needs nothing of it."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
USE_ALL_OPTIMIZERS = """
import torch
from nets.optimizers import OPTIMIZERS
for name in OPTIMIZERS.names():
    weight = torch.nn.Parameter(torch.ones(3))
    optimizer = OPTIMIZERS.get(name)().build([weight])
    for _ in range(2):
        optimizer.zero_grad()
        weight.grad = torch.ones(3)
        optimizer.step(lambda: weight.sum())
    optimizer.load_state_dict(optimizer.state_dict())
"""
WRITE_DOWN_A_STEP = """
import torch
from nets.tiers.tape import record
assert record(lambda: torch.ones(3).sum())[0].calls
"""


@pytest.mark.parametrize("program", [USE_ALL_OPTIMIZERS, WRITE_DOWN_A_STEP])
def test_torchs_compiler_is_not_imported(program):
    command = [sys.executable, "-c", f"{program}\nimport sys\nprint('torch._dynamo' in sys.modules)"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.stdout.strip() == "False", done.stderr
