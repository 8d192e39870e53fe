"""Has a network learnt what there is to learn? Then odd insides do no harm, and nobody needs to hear of them."""

from nets.health.vitals import Vitals

GOOD_LOSS = 0.35
"""Of a constant answer's loss: a network below it has understood most of its data."""
GOOD_ERROR = 0.35
"""Of the errors of always naming the largest class."""
GOOD_R2 = 0.8


def has_learnt(vitals: Vitals) -> bool:
    """Return whether the training examples are understood, by loss, accuracy or R²."""
    rows = vitals.learnt
    if not rows:
        return False
    last = rows[-1]
    nothing = vitals.constant or vitals.start
    if nothing and last["train_loss"] < GOOD_LOSS * nothing:
        return True
    if "train_r2" in last:
        return bool(last["train_r2"] > GOOD_R2)
    majority = vitals.insides.majority if vitals.insides else 0.0
    return bool(majority and 1 - last.get("train_accuracy", 0.0) < GOOD_ERROR * (1 - majority))
