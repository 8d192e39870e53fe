"""What a network holds at every step of one sequence: its states, and the gates that let them change."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Literal

import numpy as np
from pydantic import Field

from nets.datasets.series.windows import Record
from nets.views.base import View, share_bytes, signed_bytes, view
from nets.views.running import AT_ONCE

if TYPE_CHECKING:
    from torch import Tensor, nn

    from nets.training import Training

MOST_UNITS = 64
MOST_LOOKED_AT = 2000
"""Test sequences that are looked through for those of a class."""
GATES: dict[str, tuple[str, ...]] = {"lstm": ("input", "forget", "output"), "gru": ("reset", "update")}
"""Which gates a cell has."""


@dataclass(frozen=True)
class Memory:
    """One test sequence and what a network makes of it.

    ``inputs`` (T, D) float32; ``states`` (T', H) bytes, 127 for zero and 254 for ``largest``; ``gates`` (G, T, H)
    bytes, 0 closed and 255 open, named by ``names``. Of more than 64 units the first are there. ``answer`` (K,) and
    ``truth`` (K',) float32: shares and class, or values in their own units.
    """

    inputs: np.ndarray
    states: np.ndarray
    largest: float
    gates: np.ndarray
    names: tuple[str, ...]
    units: int
    answer: np.ndarray
    truth: np.ndarray


@view
class MemoryView(View):
    """States over time for one test sequence; of an LSTM or a GRU the gates of its top layer too."""

    kind: Literal["memory"] = "memory"
    example: Annotated[int, Field(ge=0, le=1_000_000)] = 0
    """Which test sequence; after the last one they begin anew."""
    actual: Annotated[int, Field(ge=0, le=10_000)] | None = None
    """Only those of this class …"""
    predicted: Annotated[int, Field(ge=0, le=10_000)] | None = None
    """… that the network takes for this one."""

    @property
    def every_seconds(self) -> float:
        """Return a short while: gates are worked out step by step."""
        return 0.2

    def look(self, training: "Training") -> Memory:
        """Return what it holds: no states of a network without a core, nothing where no sequence is meant."""
        import torch

        test = training.parts.test
        places = self._places(training)
        if not len(places):
            return nothing()
        place = int(places[self.example % len(places)])
        x = training.inputs(test.x[place : place + 1])
        model: Any = training.model
        with torch.inference_mode():
            outputs = model(x)
            states = model.core(model.embedded(x), model.real_steps(x))[0] if hasattr(model, "core") else x[0, :, :0]
            names, gates = gates_of(model, x)
            is_class = training.experiment.data.info().task != "regression"
            answer = training.objective.shares(outputs)[0] if is_class else outputs[0]
        truth = np.atleast_1d(test.labels[place].float().cpu().numpy())
        numbers = answer.float().nan_to_num(0).cpu().numpy()
        if isinstance(record := training.split.preparation, Record):
            numbers, truth = in_own_units(record, numbers), in_own_units(record, truth)
        largest = float(states.abs().max()) if states.numel() else 0.0
        shown = states[:, :MOST_UNITS] / (largest or 1.0)
        return Memory(
            inputs=x[0].float().cpu().numpy(),
            states=signed_bytes(shown.cpu()),
            largest=largest,
            gates=share_bytes(gates[:, :, :MOST_UNITS].cpu()),
            names=names,
            units=states.shape[1],
            answer=numbers,
            truth=truth,
        )

    def _places(self, training: "Training") -> np.ndarray:
        """Return the places of the test sequences that are meant."""
        import torch

        test = training.parts.test
        if self.actual is None:
            return np.arange(len(test))
        part = test.first(MOST_LOOKED_AT)
        with torch.inference_mode():
            outputs = torch.cat([training.predict(piece) for piece in part.x.split(AT_ONCE)])
            said = training.objective.shares(outputs).argmax(dim=1)
        return np.flatnonzero(((part.labels == self.actual) & (said == self.predicted)).cpu().numpy())


def nothing() -> Memory:
    """Return what is shown where there is no such sequence."""
    floats, none = np.zeros((0, 0), np.float32), np.zeros((0, 0), np.uint8)
    return Memory(floats, none, 0.0, none[None, :0], (), 0, floats.ravel(), floats.ravel())


def in_own_units(record: Record, values: np.ndarray) -> np.ndarray:
    """Return scaled values (horizon · told,) of what follows as they were before: (horizon · told,) float32."""
    steps = values.reshape(-1, record.told)
    return (steps * record.spread[: record.told] + record.mean[: record.told]).astype(np.float32).ravel()


def gates_of(model: "nn.Module", x: "Tensor") -> "tuple[tuple[str, ...], Tensor]":
    """Return names and values (G, T, H) of the gates of the top layer, forwards, for one sequence; none for others."""
    import torch

    core: Any = getattr(model, "core", None)
    names = GATES.get(getattr(core, "cell", ""), ())
    if not names:
        return (), torch.zeros(0, 0, 0)
    steps = model.embedded(x)[0]  # type: ignore[operator]
    for layer in range(core.num_layers):
        kept, opened = walk(core, layer, steps)
        if layer + 1 < core.num_layers:
            steps = kept if not core.bidirectional else torch.cat([kept, backwards(core, layer, steps)], dim=1)
    return names, opened


def walk(core: Any, layer: int, steps: "Tensor", suffix: str = "") -> "tuple[Tensor, Tensor]":
    """Return states (T, H) of one layer along steps (T, D), and its gates (G, T, H) in the order of ``GATES``."""
    import torch

    weights = {
        name: getattr(core.layers, f"{name}_l{layer}{suffix}")
        for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
    }
    size = core.hidden_size
    state, cell = steps.new_zeros(size), steps.new_zeros(size)
    inside = steps @ weights["weight_ih"].T + weights["bias_ih"]
    states, gates = [], []
    for step in inside:
        fed = weights["weight_hh"] @ state + weights["bias_hh"]
        if core.cell == "lstm":
            let_in, forget, new, out = (step + fed).split(size)
            opened = torch.stack([let_in.sigmoid(), forget.sigmoid(), out.sigmoid()])
            cell = opened[1] * cell + opened[0] * new.tanh()
            state = opened[2] * cell.tanh()
        else:
            (reset, update, new), (fed_reset, fed_update, fed_new) = step.split(size), fed.split(size)
            opened = torch.stack([(reset + fed_reset).sigmoid(), (update + fed_update).sigmoid()])
            state = (1 - opened[1]) * (new + opened[0] * fed_new).tanh() + opened[1] * state
        states.append(state)
        gates.append(opened)
    return torch.stack(states), torch.stack(gates, dim=1)


def backwards(core: Any, layer: int, steps: "Tensor") -> "Tensor":
    """Return the states (T, H) of one layer read backwards."""
    return walk(core, layer, steps.flip(0), "_reverse")[0].flip(0)
