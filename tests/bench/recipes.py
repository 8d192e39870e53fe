"""How long each recipe takes on one core of this machine: ``python -m tests.bench.recipes [NAME …] [--write]``.

It is the processor's time, so that neighbours do not count. An epoch or two of a long recipe stand for all of them.
With ``--write`` the figures go into the recipes' files, where the gallery finds them; it scales them by what runs have
taken on the machine that it is shown on.
"""

import argparse
import json
import time
from pathlib import Path

import nets.recipes
from nets.experiment import Experiment
from nets.problems import InvalidExperiment
from nets.recipes import recipes
from nets.runs.trunks import trunk_of
from nets.training import Controls, EpochDone, Finished, Training

FOLDER = Path(nets.recipes.__file__).parent
PATIENCE = 6.0
"""Seconds after which what has been seen stands for the rest."""


def main() -> None:
    """Measure, print, and write if asked to."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.recipes")
    parser.add_argument("names", nargs="*", metavar="NAME", default=recipes().names(), help="all of them if none")
    parser.add_argument("--write", action="store_true", help="into the recipes' files")
    options = parser.parse_args()
    for name in options.names:
        try:
            seconds = seconds_of(recipes().get(name).experiment)
        except InvalidExperiment as error:
            print(f"{name}: {error}")
            continue
        print(f"{name}: {seconds:.1f} s", flush=True)
        if options.write:
            write(name, seconds)


def seconds_of(experiment: Experiment) -> float:
    """Return how long an experiment trains, the first epoch apart: it has what happens once in it."""
    training = Training(experiment, trunk=trunk_of(experiment))
    began = first = time.process_time()
    for event in training.events(Controls()):
        now = time.process_time()
        if isinstance(event, Finished):
            break
        if isinstance(event, EpochDone) and event.epoch == 1:
            first = now
        if isinstance(event, EpochDone) and event.epoch > 1 and now - began > PATIENCE:
            left = experiment.train.max_epochs - event.epoch
            return now - began + left * (now - first) / (event.epoch - 1)
    return time.process_time() - began


def write(name: str, seconds: float) -> None:
    """Put a figure of two digits into a recipe's file."""
    file = FOLDER / f"{name}.json"
    settings = json.loads(file.read_text(encoding="utf-8"))
    before = {key: value for key, value in settings.items() if key not in ("experiment", "seconds")}
    whole = {**before, "seconds": float(f"{seconds:.2g}"), "experiment": settings["experiment"]}
    file.write_text(json.dumps(whole, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
