"""What the classes say: a rare one is not learnt, because leaving it out costs next to nothing."""

from nets.health.curves import ENOUGH_EPOCHS, ENOUGH_STEPS, goes_down
from nets.health.vitals import Finding, Vitals
from nets.health.words import percent

MISSED = 0.1
"""Recall below which a class is as good as unknown to the network."""
ENOUGH_SEEN = 3
"""Examples of a class before its recall says anything."""


def imbalance(vitals: Vitals) -> Finding | None:
    """Find a rare class that the network hardly ever recognizes, once the loss goes down no more."""
    rows = vitals.learnt
    if vitals.insides is None or len(rows) < ENOUGH_EPOCHS or vitals.step < ENOUGH_STEPS:
        return None
    missed = [rare for rare in vitals.insides.rare if rare.recall < MISSED and rare.seen >= ENOUGH_SEEN]
    if not missed or goes_down([row["train_loss"] for row in rows]):
        return None
    worst = min(missed, key=lambda rare: (rare.recall, rare.share))
    sees = (
        f"Class {worst.name} is {percent(worst.share)} of the training examples, and "
        f"{round(worst.recall * worst.seen)} of {worst.seen} of its examples are recognized."
    )
    advice = "Let rare classes count more while training, or add examples of it; accuracy alone hides this."
    return Finding("imbalance", sees, advice, "losses")
