"""When a training is over: its target, early stopping, or the last epoch."""

from typing import TYPE_CHECKING

from nets.training.events import Status
from nets.wording import plural

if TYPE_CHECKING:
    from nets.training.training import Training


def ending_of(training: "Training") -> tuple[Status, str] | None:
    """Return status and reason if the epoch just done was the last; early stopping puts the best weights back."""
    settings = training.experiment.train
    if settings.target and not training.target_met and settings.target.reached(training.metrics):
        training.target_met = True
        value = training.metrics[settings.target.metric]
        return "completed", f"Reached its target: {settings.target.metric} is {value:.4g}."
    if settings.early_stopping and training.best.exhausted(settings.early_stopping, training.watched_loss(), training):
        training.metrics = training.measure()
        return "completed", (
            f"Stopped early: the validation loss has not improved for "
            f"{plural(settings.early_stopping.patience, 'epoch')}; "
            f"the weights of epoch {training.best.epoch:,} are back."
        )
    if training.epoch >= training.max_epochs:
        return "completed", f"Completed {plural(training.epoch, 'epoch')}."
    return None
