"""What looks at the loss from epoch to epoch: plateaus, and the best weights so far."""

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING

from nets.schedules import Plateau, ScheduleConfig

if TYPE_CHECKING:
    from torch import Tensor

    from nets.experiment import EarlyStopping
    from nets.training.training import Training

PLATEAU_THRESHOLD = 1e-4
"""Relative improvement that counts, as in torch.optim.lr_scheduler.ReduceLROnPlateau."""


class PlateauWatcher:
    """Counts how often the loss has stopped improving for the schedule's patience."""

    def __init__(self) -> None:
        self.drops = 0
        self._best = math.inf
        self._waited = 0

    def watch(self, schedule: ScheduleConfig, loss: float) -> None:
        """Take an epoch's loss in."""
        if not isinstance(schedule, Plateau):
            return
        if loss < self._best * (1 - PLATEAU_THRESHOLD):
            self._best, self._waited = loss, 0
            return
        self._waited += 1
        if self._waited > schedule.patience:
            self.drops += 1
            self._waited = 0


class BestWeights:
    """The weights with the lowest validation loss so far."""

    def __init__(self) -> None:
        self.loss = math.inf
        self.epoch = 0
        self.weights: Mapping[str, Tensor] | None = None

    def exhausted(self, settings: "EarlyStopping", loss: float, training: "Training") -> bool:
        """Take an epoch's loss in. If patience is over, put the best weights back and return True."""
        if self.weights is None or loss < self.loss - settings.min_delta:
            self.loss, self.epoch, self.weights = loss, training.epoch, training.weights()
            return False
        if training.epoch - self.epoch < settings.patience:
            return False
        training.restore(self.weights)
        return True
