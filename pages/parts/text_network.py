"""The network card of the Text screen: what reads the tokens, and its layers."""

from typing import Any

import streamlit as st

from nets.architectures import ARCHITECTURES, CannotBuild
from nets.experiment import Experiment
from nets.recipes import recipes
from pages.parts import fields
from pages.parts.bench import Bench
from pages.parts.network_choice import network_choice
from pages.parts.permissions import is_hidden

LABELS = {
    "mlp": "Bag of words",
    "rnn": "Recurrent (RNN, LSTM, GRU)",
    "transformer": "Transformer",
    "conv1d": "Convolutions (1-D)",
}
MAIN = {
    "mlp": ("embedding_dim",),
    "rnn": ("cell", "hidden_size", "embedding_dim", "num_layers"),
    "transformer": ("d_model", "num_heads", "num_layers", "feedforward_size"),
    "conv1d": ("kernel", "embedding_dim"),
}
"""Settings that are on the card; the others are behind More."""
SIZES = {"hidden_sizes": ("Hidden layers", "64"), "channels": ("Filters", "16, 16")}
"""Fields that are lists of sizes: their labels, and what an example looks like."""
COMMON = ("activation", "norm", "output_activation", "initializer", "dropout")
"""What the training settings' own Network button has."""
FORCED = ("readout", "causal")
"""What a language model leaves no choice of."""


def networks(experiment: Experiment) -> tuple[str, ...]:
    """Return the networks that these data fit, those that people know first."""
    found = [name for name in ARCHITECTURES.names() if _fits(name, experiment)]
    return (*(name for name in LABELS if name in found), *(name for name in found if name not in LABELS))


def _fits(name: str, experiment: Experiment) -> bool:
    info, config = experiment.data.info(), ARCHITECTURES.get(name)
    if "supervised" not in config.objectives:
        return False
    try:
        config().fitted(info).check(info)
    except CannotBuild:
        return False
    return True


def network_card(bench: Bench) -> None:
    """Draw the choice of network and what can be set of it."""
    if not is_hidden("model.kind"):
        network_choice(bench, networks(bench.experiment), LABELS, lambda kind: changes_for(bench.experiment, kind))
    kind, known = bench.value("model.kind"), type(bench.experiment.model).model_fields
    main = [name for name in MAIN.get(kind, ()) if name in known]
    for name, (label, placeholder) in SIZES.items():
        if name in known:
            fields.text(bench, f"model.{name}", label, placeholder)
    with st.grid(2, min_column_width=100, gap="small"):
        for name in main:
            fields.plain(bench, f"model.{name}")
        if "readout" in known and not bench.experiment.data.info().per_step:
            fields.choice(bench, "model.readout", "Read off", ("last", "mean", "max"))
    shown = (*main, *SIZES, *COMMON, *FORCED)
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        if set(known) - {*shown, "kind"}:
            with st.popover("More", icon=":material/tune:"):
                _rest(bench, shown)
        frame = bench.run.frame
        st.caption(f"{frame.parameters:,} parameters" if frame and frame.parameters else "…", width="content")


def _rest(bench: Bench, shown: tuple[str, ...]) -> None:
    known = type(bench.experiment.model).model_fields
    if "dense_sizes" in known:
        fields.text(bench, "model.dense_sizes", "Dense layers behind it", "none")
    if "causal" in known and not bench.experiment.data.info().per_step:
        fields.toggle(bench, "model.causal", "Causal")
    fields.everything(bench, "model", skip=(*shown, "dense_sizes"))


def changes_for(experiment: Experiment, kind: str) -> dict[str, Any]:
    """Return what changes with the network: its settings and how it learns, as the first recipe has them.

    The kind comes first: it is what somebody asks for.
    """
    changes: dict[str, Any] = {"model.kind": kind}
    alike = (
        recipe.experiment
        for recipe in recipes()
        if (recipe.experiment.data.name, recipe.experiment.model.kind) == (experiment.data.name, kind)
    )
    if (known := next(alike, None)) is None:
        return changes
    return {
        **changes,
        "model": known.model.model_dump(mode="json"),
        "train.optimizer": known.train.optimizer.model_dump(mode="json"),
    }
