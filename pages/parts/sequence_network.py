"""The network card of screens with sequences: which network goes along them, its layers, what it is read off."""

from typing import Any

import streamlit as st

from nets.architectures import ARCHITECTURES, CannotBuild
from nets.datasets import DataInfo
from pages.parts import fields
from pages.parts.bench import Bench
from pages.parts.network_choice import network_choice
from pages.parts.permissions import is_hidden

LABELS = {
    "rnn": "Recurrent: plain, GRU, LSTM",
    "transformer": "Transformer",
    "conv1d": "Convolutions in time",
    "mlp": "Dense layers",
}
MAIN = {
    "rnn": ("cell", "hidden_size", "num_layers", "readout"),
    "transformer": ("d_model", "num_heads", "num_layers", "feedforward_size", "positions", "readout"),
    "conv1d": ("kernel", "dilation", "stride", "readout"),
}
"""Settings that are on the card; the others are behind More."""
SIZES = {
    "hidden_sizes": ("Hidden layers", "32, 16"),
    "channels": ("Filters of each convolution", "16, 16"),
    "dense_sizes": ("Dense layers behind", "none"),
}
"""Fields that are lists of sizes: their labels, and what an example looks like."""
COMMON = ("activation", "output_activation", "initializer", "dropout", "norm")
"""What the training card has."""
OF_TOKENS = ("embedding_dim",)


def sequence_networks(info: DataInfo) -> tuple[str, ...]:
    """Return the architectures that take such sequences, those that people know first."""
    found = [name for name, config in ARCHITECTURES.items() if "supervised" in config.objectives and takes(name, info)]
    return (*(name for name in LABELS if name in found), *(name for name in found if name not in LABELS))


def takes(name: str, info: DataInfo) -> bool:
    """Does an architecture take such data, once it is fitted to them?"""
    try:
        ARCHITECTURES.get(name)().fitted(info).check(info)
    except CannotBuild:
        return False
    return True


def network_card(bench: Bench) -> None:
    """Draw the choice of network and what can be set of it."""
    info = bench.experiment.data.info()
    if not is_hidden("model.kind"):
        network_choice(bench, sequence_networks(info), LABELS, _changes)
    kind = bench.value("model.kind")
    known = type(bench.experiment.model).model_fields
    main = MAIN.get(kind, ())
    with st.grid(2, min_column_width=100, gap="small"):
        for name in main:
            fields.plain(bench, f"model.{name}")
        if info.vocab_size:
            for name in OF_TOKENS:
                if name in known:
                    fields.plain(bench, f"model.{name}")
    for name, (label, placeholder) in SIZES.items():
        if name in known and not (name == "dense_sizes" and kind != "rnn"):
            fields.text(bench, f"model.{name}", label, placeholder)
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        if _others(bench):
            with st.popover("More", icon=":material/tune:"):
                if kind != "rnn" and "dense_sizes" in known:
                    fields.text(bench, "model.dense_sizes", *SIZES["dense_sizes"])
                fields.everything(bench, "model", skip=(*main, *SIZES, *COMMON, *OF_TOKENS))
        frame = bench.run.frame
        st.caption(f"{frame.parameters:,} parameters" if frame and frame.parameters else "…", width="content")


def _others(bench: Bench) -> set[str]:
    """Return the settings that More has."""
    kind = bench.value("model.kind")
    return set(type(bench.experiment.model).model_fields) - {"kind", *MAIN.get(kind, ()), *SIZES, *COMMON, *OF_TOKENS}


def _changes(kind: str) -> dict[str, Any]:
    """Return what changes with the network."""
    return {"model.kind": kind, "train.transfer": None}
