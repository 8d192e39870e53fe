"""What the losses of the epochs say: nothing is learnt, the loss runs away, training examples are learnt by heart."""

import math
from collections.abc import Sequence

from nets.health.learning import GOOD_LOSS
from nets.health.vitals import Finding, Row, Vitals
from nets.health.words import loss_figure

ENOUGH_EPOCHS = 10
"""Epochs before anything is said of a loss: the first ones are often slow, on XOR ten of them."""
ENOUGH_STEPS = 100
"""Updates before that: an epoch of one batch says little."""
NO_BETTER = 0.97
"""Share of the constant answer's loss above which a network knows no more than that answer."""
NO_PROGRESS = 0.98
"""A loss that has lately come down by less than 2 % stands still; most healthy ones lose as much in an epoch."""
LATELY = 3
"""The last third of the epochs counts as lately."""
RUN_AWAY = 2.0
"""Times the loss of an untrained network: no answer that is worth anything is this far off for several epochs."""
AGREE = 3
"""Epochs that must agree on it: a single one may be a stumble."""
RISEN = 1.25
"""Times its best that a test loss must be: chance alone moves small test parts by a tenth."""
RISEN_OF_START = 0.1
"""Of the constant answer's loss that it must have risen: near zero a quarter more is nothing."""
HAS_LASTED = 5
"""Epochs since the best one: test losses go up and down."""
FALLEN = 0.9
"""Times what it was then that the training loss must be by now, else both have become worse together."""


def diverging(vitals: Vitals) -> Finding | None:
    """Find a loss that grows instead of falling, or is no number any more."""
    rate = vitals.rate
    advice = f"Lower the learning rate ({rate:g} now, try {min(rate / 10, 0.1):.2g}) or clip the gradients."
    losses = [float(row["train_loss"]) for row in vitals.learnt]
    if vitals.status == "diverged" or (losses and not math.isfinite(losses[-1])):
        return Finding("diverging", "The loss has left all bounds.", advice, "descent")
    start = _reference(vitals)
    last = losses[-AGREE:]
    if start is None or len(last) < AGREE or min(last) < RUN_AWAY * start:
        return None
    sees = f"The loss runs away: it began at {loss_figure(start)} and is {loss_figure(last[-1])} now."
    return Finding("diverging", sees, advice, "descent")


def not_learning(vitals: Vitals) -> Finding | None:
    """Find a training loss that stays where a constant answer, or the untrained network, has it.

    Where classes are weighted it says nothing: losses are reported without weights, and are not what is made small.
    """
    rows = vitals.learnt
    is_weighted = bool(getattr(vitals.experiment.train.objective, "class_weights", ()))
    if len(rows) < ENOUGH_EPOCHS or vitals.step < ENOUGH_STEPS or is_weighted:
        return None
    losses = [float(row["train_loss"]) for row in rows]
    best = min(losses)
    if not math.isfinite(losses[-1]) or goes_down(losses):
        return None
    if min(losses[-AGREE:]) >= RUN_AWAY * (_reference(vitals) or math.inf):  # that is said already
        return None
    constant, start = vitals.constant, vitals.start
    if constant and best >= NO_BETTER * constant:
        known = f"the same answer for every example costs {loss_figure(constant)}"
    elif start and best >= NO_BETTER * start and best >= GOOD_LOSS * (constant or 0.0):
        known = f"untrained it was {loss_figure(start)}"
    else:
        return None
    sees = f"After {len(rows):,} epochs the training loss is {loss_figure(losses[-1])}; {known}."
    advice = "Try another learning rate or initializer, or a network with more neurons or other inputs."
    return Finding("not_learning", sees, advice, "descent")


def overfitting(vitals: Vitals) -> Finding | None:
    """Find a test loss well above its best while the training loss goes on falling."""
    rows = [row for row in vitals.learnt if math.isfinite(row.get("test_loss", math.nan))]
    if len(rows) < ENOUGH_EPOCHS:
        return None
    place = min(range(len(rows)), key=lambda at: rows[at]["test_loss"])
    best, now = rows[place], _mean(rows[-AGREE:], "test_loss")
    train = _mean(rows[-AGREE:], "train_loss")
    has_lasted = len(rows) - place > HAS_LASTED
    reference = _reference(vitals) or best["test_loss"]
    has_risen = now > RISEN * best["test_loss"] and now - best["test_loss"] > RISEN_OF_START * reference
    if not has_lasted or not has_risen or train > FALLEN * best["train_loss"] or train >= now:
        return None
    sees = (
        f"Test loss {loss_figure(now)}, up from {loss_figure(best['test_loss'])} in epoch {best['epoch']:,}, "
        f"while the training loss fell to {loss_figure(train)}."
    )
    advice = "Stop early, add dropout or L2, take fewer neurons or more examples."
    return Finding("overfitting", sees, advice, "overfitting")


def goes_down(losses: Sequence[float]) -> bool:
    """Has the last third of the losses come below those before?"""
    count = max(1, len(losses) // LATELY)
    before, lately = losses[:-count], losses[-count:]
    return not before or min(lately) < NO_PROGRESS * min(before)


def _reference(vitals: Vitals) -> float | None:
    """Return the loss of a network that knows nothing: the better of a constant answer and the untrained one."""
    known = [loss for loss in (vitals.constant, vitals.start) if loss is not None and math.isfinite(loss) and loss > 0]
    return max(known, default=None)


def _mean(rows: Sequence[Row], name: str) -> float:
    return float(sum(row[name] for row in rows) / len(rows))
