"""What ``fit`` yields: frozen records of what has just happened."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from nets.training.training import Training

Status = Literal["completed", "stopped", "diverged", "failed"]


@dataclass(frozen=True)
class Timing:
    """How much training has been done, and how long it took; ``seconds`` counts steps alone, no evaluation."""

    steps: int
    epochs: int
    seconds: float

    @property
    def steps_per_second(self) -> float:
        """Optimizer updates a second of training; 0 before the first."""
        return self.steps / self.seconds if self.seconds > 0 else 0.0


@dataclass(frozen=True)
class Started:
    """The network is built and about to learn. ``training`` is the live state that views look at."""

    training: "Training" = field(repr=False, compare=False)
    parameters: int
    device: str
    train_examples: int
    test_examples: int


@dataclass(frozen=True)
class StepDone:
    """One optimizer update. ``loss`` is its batch's, before the update; NaN until known where it stays on a GPU."""

    step: int
    epoch: int
    loss: float


@dataclass(frozen=True)
class EpochDone:
    """One pass over the training part, measured after its last update; epoch 0 is the untrained network.

    ``metrics`` has train_loss and test_loss, valid_loss where a validation part is held out, and the same with
    accuracy (classes) or r2 (values). The train metrics are taken on up to 2,000 examples.
    """

    step: int
    epoch: int
    metrics: Mapping[str, float]
    learning_rate: float


@dataclass(frozen=True)
class Edited:
    """Settings or weights were changed in mid-run, before the next step. ``message`` says what was kept."""

    step: int
    epoch: int
    message: str


@dataclass(frozen=True)
class Idle:
    """Paused: nothing happened, and the next turn waits for ``Controls``."""


@dataclass(frozen=True)
class Finished:
    """The end of a run, for now: ``reason`` is a sentence."""

    status: Status
    reason: str
    metrics: Mapping[str, float]
    timing: Timing


Event = Started | StepDone | EpochDone | Edited | Idle | Finished
