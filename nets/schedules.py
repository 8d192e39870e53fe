"""Learning-rate schedules: the factor on the learning rate as a pure function of progress."""

import math
from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from nets.config import Config
from nets.registry import Registry, config_registrar, union_of


@dataclass(frozen=True)
class Progress:
    """How far a training is. ``drops`` counts how often a plateau has been met.

    ``step`` is what had been taken by now if every epoch had had ``steps_per_epoch``: a batch size that changes in
    mid-run changes no rate.
    """

    step: int
    steps_per_epoch: int
    max_epochs: int
    drops: int = 0

    @property
    def epoch(self) -> float:
        """Epochs done, as a fraction."""
        return self.step / self.steps_per_epoch

    @property
    def share(self) -> float:
        """Share of the whole training that is done, 0 … 1."""
        return min(1.0, self.epoch / self.max_epochs)


class ScheduleConfig(Config):
    """One schedule: how the learning rate changes while training goes on."""

    help: ClassVar[str]
    kind: str = ""

    def factor(self, progress: Progress) -> float:
        """Return what the learning rate is multiplied by."""
        raise NotImplementedError


SCHEDULES: Registry[type[ScheduleConfig]] = Registry("schedule")
schedule = config_registrar(SCHEDULES, "kind")


@schedule
class Constant(ScheduleConfig):
    """The learning rate stays."""

    help = "The learning rate stays as it is"
    kind: Literal["constant"] = "constant"

    def factor(self, progress: Progress) -> float:  # noqa: ARG002 - this one alone does not depend on it
        """Return 1."""
        return 1.0


@schedule
class Step(ScheduleConfig):
    """Multiply by ``gamma`` every so many epochs."""

    help = "Drops every so many epochs"
    kind: Literal["step"] = "step"
    every: Annotated[int, Field(ge=1, le=100_000)] = 10
    """Epochs between drops."""
    gamma: Annotated[float, Field(gt=0, le=1)] = 0.5
    """Factor of one drop."""

    def factor(self, progress: Progress) -> float:
        """Return gamma to the power of the drops so far."""
        return self.gamma ** math.floor(progress.epoch / self.every)


@schedule
class Cosine(ScheduleConfig):
    """Half a cosine from 1 to ``final`` (Loshchilov and Hutter 2016)."""

    help = "Falls along half a cosine until the last epoch"
    kind: Literal["cosine"] = "cosine"
    final: Annotated[float, Field(ge=0, le=1)] = 0.0
    """Factor at the end."""

    def factor(self, progress: Progress) -> float:
        """Return the cosine between 1 and final."""
        return self.final + (1 - self.final) * (1 + math.cos(math.pi * progress.share)) / 2


@schedule
class OneCycle(ScheduleConfig):
    """Up from 1/25, down to 1/10,000 of the learning rate, which is the peak (Smith and Topin 2017)."""

    help = "Rises to the learning rate, then falls far below it"
    kind: Literal["one_cycle"] = "one_cycle"
    rise: Annotated[float, Field(gt=0, lt=1)] = 0.3
    """Share of the training spent rising."""

    def factor(self, progress: Progress) -> float:
        """Return the cycle's factor, at most 1."""
        low, end = 1 / 25, 1e-4
        if progress.share < self.rise:
            return low + (1 - low) * (1 - math.cos(math.pi * progress.share / self.rise)) / 2
        fallen = (progress.share - self.rise) / (1 - self.rise)
        return end + (1 - end) * (1 + math.cos(math.pi * fallen)) / 2


@schedule
class Plateau(ScheduleConfig):
    """Multiply by ``gamma`` when the watched loss has not improved for ``patience`` epochs."""

    help = "Drops when the loss stops improving"
    kind: Literal["plateau"] = "plateau"
    patience: Annotated[int, Field(ge=1, le=100_000)] = 10
    """Epochs without improvement before a drop."""
    gamma: Annotated[float, Field(gt=0, lt=1)] = 0.5
    """Factor of one drop."""

    def factor(self, progress: Progress) -> float:
        """Return gamma to the power of the plateaus met."""
        return self.gamma**progress.drops


@schedule
class WarmUp(ScheduleConfig):
    """Rise in a straight line, then stay (Goyal et al. 2017)."""

    help = "Rises from near zero, then stays"
    kind: Literal["warm_up"] = "warm_up"
    epochs: Annotated[int, Field(ge=1, le=100_000)] = 5
    """Epochs until the full learning rate."""

    def factor(self, progress: Progress) -> float:
        """Return the share of the rise, counted from the first step on."""
        return min(1.0, (progress.step + 1) / (self.epochs * progress.steps_per_epoch))


ScheduleUnion = union_of(SCHEDULES, "kind")
