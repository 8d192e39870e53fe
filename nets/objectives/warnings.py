"""What the numbers of a training say that goes wrong with networks that make examples, and what to try."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

SURE = 0.97
"""Share of real and of made examples that a discriminator gets right when it has won."""
LATELY = 5
"""Epochs that must agree: one bad epoch says little in a game."""
FEW = 0.6
"""Share of the modes below which a generator has forgotten too many."""


@dataclass(frozen=True)
class Warning:
    """One thing that goes wrong: its name, what is seen, what to try."""

    kind: str
    sees: str
    advice: str

    def __str__(self) -> str:
        return f"{self.sees} {self.advice}"


def warnings_of(
    rule: str, rows: Sequence[Mapping[str, float]], *, num_modes: int = 0, latent_dim: int = 0, part: str = "test"
) -> tuple[Warning, ...]:
    """Return what goes wrong in a training, by its last epochs.

    Args:
        rule: the kind of its objective.
        rows: its epochs, the newest last, with metrics.
        num_modes: of the distribution; 0 where it has none.
        latent_dim: latent numbers of the network.
        part: whose metrics to go by.
    """
    last = [row for row in rows if row.get("epoch", 1)][-LATELY:]
    if not last:
        return ()
    found = []
    if rule == "adversarial":
        found = [_discriminator_wins(last, part), _generator_wins(last, part), _modes_collapse(last, part, num_modes)]
    if rule == "variational":
        found = [_posterior_collapses(last, part, latent_dim)]
    return tuple(warning for warning in found if warning is not None)


def _always(rows: Sequence[Mapping[str, float]], name: str, low: float, high: float) -> bool:
    """Has a metric been within bounds in each of these rows, and are they enough to tell?"""
    return len(rows) == LATELY and all(name in row and low <= row[name] <= high for row in rows)


def _discriminator_wins(rows: Sequence[Mapping[str, float]], part: str) -> Warning | None:
    if not all(_always(rows, f"{part}_{name}_accuracy", SURE, 1.0) for name in ("real", "fake")):
        return None
    return Warning(
        "discriminator",
        "The discriminator tells real from made every time, and the generator has little left to learn from.",
        "Lower the discriminator's learning rate, give it fewer neurons or some dropout, smooth its labels, "
        "or switch on spectral norm.",
    )


def _generator_wins(rows: Sequence[Mapping[str, float]], part: str) -> Warning | None:
    if not _always(rows, f"{part}_fake_accuracy", 0.0, 1 - SURE):
        return None
    return Warning(
        "generator",
        "The discriminator takes everything made for real: it has nothing to teach.",
        "Raise its learning rate, or give it more neurons or more steps in each turn.",
    )


def _modes_collapse(rows: Sequence[Mapping[str, float]], part: str, num_modes: int) -> Warning | None:
    if num_modes < 2 or not _always(rows, f"{part}_modes", 0, max(1, int(FEW * num_modes))):
        return None
    if rows[-1].get(f"{part}_good", 0.0) < 0.2:  # it is still on its way
        return None
    covered = int(rows[-1][f"{part}_modes"])
    return Warning(
        "modes",
        f"Modes have collapsed: what is made covers {covered} of {num_modes}.",
        "Try the wasserstein loss with gradient penalty, more steps of the discriminator, or a lower learning rate of "
        "the generator.",
    )


def _posterior_collapses(rows: Sequence[Mapping[str, float]], part: str, latent_dim: int) -> Warning | None:
    active = rows[-1].get(f"{part}_active")
    if active is None or len(rows) < LATELY or active >= max(1, latent_dim / 2):
        return None
    silent = latent_dim - int(active)
    return Warning(
        "posterior",
        f"The posterior has collapsed: {silent} of {latent_dim} latent numbers say nothing of the example.",
        "Lower beta, let it grow over some warm-up epochs, or give each latent number some free bits.",
    )
