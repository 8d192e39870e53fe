"""The learning-rate range test: a fresh network, a rate that grows with each step, and the losses on the way.

Smith (2017), Cyclical learning rates for training neural networks, section 3.3.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from nets.config import Config
from nets.experiment import Experiment, parse
from nets.problems import InvalidExperiment, Problem

LOWEST, HIGHEST = 1e-6, 10.0
STEPS = 150
MOST_STEPS = 200
FEWEST_STEPS = 20
HOPELESS = 3.0
"""The test ends when the loss is above its lowest by so many times the first."""
SAMPLE = 256
"""Training examples at most that the loss is taken on after each step, always the same: batches of ten say little."""
WIDTH = 0.03
"""Of the steps, how far the smoothed loss looks to either side."""
NOTEWORTHY = 0.02
"""A loss that falls by more than this share of the first one has been learnt, not been luck."""


class FinderJob(Config):
    """What to test.

    Args:
        experiment: JSON settings; its own learning rate and schedule play no part.
        lowest: the first step's rate.
        highest: the last one's.
        steps: optimizer updates.
    """

    kind: Literal["finder"] = "finder"
    experiment: dict[str, Any]
    lowest: float = LOWEST
    highest: float = HIGHEST
    steps: int = STEPS

    def problems(self) -> list[Problem]:
        """Return what is wrong with the numbers."""
        found = []
        if not 0 < self.lowest < self.highest <= 1e9:
            message = f"got {self.lowest:g} to {self.highest:g}; give two rates above 0, the lower one first"
            found.append(Problem("lowest", message))
        if not FEWEST_STEPS <= self.steps <= MOST_STEPS:
            found.append(Problem("steps", f"got {self.steps}; may be {FEWEST_STEPS} to {MOST_STEPS}"))
        return found


@dataclass(frozen=True)
class Suggestion:
    """Learning rates to begin with, of two digits each.

    Args:
        steepest: where the loss falls fastest over the logarithm of the rate.
        cautious: a tenth of the rate with the lowest loss.
        lowest: the rate with the lowest loss.
    """

    steepest: float
    cautious: float
    lowest: float


def rate_test(job: FinderJob) -> Iterator[dict[str, Any]]:
    """Train a fresh network while its learning rate grows.

    Yields:
        ``step``: number, rate, the batch's loss before that step, and after it that of the same examples each time;
        ``finished``: whether it diverged.

    Raises:
        InvalidExperiment: if the experiment can't be run here, or has no single loss.
    """
    from nets.concepts.subject import check
    from nets.runs.trunks import trunk_of
    from nets.training.divergence import Diverged

    if problems := job.problems():
        raise InvalidExperiment(problems)
    experiment = parse(job.experiment)
    check(experiment)
    training = _walking(experiment, trunk_of(experiment))
    lowest = first = training.sample_loss()
    for number, rate in enumerate(rates(job.lowest, job.highest, job.steps)):
        try:
            batch_loss, loss = training.walk(rate), training.sample_loss()
        except Diverged:
            loss = math.nan
        if not math.isfinite(loss) or loss - lowest > HOPELESS * max(abs(first), first - lowest):
            yield {"event": "finished", "diverged": True, "rate": rate}
            return
        yield {"event": "step", "step": number, "of": job.steps, "rate": rate, "batch_loss": batch_loss, "loss": loss}
        lowest = min(lowest, loss)
    yield {"event": "finished", "diverged": False, "rate": job.highest}


def rates(lowest: float, highest: float, steps: int) -> list[float]:
    """Return rates from the lowest to the highest, each so many times the one before."""
    return [float(rate) for rate in np.geomspace(lowest, highest, steps)]


def smoothed(losses: Sequence[float], width: float = WIDTH, *, steps: int | None = None) -> np.ndarray:
    """Return losses (n,) as weighted means of their neighbours, by a bell curve.

    Args:
        losses: one for each step, finite.
        width: standard deviation of the curve as a share of all steps; 0 leaves the losses as they are.
        steps: all steps, where the test has ended before.
    """
    values = np.asarray(losses, dtype=np.float64)
    spread = width * (steps or len(values))
    if spread <= 0 or len(values) < 2:
        return values
    places = np.arange(len(values))
    bell = np.exp(-0.5 * ((places[:, None] - places[None, :]) / spread) ** 2)
    return bell @ values / bell.sum(axis=1)


def suggestion(along: Sequence[float], smooth: np.ndarray) -> Suggestion | None:
    """Return the rates that a test suggests; None where its loss never fell.

    Args:
        along: the rate of each step, growing.
        smooth: the smoothed losses (n,).
    """
    lowest = int(smooth.argmin()) if len(smooth) else 0
    if lowest < 2 or not smooth[0] - smooth[lowest] > NOTEWORTHY * abs(smooth[0]):
        return None
    slopes = np.gradient(smooth[: lowest + 1], np.log10(np.asarray(along[: lowest + 1])))
    steepest = along[int(slopes.argmin())]
    return Suggestion(_two_digits(steepest), _two_digits(along[lowest] / 10), _two_digits(along[lowest]))


def _two_digits(rate: float) -> float:
    return float(f"{rate:.1e}")


def _walking(experiment: Experiment, trunk: Mapping[str, Any] | None) -> Any:
    """Return a training that takes one step at a time at a rate it is told; its steps are the engine's own."""
    import torch

    from nets.concepts.subject import sample_size
    from nets.training import Training
    from nets.training.stepping import single_step

    class Walking(Training):
        rate = 0.0
        loss = math.nan

        def rates(self) -> list[float]:
            return [self.rate] * len(self.optimizers)

        def gradients(self, x: Any, targets: Any) -> Any:
            loss = super().gradients(x, targets)
            if math.isnan(self.loss):  # the first of a step: some optimizers look again
                self.loss = float(loss)
            return loss

        def walk(self, rate: float) -> float:
            """Take a step and return the loss of its batch before.

            Raises:
                Diverged: if that is no number.
            """
            self.rate, self.loss = rate, math.nan
            if self.batches.exhausted():
                self.epoch += 1
                self.batches.start_epoch(self.epoch, self.experiment.train.batch_size)
            single_step(self)
            return self.loss

        def sample_loss(self) -> float:
            """Return the loss on the first training examples."""
            with torch.inference_mode():
                return float(self.objective.measured(self, self.parts.train.first(size))["loss"])

    training = Walking(experiment, trunk=trunk)
    size = sample_size(training, SAMPLE)
    return training
