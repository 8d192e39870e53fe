"""Which runs nobody needs any more: untrained networks soon, ended runs later, the oldest where many wait."""

from collections.abc import Iterable

from nets.runs.protocol import ENDED
from nets.runs.run import Run

UNWATCHED_READY_SECONDS = 20.0
UNWATCHED_ENDED_SECONDS = 300.0
UNWATCHED_CROWDED_SECONDS = 5.0
MOST_WORKERS = 32
MOST_RUNS = 500


def nobody_looks_at(runs: Iterable[Run], now: float) -> tuple[list[Run], list[Run]]:
    """Return the runs to forget altogether, and those whose workers may go; their viewers are looked after."""
    forgotten, let_go = [], []
    runs = sorted(runs, key=lambda run: run.last_looked_at, reverse=True)
    alive = 0
    for run in runs:
        run.forget_viewers(now)
        if not run.alive or run.status in ("training", "queued"):
            continue
        alive += 1
        unwatched = now - run.last_looked_at
        if run.status == "ready" and run.frame is not None and unwatched > UNWATCHED_READY_SECONDS:
            forgotten.append(run)
        elif (run.status in ENDED and unwatched > UNWATCHED_ENDED_SECONDS) or (
            alive > MOST_WORKERS and unwatched > UNWATCHED_CROWDED_SECONDS
        ):
            let_go.append(run)
    if len(runs) > MOST_RUNS:
        forgotten += [run for run in reversed(runs) if not run.alive][:100]
    return forgotten, let_go
