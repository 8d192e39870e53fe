"""How the one who iterates ``fit`` steers it between two events."""

from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nets.training.training import Training

Change = Callable[["Training"], str]


class Controls:
    """Run, pause, single steps, stop, and changes that are made between two steps.

    Args:
        paused: start paused, with the untrained network ready to look at.
    """

    def __init__(self, *, paused: bool = False) -> None:
        self._running = not paused
        self._steps = 0
        self._epochs = 0
        self._stopping = False
        self._changes: deque[Change] = deque()
        self._part = ""

    @property
    def waiting(self) -> bool:
        """Is there nothing to do but wait?"""
        return not (self._running or self._steps or self._epochs or self._stopping or self._changes)

    @property
    def running(self) -> bool:
        """Does training go on by itself?"""
        return self._running

    @property
    def free(self) -> bool:
        """May steps be taken one after the other until the epoch's end?"""
        return self._running or self._epochs > 0

    @property
    def stopping(self) -> bool:
        """Has a stop been asked for?"""
        return self._stopping

    def resume(self) -> None:
        """Go on until the end."""
        self._running, self._steps, self._epochs, self._stopping = True, 0, 0, False

    def pause(self) -> None:
        """Wait before the next step."""
        self._running, self._steps, self._epochs = False, 0, 0

    @property
    def part(self) -> str:
        """Who takes the next step alone ("discriminator", "generator"); nothing for all that are due."""
        return self._part

    def step(self, count: int = 1, part: str = "") -> None:
        """Take ``count`` steps, then wait; ``part`` takes them alone, where the rule knows such a part."""
        self._running, self._steps, self._part = False, self._steps + count, part

    def epoch(self, count: int = 1) -> None:
        """Go on to the end of the epoch, ``count`` times, then wait."""
        self._running, self._epochs = False, self._epochs + count

    def stop(self) -> None:
        """End the run before the next step."""
        self._stopping = True

    def change(self, change: Change) -> None:
        """Make ``change`` before the next step, paused or not."""
        self._changes.append(change)

    def take_changes(self) -> list[Change]:
        """Return the changes asked for and forget them; for the training loop."""
        taken = list(self._changes)
        self._changes.clear()
        return taken

    def may_step(self) -> bool:
        """May one step be taken now? Counts it; for the training loop."""
        if self._running or self._epochs:
            self._part = ""
            return True
        if self._steps:
            self._steps -= 1
            return True
        return False

    def epoch_ended(self) -> None:
        """Count an epoch's end; for the training loop."""
        self._epochs = max(0, self._epochs - 1)

    def ended(self) -> None:
        """Wait from now on: the run has come to its end; for the training loop."""
        self._running, self._steps, self._epochs, self._stopping = False, 0, 0, False
