"""What manager and worker say to each other over their connection."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from nets.experiment import Experiment
    from nets.training.events import Timing
    from nets.views import View

RunStatus = Literal[
    "ready", "queued", "training", "paused", "completed", "stopped", "diverged", "failed", "interrupted"
]
ENDED: tuple[RunStatus, ...] = ("completed", "stopped", "diverged", "failed", "interrupted")
INTERRUPTED = "The process that trained it ended. Every finished epoch is here; Train resumes it."

Action = Literal["play", "pause", "step", "epoch", "stop"]


@dataclass(frozen=True)
class Hello:
    """The first message over a connection: who calls."""

    token: str
    pid: int


@dataclass(frozen=True)
class Begin:
    """Build this experiment's network, or take it from a checkpoint, and wait.

    ``folder`` is where the run is kept once it trains; ``state`` is the checkpoint's file, ``status`` and ``reason``
    are those of the run that it comes from. ``threads`` is the number for an experiment that leaves it open; a
    checkpoint has its own.
    """

    experiment: "Experiment"
    folder: str | None = None
    state: str | None = None
    status: RunStatus = "ready"
    reason: str = ""
    threads: int = 1


@dataclass(frozen=True)
class Do:
    """Play, pause, step … ``number`` counts commands, so that a frame can tell which it has obeyed.

    ``part`` takes the step alone, where the training's rule knows such a part.
    """

    action: Action
    number: int
    part: str = ""


@dataclass(frozen=True)
class Edit:
    """Go on with other settings; on so many threads, where these leave it open."""

    experiment: "Experiment"
    threads: int


@dataclass(frozen=True)
class SetParameter:
    """Set one weight, or with no ``source`` a bias, of dense layer ``layer``."""

    layer: int
    to: int
    source: int | None
    value: float


@dataclass(frozen=True)
class LoadWeights:
    """Put the weights of a safetensors file into the network."""

    content: bytes


@dataclass(frozen=True)
class Travel:
    """Go to another checkpoint of the same run, to be looked at."""

    state: str


@dataclass(frozen=True)
class Watch:
    """Send these views with each frame, by name; none when nobody looks."""

    views: "Mapping[str, View]"


@dataclass(frozen=True)
class Ack:
    """The last frame has been taken; the next may come."""


@dataclass(frozen=True)
class Start:
    """Ask the fork server for a worker that calls itself ``token``."""

    token: str


@dataclass(frozen=True)
class Exited:
    """The fork server tells how a worker ended: exit code, or minus the signal that killed it."""

    pid: int
    code: int


Row = Mapping[str, Any]


@dataclass(frozen=True)
class Frame:
    """The state of a run at one moment. ``rows`` are the epochs since the last frame; ``views`` what was asked for.

    ``experiment`` is what is in force after the first ``edits`` edits, which may have been refused; None before any.
    ``edited`` says that settings or weights were changed between steps; ``unkept`` why the run is not kept, if so.
    ``tier`` is how steps are taken, on how many ``threads``, ``tier_problem`` why not faster. ``tokens_per_step`` is
    how many tokens a step reads on average, 0 where the data are none.
    """

    obeyed: int
    status: RunStatus
    reason: str
    step: int
    epoch: int
    max_epochs: int
    metrics: Mapping[str, float]
    learning_rate: float
    timing: "Timing"
    steps_per_second: float
    parameters: int
    device: str
    train_examples: int
    test_examples: int
    message: str = ""
    edits: int = 0
    experiment: "Experiment | None" = None
    edited: bool = False
    unkept: str = ""
    tier: str = "eager"
    tier_problem: str = ""
    threads: int = 1
    tokens_per_step: float = 0.0
    rows: tuple[Row, ...] = ()
    views: Mapping[str, Any] = field(default_factory=dict)
