"""What is said of the health of each recipe while it trains: ``python -m tests.bench.health [NAME …] [--seconds S]``.

A healthy recipe is one of which nothing is said. Every epoch is looked at, or each that comes half a second after the
last one that was: at least as often as a page does. A recipe that takes longer than ``--seconds`` is seen that far.
"""

import argparse
import time
from collections.abc import Iterator

from nets.experiment import Experiment
from nets.health import Patience, Vitals, findings_of
from nets.health.vitals import Insides
from nets.problems import InvalidExperiment
from nets.recipes import recipes
from nets.runs.trunks import trunk_of
from nets.training import Controls, EpochDone, Finished, Training
from nets.views.health import HealthView

LOOK_EVERY = 0.5


def main() -> None:
    """Train, look, and print a table of recipes and what was said of them in which epochs."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.health")
    parser.add_argument("names", nargs="*", metavar="NAME", default=recipes().names(), help="all of them if none")
    parser.add_argument("--seconds", type=float, default=20.0, help="to train each at most")
    options = parser.parse_args()
    print(f"{'recipe':26} {'epochs':>11} {'look':>8} {'every':>7}  findings")
    for name in options.names:
        experiment = recipes().get(name).experiment
        if experiment.train.objective.kind != "supervised":
            continue
        try:
            print(f"{name:26} {row_of(experiment, options.seconds)}", flush=True)
        except InvalidExperiment as error:
            print(f"{name:26} {error}")


def row_of(experiment: Experiment, seconds: float) -> str:
    """Return what is said of an experiment, with how long a look takes and how often a page gets one."""
    said: dict[str, list[int]] = {}
    patience = Patience()
    told: tuple[str, ...] = ()
    changes = 0
    words: dict[str, str] = {}
    costs = []
    epoch = 0
    for vitals, cost in watched(experiment, seconds):
        epoch = int(vitals.rows[-1]["epoch"])
        costs.append(cost)
        for finding in findings_of(vitals):
            said.setdefault(finding.kind, []).append(epoch)
            words[finding.kind] = finding.sees
        before, told = told, tuple(finding.kind for finding in patience.findings("", vitals))
        changes += len(set(before) ^ set(told))
    look = sorted(costs)[len(costs) // 2]
    pace = max(HealthView().every_seconds, look / HealthView.share_of_time)
    found = "; ".join(f"{kind} ({at[0]}–{at[-1]}, {len(at)}×: {words[kind]})" for kind, at in said.items())
    calmly = f"; told with {changes} changes" if changes else ""
    return f"{epoch:5}/{experiment.train.max_epochs:<5} {look * 1e3:5.1f} ms {pace:5.1f} s  {found or '–'}{calmly}"


def watched(experiment: Experiment, seconds: float, pause: float = LOOK_EVERY) -> Iterator[tuple[Vitals, float]]:
    """Train an experiment and yield its vitals as a page would have them, with what the look has cost in seconds.

    It is looked at after an epoch, ``pause`` seconds after the last look at least.
    """
    training = Training(experiment, trunk=trunk_of(experiment))
    rows: list[dict[str, float]] = []
    insides: Insides | None = None
    began, looked = time.perf_counter(), float("-inf")
    for event in training.events(Controls()):
        if isinstance(event, EpochDone):
            rows.append({"epoch": event.epoch, "step": event.step, **event.metrics})
        now = time.perf_counter()
        is_end = isinstance(event, Finished)
        if not is_end and not (isinstance(event, EpochDone) and now - looked > pause):
            continue
        insides = HealthView().look(training)
        looked = time.perf_counter()
        status = event.status if isinstance(event, Finished) else "training"
        yield Vitals(experiment, tuple(rows), training.step, status, insides), looked - now
        if is_end or looked - began > seconds:
            return


if __name__ == "__main__":
    main()
