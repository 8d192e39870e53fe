"""Run the benchmark: ``make bench``, or ``python -m tests.bench [--seconds S] [--rounds N]``."""

import argparse
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import orjson
import torch
from playwright.sync_api import sync_playwright

from tests import chromium
from tests.bench import gan, sequences, tutorial, watching
from tests.server import AppServer, free_port

ROOT = Path(__file__).resolve().parents[2]
FLAGS = ["--disable-gpu", "--disable-background-networking", "--disable-component-update"]
SCREENS = {"circle": ("/", "plane"), "mlp-digits": ("/images", "pictures"), "cnn-digits": ("/images", "pictures")}
LONG = {
    "circle": "train.max_epochs=1000000",
    "mlp-digits": "train.max_epochs=1000000",
    "cnn-digits": "model.kind=cnn&train.optimizer.kind=adam&train.max_epochs=1000000",
}
Row = dict[str, float | str]


def main() -> None:
    """Measure, print, and write test-artifacts/bench.json."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench")
    parser.add_argument("--seconds", type=float, default=5.0, help="of each look")
    parser.add_argument("--rounds", type=int, default=3, help="page and headless in turn, medians of them")
    parser.add_argument("--recipes", nargs="*", default=list(SCREENS), choices=list(SCREENS))
    options = parser.parse_args()
    rows: list[Row] = []
    for threads in sorted({1, os.cpu_count() or 1}):  # ours takes one unless told so, a tutorial's torch takes all
        for compared in tutorial.compare(options.rounds, 2, threads=threads):
            network = compared.pop("network")
            rows += [{"measure": f"{network}: {name}", "value": value, "unit": ""} for name, value in compared.items()]
    rows += gan.rows(options.rounds, epochs=40)
    rows += sequences.rows(options.rounds, epochs=5)
    with tempfile.TemporaryDirectory() as home:
        server = AppServer(root=ROOT, home=Path(home), port=free_port(), log=Path(home) / "server.log")
        began = time.perf_counter()
        server.start()
        rows.append({"measure": "server healthy", "value": time.perf_counter() - began, "unit": "s"})
        try:
            for recipe in options.recipes:
                rows += _measure(server.url, recipe, options.seconds, options.rounds)
        finally:
            server.stop()
    _report(rows)


def _measure(url: str, recipe: str, seconds: float, rounds: int) -> list[Row]:
    path, panel = SCREENS[recipe]
    rows: list[Row] = []

    def note(measure: str, value: float, unit: str) -> None:
        rows.append({"measure": f"{recipe}: {measure}", "value": value, "unit": unit})

    path_of_chromium = chromium.find()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path_of_chromium, args=FLAGS)
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        usable, drawn = watching.open_screen(page, f"{url}{path}?{LONG[recipe]}")
        note("page usable", usable, "s")
        note("network drawn", drawn, "s")
        page.wait_for_timeout(8000)  # the fork server warms up in the meantime, as it does for a person
        note("Train to first new frame", watching.milliseconds_until_step(page, "train", panel), "ms")
        looks, alone = [], []
        for _ in range(rounds):
            looks.append(watching.watch(page, panel, seconds))
            watching.milliseconds_until_status(page, "pause", "paused")
            alone.append(_headless(recipe, seconds))
            watching.milliseconds_until_step(page, "train", panel)
        began = time.perf_counter()
        page.reload()
        watching.wait_for_panel(page, panel)
        note("reload to live again", time.perf_counter() - began, "s")
        page.wait_for_timeout(1000)
        note("Stop to stopped", watching.milliseconds_until_status(page, "stop", "stopped"), "ms")
        browser.close()
    note("frames", statistics.median(look.frames_per_second for look in looks), "a second")
    note("steps, page attached", statistics.median(look.steps_per_second for look in looks), "a second")
    note("steps, headless", statistics.median(alone), "a second")
    ratios = [look.steps_per_second / other for look, other in zip(looks, alone, strict=True)]
    note("attached over headless", statistics.median(ratios), "ratio")
    return rows


def _headless(recipe: str, seconds: float) -> float:
    command = [sys.executable, "-m", "tests.bench.headless", recipe, str(seconds)]
    return float(subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout)


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
