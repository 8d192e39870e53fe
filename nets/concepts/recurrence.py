"""Recurrence: one step of a plain cell, a GRU and an LSTM, gate by gate; a whole run; how far its gradient reaches."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from nets.seeds import derive

if TYPE_CHECKING:
    from torch import Tensor

KINDS = ("rnn", "gru", "lstm")
HIDDEN_SIZE = 2
MOST_STEPS = 40
LARGEST_INPUT = 10.0
SMALLEST = 1e-12
"""Of gradients, so that a logarithmic axis can show them."""
GATES = {"rnn": ("h",), "gru": ("r", "z", "n"), "lstm": ("i", "f", "g", "o")}
"""Each cell's gates, in the order in which PyTorch stacks their weights; h, n and g hold what is new."""


@dataclass(frozen=True)
class Cell:
    """A cell with one input and two numbers of state.

    Args:
        kind: rnn, gru or lstm.
        w: weights of the input (G · 2,), all gates of ``GATES`` one below the other.
        u: weights of the state before (G · 2, 2).
        b: biases (G · 2,), which PyTorch keeps in two halves; the second half is zero here.
    """

    kind: str
    w: np.ndarray
    u: np.ndarray
    b: np.ndarray


@dataclass(frozen=True)
class Step:
    """One step: ``sums`` and ``gates`` by name, (2,) each, before and after their function; the states around it.

    ``memory`` is an LSTM's c; the other cells have none and hold zeros.
    """

    x: float
    before: np.ndarray
    memory_before: np.ndarray
    sums: Mapping[str, np.ndarray]
    gates: Mapping[str, np.ndarray]
    hidden: np.ndarray
    memory: np.ndarray


def random_cell(kind: str, seed: int, scale: float, forget_bias: float) -> Cell:
    """Return a cell as the engine starts it, its weights on two digits.

    Args:
        kind: rnn, gru or lstm.
        seed: of the weights.
        scale: every unit's weights of the state before have this length.
        forget_bias: bias of an LSTM's forget gates.
    """
    import torch

    from nets.initializers import INITIALIZERS
    from nets.modules.sequences import Recurrent

    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(derive(seed, "weights"))
        core = Recurrent(kind, 1, HIDDEN_SIZE, forget_bias=forget_bias if kind == "lstm" else 0.0)
        INITIALIZERS.get("orthogonal").apply(core)
    layers: Any = core.layers
    return Cell(
        kind,
        *(_on_two_digits(part) for part in (layers.weight_ih_l0[:, 0], scale * layers.weight_hh_l0, layers.bias_ih_l0)),
    )


def _on_two_digits(values: "Tensor") -> np.ndarray:
    rounded: np.ndarray = values.detach().double().numpy().round(2) + 0.0
    return rounded


def one_step(cell: Cell, x: float, before: np.ndarray, memory_before: np.ndarray) -> Step:
    """Return one step of a cell from the states (2,) before it, as PyTorch's cells take it.

    The plain cell: Elman (1990); the GRU: Cho et al. (2014), its reset after the product, as PyTorch has it; the LSTM:
    Hochreiter and Schmidhuber (1997) with Gers, Schmidhuber and Cummins's forget gate (2000).
    """
    import torch

    w, u, b = (torch.from_numpy(part) for part in (cell.w, cell.u, cell.b))
    h, c = torch.from_numpy(before), torch.from_numpy(memory_before)
    names = GATES[cell.kind]
    of_input = dict(zip(names, (w * x + b).split(HIDDEN_SIZE), strict=True))
    of_state = dict(zip(names, (u @ h).split(HIDDEN_SIZE), strict=True))
    if cell.kind == "gru":
        of_state["n"] = (of_input["r"] + of_state["r"]).sigmoid() * of_state["n"]
    sums = {name: of_input[name] + of_state[name] for name in names}
    gates = {name: values.tanh() if name in "hng" else values.sigmoid() for name, values in sums.items()}
    if cell.kind == "lstm":
        c = gates["f"] * c + gates["i"] * gates["g"]
        h = gates["o"] * c.tanh()
    elif cell.kind == "gru":
        h = (1 - gates["z"]) * gates["n"] + gates["z"] * h
    else:
        h = gates["h"]
    return Step(
        x,
        before,
        memory_before,
        {name: values.numpy() for name, values in sums.items()},
        {name: values.numpy() for name, values in gates.items()},
        h.numpy(),
        c.numpy(),
    )


def all_steps(cell: Cell, series: tuple[float, ...]) -> list[Step]:
    """Return every step of a run over a series, which begins with a state of zeros."""
    steps: list[Step] = []
    hidden = memory = np.zeros(HIDDEN_SIZE)
    for x in series:
        steps.append(one_step(cell, x, hidden, memory))
        hidden, memory = steps[-1].hidden, steps[-1].memory
    return steps


def reaches_back(cell: Cell, series: tuple[float, ...]) -> np.ndarray:
    """Return how strongly the last state depends on each input, (T,): the length of ∂h_T/∂x_t, by autograd.

    Bengio, Simard and Frasconi (1994), Learning long-term dependencies with gradient descent is difficult.
    """
    import torch

    x = torch.tensor(series, dtype=torch.float64).reshape(-1, 1, 1).requires_grad_()  # (T,) → (T, 1, 1)
    with torch.enable_grad():
        states, _ = as_module(cell)(x)
        rows = [torch.autograd.grad(state, x, retain_graph=True)[0].flatten() for state in states[-1, 0]]
    lengths: np.ndarray = torch.stack(rows).norm(dim=0).clamp(min=SMALLEST).numpy()
    return lengths


def as_module(cell: Cell) -> Any:
    """Return PyTorch's own RNN, GRU or LSTM, in double precision, with a cell's weights."""
    import torch

    from nets.modules.sequences import Recurrent

    layers: Any = Recurrent(cell.kind, 1, HIDDEN_SIZE).layers.double()
    with torch.no_grad():
        layers.weight_ih_l0.copy_(torch.from_numpy(cell.w)[:, None])
        layers.weight_hh_l0.copy_(torch.from_numpy(cell.u))
        layers.bias_ih_l0.copy_(torch.from_numpy(cell.b))
        layers.bias_hh_l0.zero_()
    return layers


def parse_series(text: str) -> tuple[float, ...]:
    """Return the numbers of a text, which stand between spaces or commas.

    Raises:
        ValueError: a sentence that says what is wrong with it.
    """
    words = text.replace(",", " ").replace(";", " ").split()
    if not 2 <= len(words) <= MOST_STEPS:
        raise ValueError(f"The series has {len(words)} numbers; it may have 2 to {MOST_STEPS}.")
    series = []
    for word in words:
        try:
            value = float(word)
        except ValueError:
            raise ValueError(f"'{word[:20]}' is no number; write for example 1 0 0 -0.5.") from None
        if not math.isfinite(value) or abs(value) > LARGEST_INPUT:
            raise ValueError(f"{word[:20]} is out of range; numbers go from {-LARGEST_INPUT:g} to {LARGEST_INPUT:g}.")
        series.append(value)
    return tuple(series)
