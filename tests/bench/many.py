"""Many runs at once: the steps that 1, 2, 4 and 8 of them take together, and how they share.

``python -m tests.bench.many [--seconds S] [--rounds N] [--recipe NAME]`` starts them as the server does, each in a
worker of its own with one thread, nobody looking.
"""

import argparse
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nets.runs.run import Run

RUNS = (1, 2, 4, 8)
MANY_STEPS = 2_000_000
"""After which machine code measures so rarely that steps take the same time from then on."""


def steps_a_second(recipe: str, count: int, seconds: float, after: int) -> list[float]:
    """Return the steps a second of each of ``count`` runs of a recipe at once, ``after`` so many steps of each."""
    from nets.experiment import dump, parse, with_value
    from nets.recipes import recipes
    from nets.runs.manager import RunManager
    from nets.runs.slots import Slots
    from pages.parts.service import RUNS_PER_CORE

    settings = dump(recipes().get(recipe).experiment)
    for path, value in {"train.max_epochs": 1_000_000, "train.target": None, "train.early_stopping": None}.items():
        settings = with_value(settings, path, value)
    manager = RunManager(slots=Slots(os.cpu_count() or 1, RUNS_PER_CORE))
    try:
        runs = [manager.create(parse(settings)) for _ in range(count)]
        for run in runs:
            manager.do(run, "play")
        _wait(lambda: all(run.frame is not None and run.frame.step > 300 for run in runs))
        time.sleep(3.0)
        if any(run.frame is not None and run.frame.tier == "compiled" for run in runs):
            _wait(lambda: all(run.frame is not None and run.frame.step > after for run in runs))
        before = fresh(runs)
        time.sleep(seconds)
        pairs = zip(before, fresh(runs), strict=True)
        return [(step - step_before) / (at - began) for (began, step_before), (at, step) in pairs]
    finally:
        manager.close()


def fresh(runs: "Sequence[Run]") -> list[tuple[float, int]]:
    """Return for each run when its next news came, in seconds, and its step then: they come but now and then."""
    old = [run.version for run in runs]
    found: dict[int, tuple[float, int]] = {}

    def all_have_come() -> bool:
        for place, run in enumerate(runs):
            if place not in found and run.version != old[place] and run.frame is not None:
                found[place] = time.perf_counter(), run.frame.step
        return len(found) == len(runs)

    _wait(all_have_come, 0.002)
    return [found[place] for place in range(len(runs))]


def _wait(condition: Callable[[], bool], look_again: float = 0.05) -> None:
    deadline = time.monotonic() + 120
    while not condition():
        if time.monotonic() > deadline:
            raise SystemExit("the runs did not start")
        time.sleep(look_again)


def rows(
    rounds: int, seconds: float, recipe: str = "circle", counts: Sequence[int] = RUNS, after: int = MANY_STEPS
) -> list[dict[str, float | str]]:
    """Return rows: the steps a second of all together, over those of two, and the slowest over the fastest."""
    found = [{count: steps_a_second(recipe, count, seconds, after) for count in counts} for _ in range(rounds)]
    table: list[dict[str, float | str]] = []
    for count in counts:
        total = statistics.median(sum(turn[count]) for turn in found)
        over_two = statistics.median(sum(turn[count]) / sum(turn[2]) for turn in found)
        fair = statistics.median(min(turn[count]) / max(turn[count]) for turn in found)
        for what, value, unit in (
            ("together", total, "steps/s"),
            ("over two at once", over_two, "ratio"),
            ("slowest over fastest", fair, "ratio"),
        ):
            table.append({"measure": f"{recipe} × {count}: {what}", "value": value, "unit": unit})
    return table


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.many")
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=4.0, help="of each look")
    parser.add_argument("--recipe", default="circle")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        os.environ["PLAYGROUND_HOME"] = home
        for row in rows(options.rounds, options.seconds, options.recipe):
            print(f"{row['measure']:44} {row['value']:12.2f} {row['unit']}")


if __name__ == "__main__":
    main()
