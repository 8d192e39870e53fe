"""One step of a training: its batch, its learning rates, the update, the loss."""

import math
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from nets.schedules import Progress
from nets.training.divergence import Diverged
from nets.training.events import StepDone
from nets.training.network import set_rates

if TYPE_CHECKING:
    from torch import Tensor

    from nets.training.controls import Controls
    from nets.training.training import Training

LOOK_EVERY = 50
"""Steps between two looks at the loss where looking makes a GPU wait."""


def take_step(training: "Training", controls: "Controls") -> StepDone:
    """Take the next step, or some at once where a faster tier is in force, and return the last one's loss.

    Raises:
        Diverged: if a loss is infinite or NaN.
    """
    training.tiers.look(training)
    value = training.tiers.take(training, controls)
    if value is None:
        value = single_step(training, controls.part)
    return StepDone(training.step, training.epoch, value)


def single_step(training: "Training", part: str = "") -> float:
    """Take one step with torch and return its loss; NaN until it is known, where it stays on a GPU.

    Raises:
        Diverged: if the loss is infinite or NaN.
    """
    import torch

    settings = training.experiment.train
    torch.set_num_threads(training.threads)
    began = time.perf_counter()
    rates = training.rates()
    training.learning_rate = rates[0]
    set_rates(training.optimizers, rates)
    x, targets = training.batches.next(settings.batch_size, at_least=training.min_batch)
    loss = update(training, x, targets, part)
    training.step += 1
    looks = training.device.type == "cpu" or training.step % LOOK_EVERY == 0
    value = float(loss) if looks else math.nan
    training.seconds += time.perf_counter() - began
    if looks and not math.isfinite(value):
        raise Diverged(f"the loss of step {training.step:,} became {value}")
    return value


def update(training: "Training", x: "Tensor", targets: "Tensor", part: str = "") -> "Tensor | float":
    """Move the weights once, down the gradients of a batch as the data hold it, and return its loss."""
    with as_it_learns(training), training.randomness.used(if_needed=training.has_chance):
        inputs = training.inputs(training.inputs.augmented(x))
        return training.objective.update(training, inputs, targets, part)


@contextmanager
def as_it_learns(training: "Training") -> Iterator[None]:
    """Have the network act inside the block as it does while it learns."""
    if training.acts_otherwise_in_training:
        training.model.train()
        for norm in training.frozen_norms:
            norm.eval()
    try:
        yield
    finally:
        if training.acts_otherwise_in_training:
            training.model.eval()


def rates_of(training: "Training") -> list[float]:
    """Return the learning rate of each player's optimizer for the next step."""
    settings = training.experiment.train
    steps = training.batches.count(settings.batch_size, at_least=training.min_batch)
    done = training.epoch * steps + training.batches.cursor // settings.batch_size
    factor = settings.schedule.factor(Progress(done, steps, training.max_epochs, training.plateau.drops))
    return [player.optimizer.learning_rate * factor for player in training.objective.players(settings)]
