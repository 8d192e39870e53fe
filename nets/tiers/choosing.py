"""Which tier a training's steps are taken in: torch at once, machine code or CUDA graphs where they pay."""

import logging
import math
import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from nets.schedules import Constant
from nets.tiers.tape import Untakeable

if TYPE_CHECKING:
    from torch import Tensor

    from nets.experiment import Experiment
    from nets.tiers.compiled import Compiled
    from nets.tiers.graphs import Graphed
    from nets.training.controls import Controls
    from nets.training.training import Training

WARM_STEPS = 100
"""Steps that torch takes before anything is prepared: an optimizer must have something to remember."""
WORTHWHILE_STEPS = 2_000
"""Steps that must still lie ahead; fewer are taken sooner than compiled."""
MAX_PARAMETERS = 1_000_000
"""Beyond which nothing is gained, and writing down a step would take memory."""
CHUNK_SECONDS = 0.01
"""Of machine code at a time: a training pauses or stops within it."""
SETTINGS_LEFT_OUT: Mapping[str, Any] = {"name": True, "train": {"max_epochs", "schedule", "target", "early_stopping"}}
"""Settings that may change without another step coming of it."""


class Tiers:
    """Chooses for one training.

    ``name`` is the tier in force, ``problem`` says why a faster one can't be had, ``since`` is the step after which
    a faster one took over for the first time.
    """

    def __init__(self) -> None:
        self.problem = ""
        self.since: int | None = None
        self._faster: Compiled | Graphed | None = None
        self._is_ready = False
        self._made_for: _MadeFor | None = None
        self._optimizers: tuple[object, ...] = ()
        self._new_at = 0
        self._chunk = 1

    @property
    def name(self) -> str:
        """The tier in force: ``eager`` (torch, operation by operation), ``compiled`` or ``graphed``."""
        return self._faster.name if self._is_ready and self._faster else "eager"

    def look(self, training: "Training") -> None:
        """Prepare or put in force what is faster; between two steps, costs no more than milliseconds."""
        if self._made_for is not None and not self._made_for.fits(training):
            self.forget()
        if self._made_for is None:
            if self._remembers(training) and _is_candidate(training):
                self._prepare(training)
        elif self._faster is not None and not self._is_ready:
            self._guarded(training, self._put_in_force)

    def wait(self, training: "Training") -> str:
        """Wait until what is on its way is in force, and return the tier."""
        self.look(training)
        if self._faster is not None and not self._is_ready:
            self._guarded(training, lambda training: self._put_in_force(training, wait=True))
        return self.name

    def take(self, training: "Training", controls: "Controls") -> float | None:
        """Take some of the epoch's steps in the faster tier, and return the last loss; None if torch is to take one.

        Raises:
            Diverged: if a loss is infinite or NaN.
        """
        from nets.training.divergence import Diverged

        if not self._is_ready or self._faster is None or not controls.free:
            return None
        x, y, count = self._next(training)
        if not count:
            return None
        began = time.perf_counter()
        rates = _rates(training, count)
        with training.randomness.used(if_needed=training.has_dropout):
            losses = self._faster.steps(x, y, rates)
        training.batches.cursor += x.shape[0]
        took = time.perf_counter() - began
        self._chunk = max(1, int(CHUNK_SECONDS / max(took / count, 1e-9)))
        training.seconds += took
        training.learning_rate = rates[-1]
        training.step += len(losses)
        last = float(losses[-1])
        if not math.isfinite(last):
            raise Diverged(f"the loss of step {training.step:,} became {last}")
        return last

    def predict(self, training: "Training", x: "Tensor") -> "Tensor | None":
        """Return the outputs for examples in the faster tier; None if torch is to answer."""
        if self._is_ready and self._faster and self._made_for and self._made_for.fits(training):
            return self._faster.predict(x)
        return None

    def forget(self) -> None:
        """Go back to torch: the training has changed."""
        if self._faster is not None:
            self._faster.drop()
        self._faster, self._is_ready, self._made_for, self.problem = None, False, None, ""

    def _remembers(self, training: "Training") -> bool:
        """Have the optimizers taken a step? Only then is there all the memory that a step works on."""
        if self._optimizers != training.built_optimizers:
            self._optimizers, self._new_at = training.built_optimizers, training.step
        return training.step > self._new_at and bool(self._optimizers)

    def _prepare(self, training: "Training") -> None:
        self._made_for = _MadeFor(training)

        def prepare(training: "Training") -> None:
            self._faster = faster_for(training)

        self._guarded(training, prepare)

    def _put_in_force(self, training: "Training", *, wait: bool = False) -> None:
        if self._faster is not None and self._faster.is_ready(training, wait=wait):
            self._is_ready = True
            self.since = training.step if self.since is None else self.since

    def _guarded(self, training: "Training", attempt: "Callable[[Training], None]") -> None:
        try:
            attempt(training)
        except Untakeable as reason:
            self._faster, self.problem = None, str(reason)
        except Exception as error:  # what only makes it faster must not end a run
            logging.getLogger(__name__).exception("A faster tier could not be made")
            self._faster, self.problem = None, f"a faster tier could not be made: {type(error).__name__}"

    def _next(self, training: "Training") -> "tuple[Tensor, Tensor, int]":
        """Return examples and answers of the steps to take now, and how many steps these are."""
        faster, batches = self._faster, training.batches
        assert faster is not None
        left = batches.size - batches.cursor
        whole = (left - faster.rest_size) // faster.batch_size
        count = min(whole, self._chunk)
        size = count * faster.batch_size if count else faster.rest_size
        x, y = batches.ahead(size)
        is_aligned = (left - faster.rest_size) % faster.batch_size == 0
        if not size or not is_aligned or not faster.takes(x, y):
            return x, y, 0
        return x, y, max(1, count)


def faster_for(training: "Training") -> "Compiled | Graphed":
    """Begin to make what is faster on the training's device.

    Raises:
        Untakeable: if nothing can be.
    """
    if training.device.type == "cuda":
        from nets.tiers.graphs import Graphed

        return Graphed(training)
    from nets.tiers.compiled import Compiled

    return Compiled(training)


def _is_candidate(training: "Training") -> bool:
    """Is there something to gain, as far as that can be told without trying?"""
    settings = training.experiment.train
    steps = training.batches.count(settings.batch_size, at_least=training.min_batch)
    return (
        settings.compile
        and (training.device.type == "cuda" or training.threads == 1)
        and training.num_parameters <= MAX_PARAMETERS
        and training.step >= WARM_STEPS
        and (training.max_epochs - training.epoch) * steps >= WORTHWHILE_STEPS
        and settings.precision == "float32"
        and training.objective.steps_alike
        and not settings.optimizer.takes_closure
        and training.inputs.augment is None
        and not training.objective.draws
    )


class _MadeFor:
    """What machine code was made for: the settings of a step, and the objects whose memory it works on."""

    def __init__(self, training: "Training") -> None:
        self._experiment = training.experiment
        self._objects = _objects(training)

    def fits(self, training: "Training") -> bool:
        """Is the training still what it was, as far as a step goes?"""
        if any(own is not now for own, now in zip(self._objects, _objects(training), strict=True)):
            return False
        if self._experiment is not training.experiment:
            if _of_a_step(self._experiment) != _of_a_step(training.experiment):
                return False
            self._experiment = training.experiment  # compared once for each edit
        return True


def _objects(training: "Training") -> tuple[object, ...]:
    return training.model, training.built_optimizers, training.parts


def _of_a_step(experiment: "Experiment") -> dict[str, Any]:
    """Return the settings that a step depends on; its learning rate is told each time."""
    found = experiment.model_dump(exclude=SETTINGS_LEFT_OUT)
    found["train"]["optimizer"].pop("learning_rate")
    return found


def _rates(training: "Training", count: int) -> list[float]:
    """Return the learning rates of the next steps."""
    if isinstance(training.experiment.train.schedule, Constant):
        return training.rates()[:1] * count
    cursor, size = training.batches.cursor, training.experiment.train.batch_size
    found = []
    for place in range(count):
        training.batches.cursor = cursor + place * size
        found.append(training.rates()[0])
    training.batches.cursor = cursor
    return found
