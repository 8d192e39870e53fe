"""The network card of the Tables screen: which network learns from rows, and its layers."""

from typing import Any

import streamlit as st

from nets.architectures import ARCHITECTURES
from nets.datasets.tables.base import TableConfig
from pages.parts import fields
from pages.parts.bench import Bench
from pages.parts.generate_network import changes_for
from pages.parts.network_choice import network_choice
from pages.parts.permissions import is_hidden

LABELS = {
    "mlp": "Dense layers",
    "residual_mlp": "Dense blocks with ways around",
    "wide_and_deep": "Wide and deep",
    "autoencoder": "Autoencoder (finds anomalies)",
}
SIZES = {"hidden_sizes": ("Hidden layers", "16, 8")}
COMMON = ("activation", "output_activation", "initializer", "dropout", "norm", "style", "conditional", "channels")
"""What the training card has, or what makes no sense for rows."""


def network_card(bench: Bench) -> None:
    """Draw the choice of network and what can be set of it."""
    if not is_hidden("model.kind"):
        networks = [name for name in LABELS if name in ARCHITECTURES]
        network_choice(bench, networks, LABELS, lambda kind: changes_of(bench, kind))
    known = type(bench.experiment.model).model_fields
    for name, (label, placeholder) in SIZES.items():
        if name in known:
            fields.text(bench, f"model.{name}", label, placeholder)
    others = [name for name in known if name not in (*COMMON, *SIZES, "kind", "decoder_sizes")]
    if not bench.experiment.data.info().categories:
        others = [name for name in others if name != "embedding_dim"]
    with st.grid(2, min_column_width=100, gap="small"):
        for name in others:
            fields.plain(bench, f"model.{name}")
    frame = bench.run.frame
    inputs = bench.experiment.data.info().input_shape[0]
    st.caption(f"{inputs:,} inputs · {frame.parameters:,} parameters" if frame and frame.parameters else "…")


def changes_of(bench: Bench, kind: str) -> dict[str, Any]:
    """Return what changes with the network: codes of categories come with one that learns vectors, and go with it."""
    data = bench.experiment.data
    changes: dict[str, Any] = {"model.kind": kind}
    if kind == "autoencoder" or bench.value("model.kind") == "autoencoder":
        changes = changes_for(bench.experiment, kind)
    embeds = getattr(ARCHITECTURES.get(kind), "embeds", False)
    if isinstance(data, TableConfig) and data.prepare.categories == "embedding" and not embeds:
        changes["data.prepare.categories"] = "one_hot"
    return changes
