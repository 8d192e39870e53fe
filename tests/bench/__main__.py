"""Run the benchmark: ``make bench``, or ``python -m tests.bench [--seconds S] [--only PART] [--short]``."""

import argparse
import os
import platform
from collections.abc import Callable
from pathlib import Path

import orjson
import torch

from tests.bench import gan, imports, many, pages, sequences, tiny, tutorial

ROOT = Path(__file__).resolve().parents[2]
Row = dict[str, float | str]


def tutorials(options: argparse.Namespace) -> list[Row]:
    """Return dense and convolutional networks beside the tutorials' loop, with one thread and with all."""
    rows: list[Row] = []
    for threads in sorted({1, os.cpu_count() or 1}):  # ours takes one unless told so, a tutorial's torch takes all
        epochs, count = (1, tutorial.SHORT_COUNT) if options.short else (tutorial.EPOCHS, tutorial.COUNT)
        for compared in tutorial.compare(options.rounds, epochs, threads=threads, count=count):
            network = compared.pop("network")
            rows += [{"measure": f"{network}: {name}", "value": value, "unit": ""} for name, value in compared.items()]
    return rows


def screens(options: argparse.Namespace) -> list[Row]:
    """Return what screens cost; in short the first one alone, and a look at it."""
    if options.short:
        return pages.rows(options.recipes[:1], options.seconds, options.rounds, 2 * pages.FEW_FRAMES)
    return pages.rows(options.recipes, options.seconds, options.rounds)


PARTS: dict[str, Callable[[argparse.Namespace], list[Row]]] = {
    "tiny": lambda options: tiny.compare(options.rounds, options.seconds),
    "tutorials": tutorials,
    "gan": lambda options: gan.rows(options.rounds, epochs=2 if options.short else 40),
    "sequences": lambda options: sequences.rows(options.rounds, epochs=1 if options.short else 2),
    "many": lambda options: many.rows(options.rounds, options.seconds),
    "imports": lambda options: imports.rows(),
    "pages": screens,
}


def main() -> None:
    """Measure, print, and write test-artifacts/bench.json."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench")
    parser.add_argument("--seconds", type=float, help="of each look (default: 5, short 0.5)")
    parser.add_argument("--rounds", type=int, help="of which medians are taken (default: 3, short 1)")
    parser.add_argument("--only", nargs="*", default=list(PARTS), choices=list(PARTS), metavar="PART")
    parser.add_argument("--recipes", nargs="*", default=list(pages.SCREENS), choices=list(pages.SCREENS))
    parser.add_argument("--short", action="store_true", help="does everything run? figures mean nothing then")
    options = parser.parse_args()
    options.seconds = options.seconds or (0.5 if options.short else 5.0)
    options.rounds = options.rounds or (1 if options.short else 3)
    rows: list[Row] = []
    for part in options.only:
        rows += PARTS[part](options)
        _report(rows)


def _report(rows: list[Row]) -> None:
    machine = {
        "cores": os.cpu_count(),
        "processor": platform.processor() or platform.machine(),
        "torch": torch.__version__,
    }
    print(f"{machine['cores']} cores, {machine['processor']}, torch {machine['torch']}")
    for row in rows:
        print(f"{row['measure']:52} {row['value']:10.2f} {row['unit']}")
    folder = ROOT / "test-artifacts"
    folder.mkdir(exist_ok=True)
    (folder / "bench.json").write_bytes(orjson.dumps({"machine": machine, "rows": rows}, option=orjson.OPT_INDENT_2))


if __name__ == "__main__":
    main()
