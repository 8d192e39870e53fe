"""What health is judged by: the numbers of a run, and what a look inside its network has found."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nets.experiment import Experiment

Row = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What a layer's units have answered to a small batch.

    ``units`` counts what has an activation behind it, 0 where nothing has, and ``answers`` how often each has been seen
    to answer: ``dead`` are those at its flat zero every time, by place, and ``saturated`` is the share of all answers
    that lie at its flat ends.
    """

    units: int = 0
    answers: int = 0
    dead: tuple[int, ...] = ()
    saturated: float = 0.0
    activation: str = ""


@dataclass(frozen=True)
class Layer(Seen):
    """One layer with weights, as a small batch has found it.

    ``gradient`` is the root mean square of the loss's gradient by its weights, not finite where one of them is not,
    and ``spread`` that of the weights. ``step_size`` is the norm of the next plain descent (learning rate times
    gradient, as the optimizer scales and clips it) over the norm of the weights, 0 where the optimizer scales each
    weight's step by itself.
    """

    name: str
    gradient: float
    spread: float = 0.0
    step_size: float = 0.0


@dataclass(frozen=True)
class RareClass:
    """A class that is much rarer than its even share.

    ``share`` is of the training examples; ``recall`` the share of its ``seen`` examples that are recognized.
    """

    name: str
    share: float
    recall: float
    seen: int


@dataclass(frozen=True)
class Insides:
    """What a look inside a network has found, after ``step`` updates, on ``examples`` training examples.

    ``guess`` is the training loss of the best answer that is the same for every example, None where the loss has none
    that is known; ``majority`` the share of the largest class, 0 where there are none.
    """

    step: int
    examples: int
    layers: tuple[Layer, ...]
    guess: float | None = None
    majority: float = 0.0
    num_classes: int = 0
    rare: tuple[RareClass, ...] = ()


@dataclass(frozen=True)
class Vitals:
    """One run as it is now: its epochs' numbers, the newest last, its updates, its status, what is inside."""

    experiment: "Experiment"
    rows: Sequence[Row]
    step: int
    status: str = "training"
    insides: Insides | None = None

    @cached_property
    def learnt(self) -> tuple[Row, ...]:
        """The epochs after the first update."""
        return tuple(row for row in self.rows if row["epoch"] > 0 and "train_loss" in row)

    @property
    def start(self) -> float | None:
        """The training loss of the untrained network, if it is known."""
        first = self.rows[0] if self.rows else {}
        return float(first["train_loss"]) if first.get("epoch") == 0 and "train_loss" in first else None

    @property
    def constant(self) -> float | None:
        """The training loss of the best constant answer, if it is known."""
        return self.insides.guess if self.insides else None

    @property
    def rate(self) -> float:
        """The learning rate of the settings."""
        return float(self.experiment.train.optimizer.learning_rate)


@dataclass(frozen=True)
class Finding:
    """One fault in plain words: what is seen, with the figure, and what to try.

    ``concept`` explains it. ``layer`` is the name of the layer at fault and ``units`` its units, where there is one.
    """

    kind: str
    sees: str
    advice: str
    concept: str
    layer: str = ""
    units: tuple[int, ...] = field(default=())

    def __str__(self) -> str:
        return f"{self.sees} {self.advice}"
