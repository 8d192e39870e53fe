"""Which runs train and which wait: runs of one thread share cores well, those of several have theirs alone."""

from collections import deque

from nets.experiment import Experiment
from nets.runs.run import Run
from nets.training.threads import choose_threads


class Slots:
    """The runs at work and the queue behind them; for one thread at a time.

    Args:
        cores: threads that may work together where a run has several; a run that wants more trains alone.
        runs_per_core: how many runs of one thread may share a core that no run of several threads has.
    """

    def __init__(self, cores: int, runs_per_core: int = 1) -> None:
        self.cores = cores
        self._per_core = runs_per_core
        self._queue: deque[Run] = deque()
        self._active: list[Run] = []

    def take(self, run: Run) -> bool:
        """Give the run its cores, or else a place in the queue; return whether it may train now."""
        if not self._has_room(run):
            self._queue.append(run)
            return False
        if run not in self._active:
            self._active.append(run)
        return True

    def leave_queue(self, run: Run) -> bool:
        """Take a run out of the queue; return whether it was there."""
        if run not in self._queue:
            return False
        self._queue.remove(run)
        return True

    def place(self, run: Run) -> int:
        """Return 1 for the run that is next, 0 for one that does not wait."""
        return self._queue.index(run) + 1 if run in self._queue else 0

    def advance(self) -> list[Run]:
        """Return the runs whose turn has come."""
        self._active = [run for run in self._active if run.status == "training" and run.alive]
        self._queue = deque(run for run in self._queue if run.alive)
        turns = []
        while self._queue and self._has_room(self._queue[0]):
            run = self._queue.popleft()
            self._active.append(run)
            turns.append(run)
        return turns

    def threads_for(self, experiment: Experiment, run: Run | None = None) -> int:
        """Return on how many threads an experiment is best trained beside the runs at work, ``run`` left out."""
        return choose_threads(experiment, self.cores, sum(self._others(run)))

    def _has_room(self, run: Run) -> bool:
        others = self._others(run)
        wanted = run.threads
        if not others or sum(others) + wanted <= self.cores:
            return True
        wide = sum(threads for threads in others if threads > 1)
        return wanted == 1 and others.count(1) < (self.cores - wide) * self._per_core

    def _others(self, run: Run | None) -> list[int]:
        """Return the threads of the runs at work but ``run``."""
        return [other.threads for other in self._active if other is not run and other.alive]
