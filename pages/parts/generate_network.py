"""The network card of the Generate screen: which network makes things, and its layers."""

from typing import Any

import streamlit as st

from nets.activations import ACTIVATIONS
from nets.architectures import ARCHITECTURES
from nets.experiment import Experiment
from nets.initializers import INITIALIZERS
from nets.objectives import OBJECTIVES
from nets.recipes import recipes
from nets.registry import Registry
from pages.parts import fields
from pages.parts.bench import Bench
from pages.parts.network_choice import network_choice
from pages.parts.permissions import is_hidden

FIRST = ("autoencoder", "vae", "gan")
LABELS = {"autoencoder": "Autoencoder", "vae": "Variational autoencoder (VAE)", "gan": "Adversarial pair (GAN)"}
SIZES = {
    "hidden_sizes": ("Encoder's layers", "128, 64"),
    "decoder_sizes": ("Decoder's layers", "the same, backwards"),
    "generator_sizes": ("Generator's layers", "128"),
    "discriminator_sizes": ("Discriminator's layers", "128"),
    "channels": ("Feature maps", "16, 32"),
}
"""Fields that are lists of sizes: their labels, and what an example looks like."""
NAMED: dict[str, tuple[str, Registry[Any]]] = {
    "activation": ("Activation", ACTIVATIONS),
    "discriminator_activation": ("Discriminator's activation", ACTIVATIONS),
    "initializer": ("Initial weights", INITIALIZERS),
}
MAIN = ("style", "latent_dim", "noise", "conditional")


def networks() -> tuple[str, ...]:
    """Return the architectures that make things, those that people know first."""
    found = [name for name, config in ARCHITECTURES.items() if "supervised" not in config.objectives]
    return (*(name for name in FIRST if name in found), *(name for name in found if name not in FIRST))


def network_card(bench: Bench) -> None:
    """Draw the choice of network and what can be set of it."""
    if not is_hidden("model.kind"):
        network_choice(bench, networks(), LABELS, lambda kind: changes_for(bench.experiment, kind))
    known = type(bench.experiment.model).model_fields
    with st.grid(2, min_column_width=100, gap="small"):
        for name in MAIN[:-1]:
            if name in known:
                fields.plain(bench, f"model.{name}")
    for name, (label, placeholder) in SIZES.items():
        is_map = name == "channels" and bench.value("model.style") == "dense"
        if name in known and not is_map and bench.value(f"model.{name}") is not None:
            fields.text(bench, f"model.{name}", label, placeholder)
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        if "conditional" in known and bench.experiment.data.info().num_targets > 1:
            fields.toggle(bench, "model.conditional", "Told the class")
        with st.popover("More", icon=":material/tune:"):
            for name, (label, registry) in NAMED.items():
                if name in known:
                    fields.named(bench, f"model.{name}", label, registry)
            fields.everything(bench, "model", skip=(*MAIN, *SIZES, *NAMED, "output_activation"))
    frame = bench.run.frame
    st.caption(f"{frame.parameters:,} parameters" if frame and frame.parameters else "…")


def changes_for(experiment: Experiment, kind: str) -> dict[str, Any]:
    """Return what changes with the network: its settings, the rule that it learns by, the optimizer.

    They are those of the first recipe with such a network on such data, or else the usual ones. The kind comes first:
    it is what somebody asks for.
    """
    alike = (
        recipe.experiment
        for recipe in recipes()
        if (recipe.experiment.data.kind, recipe.experiment.model.kind) == (experiment.data.kind, kind)
    )
    if (known := next(alike, None)) is not None:
        model, train = known.model, known.train
        return {
            "model.kind": kind,
            "model": model.model_dump(mode="json"),
            "train.objective": train.objective.model_dump(mode="json"),
            "train.optimizer": train.optimizer.model_dump(mode="json"),
            "train.loss": train.loss,
        }
    config = ARCHITECTURES.get(kind)
    rule = OBJECTIVES.get(config.objectives[0])
    size = {"latent_dim": 2} if experiment.data.kind == "distribution" else {}
    changes: dict[str, Any] = {
        "model.kind": kind,
        "model": {**config().model_dump(mode="json"), **size},
        "train.objective": rule().model_dump(mode="json"),
        "train.loss": "auto",
    }
    if rule.usual_optimizer is not None:
        changes["train.optimizer"] = rule.usual_optimizer.model_dump(mode="json")
    return changes
