"""Source of the project's own functions with what is known put in: what stays, what goes, what is refused."""

import ast
import importlib.util
import sys
from typing import Any

import pytest
import torch
from torch import nn

from nets.export import CannotExport
from nets.export.plain.functions import define_method
from nets.export.plain.modules import construction
from nets.export.plain.program import Program
from nets.export.plain.render import render
from nets.export.plain.sections import Section

EXAMPLE = '''
import math
from dataclasses import dataclass

import numpy as np
from torch import nn

from nets.config import Config
from nets.seeds import derive

TABLE = {"plain": (1, lambda x: x), "double": (2, lambda x: 2 * x)}
_OFFSET = 3


def _scaled(x, factors, *, by=2, unused=None):
    """Return x, scaled."""
    if by < 0:
        raise ValueError("no")
    return sum([TABLE[name][1](x) for name in factors]) * by + _OFFSET


@dataclass(frozen=True)
class Pair:
    left: float
    right: float
    note: str = ""


class Opaque:
    pass


class Thing(Config):
    size: int = 4
    """How many."""
    mode: str = "sum"
    factors: tuple[str, ...] = ("plain", "double")

    @property
    def half(self) -> float:
        return self.size / 2

    def values(self, start: float) -> list[float]:
        """Return some."""

        def shifted(x: float) -> float:
            local: float = x + start + self.half
            return local

        values = [shifted(index) for index in range(self.size)]
        return values

    def doubled(self, x: float) -> float:
        return x * 2

    def run(self, start: float) -> Pair:
        """Return a pair.

        And more.
        """
        values = self.values(start)
        match self.mode:
            case "sum" | "total":
                total = sum(values)
            case _:
                total = max(values)
        assert total > 0
        if self.mode == "never" and start:
            return Pair(0.0, 0.0)
        return Pair(_scaled(self.doubled(total), self.factors, by=3), math.sqrt(derive(self.size, "x")), "dropped")

    def opaque(self) -> object:
        return np.array([Opaque()])

    def any_number(self, *numbers: float) -> float:
        return sum(numbers)

    def calls_it(self) -> float:
        return self.any_number(1, 2)

    def elsewhere(self) -> object:
        import nets.seeds as seeds

        return seeds.derive


class Residual(nn.Module):
    """Adds.

    And more.
    """

    def __init__(self, width: int, share: float = 0.5) -> None:
        super().__init__()
        self.width, self.share = width, share
        layers = [nn.Linear(width, width), nn.Tanh()]
        self.inner = nn.Sequential(*layers)

    def forward(self, x):
        total: object = self.inner(x) * self.share
        return x + total


class Forgetful(nn.Module):
    def __init__(self, width: int) -> None:
        super().__init__()
        self.inner = nn.Linear(width, width)
'''


@pytest.fixture
def example(tmp_path, monkeypatch) -> Any:
    """A module that counts as one of the project's."""
    file = tmp_path / "example.py"
    file.write_text(EXAMPLE, encoding="utf-8")
    spec = importlib.util.spec_from_file_location("nets.example", file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "nets.example", module)
    spec.loader.exec_module(module)
    return module


def plain(owner: Any, method: str, reserved: tuple[str, ...] = ()) -> str:
    program = Program(reserved)
    program.section = "Here"
    define_method(program, owner, method, {}, called="entry")
    return render(program, '"""Example."""', [Section("Here", "entry")])


def executed(text: str) -> dict[str, Any]:
    scope: dict[str, Any] = {}
    exec(compile(text, "script", "exec"), scope)
    return scope


@pytest.mark.parametrize("changes", [{}, {"mode": "other", "size": 2}, {"factors": ("double",)}, {"mode": "total"}])
def test_it_computes_the_same(example, changes):
    thing = example.Thing(**changes)
    expected = thing.run(1.5)
    text = plain(thing, "run")
    assert executed(text)["entry"](1.5) == (expected.left, expected.right)
    assert "nets" not in text


def test_what_is_decided_is_gone(example):
    text = plain(example.Thing(), "run")
    for gone in ("match", "assert", "raise", "max(", "never", "self", "dropped", "lambda", "TABLE", "np", ": float"):
        assert gone not in text
    assert '"""Return a pair."""' in text
    assert "SIZE = 4  # How many" in text
    assert "[x, 2 * x]" in text
    assert "scaled(total * 2, by=3)" in text
    assert "OFFSET = 3" in text
    assert text.index("from hashlib") < text.index("# %% Settings")


def test_a_variable_never_hides_the_function_that_makes_it(example):
    text = plain(example.Thing(), "run")
    assert "values_ = values(start)" in text


def test_names_that_a_script_uses_itself_are_left_alone(example):
    text = plain(example.Thing(), "run", reserved=("SIZE", "scaled"))
    assert "THING_SIZE = 4" in text
    assert "def scaled_2(" in text


@pytest.mark.parametrize("method", ["opaque", "calls_it", "elsewhere"])
def test_what_no_script_can_have_is_refused_with_a_sentence(example, method):
    with pytest.raises(CannotExport, match="a script can't"):
        plain(example.Thing(), method)


def built(network: nn.Module) -> tuple[str, nn.Module]:
    program = Program(())
    program.section = "Here"
    expression = ast.unparse(construction(program, network))
    text = render(program, '"""Example."""', [Section("Here", f"network = {expression}")])
    return text, executed(text)["network"]


@pytest.mark.parametrize(
    "module",
    [
        nn.Linear(3, 2, bias=False),
        nn.Conv2d(3, 6, (3, 1), padding="same", groups=3, bias=False, padding_mode="circular"),
        nn.MaxPool2d(2, stride=1),
        nn.AvgPool2d((2, 3)),
        nn.BatchNorm2d(4, momentum=0.2, affine=False),
        nn.LayerNorm((4, 4)),
        nn.GroupNorm(1, 3),
        nn.Softmax(dim=1),
        nn.GELU(approximate="tanh"),
        nn.Flatten(2),
        nn.Sequential(nn.Sequential(nn.Identity()), nn.Dropout(0.25)),
        nn.Embedding(5, 3),
        nn.ConvTranspose2d(2, 3, 4, stride=2, padding=1),
        nn.MultiheadAttention(4, 2, batch_first=True),
    ],
    ids=repr,
)
def test_modules_of_torch_are_written_out(module):
    _, again = built(nn.Sequential(module))
    assert repr(again) == repr(nn.Sequential(module))
    assert {name: tensor.shape for name, tensor in again.state_dict().items()} == {
        f"0.{name}": tensor.shape for name, tensor in module.state_dict().items()
    }


def test_a_module_of_the_project_brings_its_class(example):
    network = nn.Sequential(example.Residual(3, share=0.25), example.Residual(3))
    text, again = built(network)
    assert text.count("class Residual(nn.Module):") == 1
    assert "nn.Sequential(Residual(3, share=0.25), Residual(3))" in text
    again.load_state_dict(network.state_dict())
    x = torch.randn(4, 3)
    assert torch.equal(again(x), network(x))


def test_a_module_that_forgets_its_arguments_is_refused_with_a_sentence(example):
    with pytest.raises(CannotExport, match="a script can't build Forgetful"):
        built(nn.Sequential(example.Forgetful(3)))


def test_a_module_of_somebody_else_is_refused_with_a_sentence():
    class Foreign(nn.Module):
        pass

    with pytest.raises(CannotExport, match=r"a script can't build Foreign of tests\."):
        built(Foreign())
