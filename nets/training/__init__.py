"""Training: ``fit`` yields what happens, ``Controls`` steers it."""

from collections.abc import Iterator

from nets.datasets import Split
from nets.experiment import Experiment
from nets.training.controls import Controls
from nets.training.edits import needs_new_run
from nets.training.events import Edited, EpochDone, Event, Finished, Idle, Started, StepDone, Timing
from nets.training.history import History
from nets.training.training import Training

__all__ = [
    "Controls",
    "Edited",
    "EpochDone",
    "Event",
    "Finished",
    "History",
    "Idle",
    "Started",
    "StepDone",
    "Timing",
    "Training",
    "fit",
    "needs_new_run",
]


def fit(experiment: Experiment, controls: Controls | None = None, split: Split | None = None) -> Iterator[Event]:
    """Train a network and yield what happens.

    Args:
        experiment: what to train, on what, how.
        controls: pause, step, stop, changes; without them the training runs to its end.
        split: data to use instead of loading the experiment's.

    Yields:
        ``Started``; ``EpochDone`` of the untrained network; ``StepDone`` after every optimizer update; ``EpochDone``
        after every epoch; ``Edited`` and ``Idle`` as the controls demand; ``Finished`` at the end.

    Raises:
        InvalidExperiment: if the experiment can't be run here.
    """
    yield from Training(experiment, split).events(controls if controls is not None else Controls())
