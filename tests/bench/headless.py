"""Train a recipe without any page for some seconds and print optimizer updates a wall-clock second."""

import sys
import time

from nets.experiment import dump, parse, with_value
from nets.recipes import recipes
from nets.runs.process import keep_memory
from nets.training import StepDone, fit

WARM_UP_SECONDS = 1.0


def steps_per_second(recipe: str, seconds: float) -> float:
    """Return updates a second of everything the loop does, evaluation included, after a second of warming up."""
    keep_memory()
    settings = with_value(dump(recipes().get(recipe).experiment), "train.max_epochs", 1_000_000)
    settings = with_value(settings, "train.compile", False)  # see LONG in pages.py
    began = counted_from = steps = 0.0
    for event in fit(parse(settings)):
        if not isinstance(event, StepDone):
            continue
        now = time.perf_counter()
        began = began or now
        if now - began < WARM_UP_SECONDS:
            continue
        counted_from = counted_from or now
        steps += 1
        if now - counted_from > seconds:
            return steps / (now - counted_from)
    return steps / (time.perf_counter() - counted_from)


if __name__ == "__main__":
    print(steps_per_second(sys.argv[1], float(sys.argv[2])))
