"""Run the benchmark: ``make bench``, or ``python -m tests.bench [--seconds S] [--only PART] [--short]``."""

import argparse
import os
import platform
from collections.abc import Callable
from pathlib import Path

import orjson
import torch

from tests.bench import gan, graphs, imports, many, pages, sequences, tiny, tutorial

ARTIFACTS = Path(__file__).resolve().parents[2] / "test-artifacts"
Row = dict[str, float | str]


def tutorials(options: argparse.Namespace) -> list[Row]:
    """Return dense and convolutional networks beside the tutorials' loop, with one thread and with all."""
    rows: list[Row] = []
    epochs, count = (1, tutorial.SHORT_COUNT) if options.short else (tutorial.EPOCHS, tutorial.COUNT)
    cores = 1 if options.short else os.cpu_count() or 1
    for threads in sorted({1, cores}):  # ours takes one unless told so, a tutorial's torch takes all
        for compared in tutorial.compare(options.rounds, epochs, threads=threads, count=count):
            network = compared.pop("network")
            rows += [{"measure": f"{network}: {name}", "value": value, "unit": ""} for name, value in compared.items()]
    return rows


def small(options: argparse.Namespace) -> list[Row]:
    """Return networks that the time between operations decides; in short the first alone."""
    networks = list(tiny.NETWORKS)[: 1 if options.short else None]
    return tiny.compare(options.rounds, options.seconds, networks)


def recurrent(options: argparse.Namespace) -> list[Row]:
    """Return networks over sequences; in short one kind alone."""
    if options.short:
        return sequences.rows(options.rounds, epochs=1, only="reviews, small")
    return sequences.rows(options.rounds, epochs=2)


def together(options: argparse.Namespace) -> list[Row]:
    """Return runs at the same time; in short two at most, and not until they are well under way."""
    if options.short:
        return many.rows(options.rounds, options.seconds, counts=(1, 2), after=0)
    return many.rows(options.rounds, options.seconds)


def screens(options: argparse.Namespace) -> list[Row]:
    """Return what screens cost; in short the first one alone, and a look at it."""
    if options.short:
        return pages.rows(options.recipes[:1], options.seconds, options.rounds, 2 * pages.FEW_FRAMES)
    return pages.rows(options.recipes, options.seconds, options.rounds)


PARTS: dict[str, Callable[[argparse.Namespace], list[Row]]] = {
    "tiny": small,
    "tutorials": tutorials,
    "graphs": lambda options: graphs.rows(options.rounds, options.seconds),
    "gan": lambda options: gan.rows(options.rounds, epochs=2 if options.short else 40),
    "sequences": recurrent,
    "many": together,
    "imports": lambda options: imports.rows(),
    "pages": screens,
}


def main() -> None:
    """Measure, print, and write test-artifacts/bench.json, or bench-short.json."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench")
    parser.add_argument("--seconds", type=float, help="of each look (default: 5, short 0.5)")
    parser.add_argument("--rounds", type=int, help="of which medians are taken (default: 3, short 1)")
    parser.add_argument("--only", nargs="*", default=list(PARTS), choices=list(PARTS), metavar="PART")
    parser.add_argument("--recipes", nargs="*", default=list(pages.SCREENS), choices=list(pages.SCREENS))
    parser.add_argument("--short", action="store_true", help="does everything run? figures mean nothing then")
    options = parser.parse_args()
    options.seconds = options.seconds or (0.5 if options.short else 5.0)
    options.rounds = options.rounds or (1 if options.short else 3)
    cores, processor = os.cpu_count(), platform.processor() or platform.machine()
    print(f"{cores} cores, {processor}, torch {torch.__version__}", flush=True)
    target = ARTIFACTS / ("bench-short.json" if options.short else "bench.json")
    target.parent.mkdir(exist_ok=True)
    rows: list[Row] = []
    for part in options.only:
        found = PARTS[part](options)
        for row in found:
            print(f"{row['measure']:52} {_figure(row['value'])} {row['unit']}", flush=True)
        rows += found
        machine = {"cores": cores, "processor": processor, "torch": torch.__version__}
        target.write_bytes(orjson.dumps({"machine": machine, "rows": rows}, option=orjson.OPT_INDENT_2))


def _figure(value: float | str) -> str:
    return value if isinstance(value, str) else f"{value:10.2f}"


if __name__ == "__main__":
    main()
