"""The training settings of the Generate screen: the rule that the network learns by, its optimizer or both of them."""

import streamlit as st

from pages.parts import fields
from pages.parts.bench import Bench
from pages.parts.concepts.links import finder_link
from pages.parts.settings import BATCH_SIZES, run_popover, size_words, stopping_popover
from pages.parts.share import share

FIRST = {
    "adversarial": ("discriminator_steps", "generator_steps"),
    "variational": ("beta", "free_bits", "warmup_epochs"),
    "reconstruction": ("noise", "noise_amount", "sparsity"),
}
"""Settings of a rule that are on the card; the others are behind Rule."""
GAMES = {
    "non_saturating": "The generator maximises the log of what it is taken for: it learns also while it loses",
    "bce": "The first formula: the generator minimises the log of being caught, and learns little while it loses",
    "least_squares": "Squared distance from 1 and 0 (LSGAN): also what is taken for real is drawn closer",
    "wasserstein": "A critic instead of a judge (WGAN): needs the gradient penalty, or spectral norm",
}
PENALTY = 10.0
"""Of the gradient, where a critic begins to be used (Gulrajani et al. 2017)."""
STRENGTHS = (0.0, 0.1, 0.25, 0.5, 1.0, 2.0, 4.0, 10.0)


def training_card(bench: Bench) -> None:
    """Draw the card: what people turn most, and popovers for the rest."""
    rule = bench.experiment.train.objective.kind
    plays = rule == "adversarial"
    with st.grid(2, min_column_width=118, gap="small"):
        if plays:
            fields.choice(
                bench,
                "train.objective.loss",
                "Game",
                tuple(GAMES),
                explain=GAMES.__getitem__,
                on_pick=lambda name: bench.change(changes_for_game(bench, name)),
            )
        elif rule == "reconstruction":
            fields.choice(bench, "train.loss", "Loss", ("auto", "mse", "l1", "huber"))
        else:
            fields.rate(bench, "train.objective.beta", "β: cost of codes", STRENGTHS)
        fields.slider(bench, "train.batch_size", "Batch size", BATCH_SIZES, size_words)
        fields.kind(bench, "train.optimizer", "Generator's optimizer" if plays else "Optimizer")
        fields.rate(bench, "train.optimizer.learning_rate", "Generator's rate" if plays else "Learning rate")
        if plays:
            fields.kind(bench, "train.objective.optimizer", "Discriminator's optimizer")
            fields.rate(bench, "train.objective.optimizer.learning_rate", "Discriminator's rate")
        for name in FIRST.get(rule, ()):
            if not (rule == "variational" and name == "beta"):
                fields.plain(bench, f"train.objective.{name}")
        fields.number(bench, "train.max_epochs", "Epochs")
    with st.container(horizontal=True, gap="xsmall"):
        shown = ("kind", "loss", "optimizer", "beta", *FIRST.get(rule, ()))
        if set(type(bench.experiment.train.objective).model_fields) - set(shown):
            with st.popover("Rule", icon=":material/balance:"):
                fields.everything(bench, "train.objective", skip=shown)
        with st.popover("Optimizer", icon=":material/speed:"):
            _optimizers(bench, plays=plays)
        stopping_popover(bench)
        run_popover(bench)
        share(bench)


def _optimizers(bench: Bench, *, plays: bool) -> None:
    if plays:
        st.caption("Generator")
    fields.everything(bench, "train.optimizer", skip=("learning_rate",))
    if plays:
        st.caption("Discriminator")
        fields.everything(bench, "train.objective.optimizer", skip=("learning_rate",))
    else:
        finder_link(bench.run.id)
    fields.kind(bench, "train.schedule", "Schedule")
    if bench.value("train.schedule.kind") != "constant":
        fields.everything(bench, "train.schedule")
    if fields.optional(bench, "train.clip_norm", "Clip gradients", 1.0):
        fields.number(bench, "train.clip_norm", "Longest gradient")


def changes_for_game(bench: Bench, name: str) -> dict[str, object]:
    """Return what changes with the game: a critic's slope must be held, and it has no labels to be smoothed."""
    changes: dict[str, object] = {"train.objective.loss": name}
    penalty = bench.value("train.objective.gradient_penalty")
    if name == "wasserstein":
        changes["train.objective.label_smoothing"] = 0.0
        if not penalty and not bench.value("model.spectral_norm"):
            changes["train.objective.gradient_penalty"] = PENALTY
    elif penalty == PENALTY:
        changes["train.objective.gradient_penalty"] = 0.0
    return changes
