"""A trial of CUDA graphs in a process of its own: a capture that fails leaves torch unusable where it was tried.

``python -m nets.tiers.trial`` reads an experiment, as JSON, and prints as its last line that its steps can be captured,
or why not.
"""

import contextlib
import subprocess
import sys
import time
import weakref
from pathlib import Path
from typing import TYPE_CHECKING

from nets.tiers.tape import Untakeable

if TYPE_CHECKING:
    from nets.experiment import Experiment

MAX_SECONDS = 120
"""After which a trial is given up: it imports torch, loads the data and starts up the GPU once more."""
ROOT = Path(__file__).resolve().parents[2]
YES = "can be captured"


class Trial:
    """A trial that is under way.

    Args:
        experiment: whose steps are tried, from its own random weights.

    Raises:
        Untakeable: if no process can be started.
    """

    def __init__(self, experiment: "Experiment") -> None:
        nothing = subprocess.DEVNULL
        try:
            self._process = subprocess.Popen(
                COMMAND, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=nothing, text=True
            )
            assert self._process.stdin is not None
            self._process.stdin.write(experiment.model_dump_json())
            self._process.stdin.close()
        except OSError as error:
            raise Untakeable(f"a trial can't be started: {error}") from None
        self._began = time.monotonic()
        self._stop = weakref.finalize(self, _stop, self._process)

    def is_over(self, *, wait: bool = False) -> bool:
        """Has it ended, and well?

        Raises:
            Untakeable: with what it said, if it ended otherwise or takes too long.
        """
        if wait:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(MAX_SECONDS)
        if self._process.poll() is None:
            if time.monotonic() - self._began < MAX_SECONDS:
                return False
            self.drop()
            raise Untakeable("the trial took too long")
        assert self._process.stdout is not None
        said = self._process.stdout.read().splitlines()
        self.drop()
        if self._process.returncode or not said:
            raise Untakeable("the trial failed")
        if said[-1] != YES:
            raise Untakeable(said[-1])
        return True

    def drop(self) -> None:
        """End it, if it is at work; that also happens when nobody holds this any more."""
        self._stop()


def _stop(process: "subprocess.Popen[str]") -> None:
    process.kill()
    process.wait()
    if process.stdout is not None:
        process.stdout.close()


COMMAND = (sys.executable, "-m", "nets.tiers.trial")


def attempt(experiment: "Experiment") -> str:
    """Return that the steps of a fresh training can be captured, do what torch does and are faster; or why not."""
    from nets.tiers.graphs import WARM_STEPS, Graphs
    from nets.training.stepping import single_step
    from nets.training.training import Training

    training = Training(experiment)
    if training.device.type != "cuda":
        return "there is no GPU here"
    for _ in range(WARM_STEPS):  # the optimizer must have something to remember
        single_step(training)
        if training.batches.exhausted():
            training.batches.start_epoch(0, experiment.train.batch_size)
    try:
        graphs = Graphs(training)
        graphs.check_numbers(training)
        graphs.check_speed(training)
    except Untakeable as reason:
        return str(reason)
    except RuntimeError as error:
        return str(error).splitlines()[0]
    return YES


def main() -> None:
    """Try the experiment on standard input."""
    from nets.experiment import parse_json

    print(attempt(parse_json(sys.stdin.read())))


if __name__ == "__main__":
    main()
