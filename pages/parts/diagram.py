"""What a click in the network diagram does."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from nets.architectures.mlp import MLP
from nets.datasets.points.base import INPUTS
from pages.parts.bench import Bench

WIDTH_OF_A_NEW_LAYER = 2
LARGEST_WEIGHT = 1000.0


def edit_diagram(bench: Bench, edit: Mapping[str, Any] | None) -> None:
    """Carry out one edit of the diagram and draw the page again."""
    if not edit:
        return
    match edit.get("op"):
        case "toggle_input":
            _toggle_input(bench, str(edit["name"]))
        case "set_weight" | "set_bias":
            _set_parameter(bench, edit)
        case "add_layer" | "remove_layer" | "add_neuron" | "remove_neuron" as op:
            _reshape(bench, op, int(edit.get("layer", 0)))
    st.rerun()


def _toggle_input(bench: Bench, name: str) -> None:
    inputs = bench.value("data.inputs") or []
    chosen = [other for other in INPUTS if (other in inputs) != (other == name)]
    if not chosen:
        bench.refuse("The network needs at least one input.")
        return
    bench.change({"data.inputs": chosen})


def _reshape(bench: Bench, op: str, layer: int) -> None:
    model = bench.experiment.model
    assert isinstance(model, MLP)
    sizes = list(model.hidden_sizes)
    if op == "add_layer":
        sizes.append(WIDTH_OF_A_NEW_LAYER)
    elif op == "remove_layer" and sizes:
        sizes.pop()
    elif op == "add_neuron" and layer < len(sizes):
        sizes[layer] += 1
    elif op == "remove_neuron" and layer < len(sizes):
        sizes[layer] -= 1
    dropout = model.dropout[0] if isinstance(model.dropout, tuple) and model.dropout else model.dropout
    changes: dict[str, Any] = {"model.hidden_sizes": sizes}
    if isinstance(model.dropout, tuple) and len(sizes) != len(model.hidden_sizes):
        changes["model.dropout"] = dropout or 0.0
    bench.change(changes)


def _set_parameter(bench: Bench, edit: Mapping[str, Any]) -> None:
    value = max(-LARGEST_WEIGHT, min(LARGEST_WEIGHT, float(edit["value"])))
    source = int(edit["from"]) if edit["op"] == "set_weight" else None
    bench.run.set_parameter(int(edit["layer"]), int(edit["to"]), source, value)
