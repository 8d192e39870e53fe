"""The training settings: what can be changed while the network learns, and the rest behind More."""

import os
from typing import get_args

import streamlit as st

from nets.activations import ACTIVATIONS
from nets.architectures.base import OUTPUT_ACTIVATIONS
from nets.experiment import METRICS, EarlyStopping, Target
from nets.initializers import INITIALIZERS
from nets.losses import LOSSES
from pages.parts import fields
from pages.parts.bench import Bench
from pages.parts.concepts.links import finder_link
from pages.parts.permissions import is_hidden, is_locked
from pages.parts.share import share
from pages.parts.showing import among
from pages.parts.weights import weights_field

STRENGTHS = (0.0, 0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0)

GOOD_ENOUGH = {
    "test_accuracy": 0.98,
    "test_r2": 0.98,
    "test_auc": 0.95,
    "test_js": 0.2,
    "test_error": 0.02,
    "test_loss": 0.01,
}
"""What to stop at, where somebody first asks for it: the first of these that is measured."""

THREADS = tuple(2**power for power in range(7) if 2**power <= (os.cpu_count() or 1))
BATCH_SIZES = (*range(1, 31), 32, 50, 64, 100, 128, 200, 256, 500, 512, 1000, 65_536)


def training_card(bench: Bench, *, columns: int = 4, sizes: bool = True) -> None:
    """Draw the card: a grid of what people turn most, and popovers for the rest.

    Args:
        bench: whose experiment to edit.
        columns: of the grid.
        sizes: whether the layers' sizes are edited here too.
    """
    info = bench.experiment.data.info()
    with st.grid(columns, min_column_width=118, gap="small"):
        losses = ["auto", *(loss.name for loss in LOSSES if loss.encoding(info.task))]
        fields.choice(bench, "train.loss", "Loss", losses, explain=_loss_help, shown_by=fields.CONCEPTS["loss"])
        fields.kind(bench, "train.optimizer", "Optimizer")
        fields.rate(bench, "train.optimizer.learning_rate", "Learning rate")
        fields.named(bench, "model.activation", "Activation", ACTIVATIONS)
        _regularization(bench)
        fields.kind(bench, "train.schedule", "Schedule")
        fields.slider(bench, "train.batch_size", "Batch size", BATCH_SIZES, size_words)
        fields.number(bench, "train.max_epochs", "Epochs")
    with st.container(horizontal=True, gap="xsmall"):
        with st.popover("Network", icon=":material/hub:"):
            _network(bench, sizes=sizes)
        with st.popover("Optimizer", icon=":material/speed:"):
            fields.everything(bench, "train.optimizer", skip=("learning_rate",))
            finder_link(bench.run.id)
            if bench.value("train.schedule.kind") != "constant":
                st.caption("Schedule")
                fields.everything(bench, "train.schedule")
            if fields.optional(bench, "train.clip_norm", "Clip gradients", 1.0):
                fields.number(bench, "train.clip_norm", "Longest gradient")
        stopping_popover(bench)
        run_popover(bench)
        share(bench)


def stopping_popover(bench: Bench) -> None:
    """Draw the button for what ends a training before its last epoch: a metric, or no progress."""
    experiment = bench.experiment
    names = experiment.train.objective.metrics(experiment, experiment.data.info())
    metrics = [f"{part}_{name}" for name in names for part in ("train", "test") if f"test_{name}" in METRICS]
    default = next(metric for metric in GOOD_ENOUGH if metric in metrics)
    with st.popover("Stop when", icon=":material/flag:"):
        target = Target(metric=default, value=GOOD_ENOUGH[default]).model_dump(mode="json")
        if fields.optional(bench, "train.target", "A metric is good enough", target):
            fields.choice(bench, "train.target.metric", "Metric", metrics)
            fields.number(bench, "train.target.value", "Value")
        if experiment.train.objective.kind == "adversarial":  # neither player's loss falls while both get better
            return
        early = EarlyStopping().model_dump(mode="json")
        if fields.optional(bench, "train.early_stopping", "The validation loss no longer improves", early):
            fields.everything(bench, "train.early_stopping")


def run_popover(bench: Bench) -> None:
    """Draw the button for the seed and the machine, and for weights from a file."""
    with st.popover("Run", icon=":material/settings:"):
        fields.number(bench, "train.seed", "Seed")
        fields.choice(bench, "train.device", "Device", ("auto", "cpu", "cuda"))
        _threads(bench)
        if bench.experiment.train.objective.kind == "supervised":
            _machine_code(bench)
        fields.choice(
            bench,
            "train.precision",
            "Precision",
            ("float32", "bfloat16"),
            help="bfloat16 counts with 3 digits in the forward pass: faster for convolutions where the processor "
            "knows it, slower for small dense layers; gradients get coarser",
        )
        weights_field(bench)


def _threads(bench: Bench) -> None:
    """Draw the choice of threads, and how many this run has where that was left open."""
    fields.choice(
        bench,
        "train.threads",
        "Threads",
        ("auto", *THREADS),
        help="Cores that work on a step together; auto takes several for a large network and one for a small one",
    )
    if bench.value("train.threads") == "auto" and bench.run.threads > 1:
        st.caption(f"This run has {bench.run.threads} threads.")


def _machine_code(bench: Bench) -> None:
    """Draw the switch for machine code, and why this run has none if it was to have some."""
    fields.toggle(bench, "train.compile", "Compile small networks")
    frame = bench.run.frame
    if frame and frame.tier_problem and bench.value("train.compile"):
        st.caption(f"This one stays with PyTorch: {frame.tier_problem}.")


def size_words(size: int) -> str:
    """Return a batch size as the slider shows it."""
    return "all" if size == BATCH_SIZES[-1] else f"{size:,}"


def _loss_help(name: str) -> str:
    return "the usual one for these data" if name == "auto" else LOSSES.get(name).help


def _regularization(bench: Bench) -> None:
    """Draw kind and strength of the weights' pull to zero."""
    if is_hidden("train.l1") or is_hidden("train.l2"):
        return
    l1, l2 = bench.value("train.l1"), bench.value("train.l2")
    kind = "L1 + L2" if l1 and l2 else "L1" if l1 else "L2" if l2 else "none"
    key = bench.key("regularization")
    st.selectbox(
        "Regularization",
        **among(("none", "L1", "L2", "L1 + L2"), kind, key),
        help="Pulls weights to zero: L1 at equal force, so that some vanish; L2 in proportion to their size",
        disabled=is_locked("train.l1") or is_locked("train.l2"),
        on_change=lambda: _regularize(bench, st.session_state[key], max(l1, l2) or 0.001),
    )
    if kind == "none":
        return
    path = "train.l1" if kind == "L1" else "train.l2"
    fields.rate(bench, path, "Strength" if kind != "L1 + L2" else "L2 strength", STRENGTHS)
    if kind == "L1 + L2":
        fields.rate(bench, "train.l1", "L1 strength", STRENGTHS)


def _regularize(bench: Bench, kind: str, strength: float) -> None:
    bench.change({"train.l1": strength if "L1" in kind else 0.0, "train.l2": strength if "L2" in kind else 0.0})


def _network(bench: Bench, *, sizes: bool) -> None:
    if sizes:
        fields.text(bench, "model.hidden_sizes", "Neurons of each hidden layer", "4, 2")
    fields.text(bench, "model.dropout", "Dropout", "0.2, or one for each layer: 0.2, 0.1")
    fields.choice(bench, "model.norm", "Normalization", get_args(fields.field_info(bench, "model.norm").annotation))
    fields.choice(bench, "model.output_activation", "Output activation", OUTPUT_ACTIVATIONS)
    fields.named(bench, "model.initializer", "Initial weights", INITIALIZERS)
