"""How good a network is that answers at every step."""

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from torch import Tensor

    from nets.losses import BoundLoss

NO_ANSWER = -100
"""The label of a step that has none: torch's cross entropy leaves it out."""
OF_STEPS = ("cross_entropy", "nll")
"""The losses that know steps without an answer."""
MOST_NATS = 50.0
"""A loss beyond it counts as this much, where it is an exponent."""
ANSWERED_AT_ONCE = 64
"""Sequences that go through a network at once, where each step of each has an output for every class."""


def evaluate_steps(
    loss: "BoundLoss", model: "Callable[[Tensor], Tensor]", x: "Tensor", labels: "Tensor"
) -> dict[str, float]:
    """Return the mean loss and the share of right answers, over all steps that have one.

    Args:
        loss: over outputs (B, T, K) and labels.
        model: sequences → outputs (B, T, K).
        x: sequences, B of them.
        labels: (B, T) int64, ``NO_ANSWER`` where a step has none.
    """
    total, right, count = 0.0, 0, 0
    for start in range(0, len(x), ANSWERED_AT_ONCE):
        answers = labels[start : start + ANSWERED_AT_ONCE]
        outputs = model(x[start : start + ANSWERED_AT_ONCE])
        is_asked = answers != NO_ANSWER
        asked = int(is_asked.sum())
        if asked:
            total += loss(outputs, answers).item() * asked
        right += int((loss.predicted(outputs) == answers)[is_asked].sum())
        count += asked
    return {"loss": total / max(count, 1), "accuracy": right / max(count, 1)}


def surprise(loss: float) -> dict[str, float]:
    """Return a mean log loss in nats as bits a token, and as perplexity: among how many tokens it seems to guess."""
    return {"bits": loss / math.log(2), "perplexity": math.exp(min(loss, MOST_NATS))}
