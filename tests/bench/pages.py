"""Screens in Chromium: what a person waits for, what watching costs a training, and what a frame costs."""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from tests import chromium
from tests.bench import watching
from tests.server import AppServer, free_port

ROOT = Path(__file__).resolve().parents[2]
FLAGS = ["--disable-gpu", "--disable-background-networking", "--disable-component-update"]
SCREENS = {"circle": ("/", "plane"), "mlp-digits": ("/images", "pictures"), "cnn-digits": ("/images", "pictures")}
# Machine code would be through before the last look, and gets faster with a run's age: torch alone can be compared.
LONG = {
    "circle": "train.max_epochs=1000000&train.compile=false",
    "mlp-digits": "train.max_epochs=1000000&train.compile=false",
    "cnn-digits": "model.kind=cnn&train.optimizer.kind=adam&train.max_epochs=1000000",
}
BEHIND = "() => { window.requestAnimationFrame = () => 0; }"
"""What a browser does to a tab behind another: it draws no more. Without a screen, Chromium has all in front."""
FEW_FRAMES, MANY_FRAMES = 100, 2000
COUNT_PANELS = """
() => {
  window.panels_seen = {};
  for (const [name, panel] of globalThis.playgroundPanels ?? []) {
    const show = panel.show.bind(panel);
    panel.show = (payload) => {
      const began = performance.now();
      show(payload);
      const seen = (window.panels_seen[name] ??= { frames: 0, bytes: 0, milliseconds: 0 });
      seen.frames += 1;
      seen.bytes += payload.byteLength;
      seen.milliseconds += performance.now() - began;
    };
  }
}
"""
Row = dict[str, float | str]


def rows(recipes: list[str], seconds: float, rounds: int, frames: int = MANY_FRAMES) -> list[Row]:
    """Return what the screens of these recipes cost, with a server of their own; and its memory after many frames."""
    path = chromium.find()  # which asks Playwright itself
    with tempfile.TemporaryDirectory() as home, sync_playwright() as playwright:
        server = AppServer(root=ROOT, home=Path(home), port=free_port(), log=Path(home) / "server.log")
        began = time.perf_counter()
        server.start()
        found: list[Row] = [{"measure": "server healthy", "value": time.perf_counter() - began, "unit": "s"}]
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        try:
            for recipe in recipes:
                found += _of_screen(browser, server.url, recipe, seconds, rounds)
            found += _memory(server, browser, frames)
        finally:
            browser.close()
            server.stop()
    return found


def _of_screen(browser: Browser, url: str, recipe: str, seconds: float, rounds: int) -> list[Row]:
    path, panel = SCREENS[recipe]
    found: list[Row] = []

    def note(measure: str, value: float, unit: str) -> None:
        found.append({"measure": f"{recipe}: {measure}", "value": value, "unit": unit})

    page = browser.new_page(viewport={"width": 1440, "height": 900})
    usable, drawn = watching.open_screen(page, f"{url}{path}?{LONG[recipe]}")
    note("page usable", usable, "s")
    note("network drawn", drawn, "s")
    page.wait_for_timeout(8000)  # the fork server warms up in the meantime, as it does for a person
    note("Train to first new frame", watching.milliseconds_until_step(page, "train", panel), "ms")
    page.wait_for_timeout(3000)  # until machine code is there, where it comes
    others: list[Page] = []
    for name in ("1 tab", "4 windows", "4 tabs"):
        if name == "4 windows":
            others = [_another_tab(browser, page.url, panel) for _ in range(3)]
        if name == "4 tabs":
            for other in others:
                other.evaluate(BEHIND)
        looks, ratios = _in_turn(page, panel, recipe, seconds, rounds)
        note(f"frames, {name}", statistics.median(look.frames_per_second for look in looks), "a second")
        note(f"steps, {name}", statistics.median(look.steps_per_second for look in looks), "a second")
        note(f"attached over headless, {name}", statistics.median(ratios), "ratio")
    for other in others:
        other.close()
    for name, seen in _panels(page, seconds).items():
        note(f"panel {name}", seen["bytes"] / seen["frames"] / 1024, "KB a frame")
        note(f"panel {name}", seen["milliseconds"] / seen["frames"], "ms a frame")
    began = time.perf_counter()
    page.reload()
    watching.wait_for_panel(page, panel)
    note("reload to live again", time.perf_counter() - began, "s")
    page.wait_for_timeout(1000)
    note("Stop to stopped", watching.milliseconds_until_status(page, "stop", "stopped"), "ms")
    page.close()
    return found


def _in_turn(
    page: Page, panel: str, recipe: str, seconds: float, rounds: int
) -> tuple[list[watching.Watched], list[float]]:
    """Look on and train headless in turn; return the looks, and steps attached over headless of each turn."""
    looks, ratios = [], []
    for _ in range(rounds):
        looks.append(watching.watch(page, panel, seconds))
        watching.milliseconds_until_status(page, "pause", "paused")
        ratios.append(looks[-1].steps_per_second / _headless(recipe, seconds))
        watching.milliseconds_until_step(page, "train", panel)
    return looks, ratios


def _another_tab(browser: Browser, address: str, panel: str) -> Page:
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.add_init_script(watching.RECORD_FRAMES)
    page.goto(address)
    watching.wait_for_panel(page, panel)
    return page


def _panels(page: Page, seconds: float) -> dict[str, dict[str, float]]:
    """Return frames, bytes and milliseconds of drawing by panel."""
    page.evaluate(COUNT_PANELS)
    page.wait_for_timeout(seconds * 1000)
    found: dict[str, dict[str, float]] = page.evaluate("() => window.panels_seen")
    return found


def _headless(recipe: str, seconds: float) -> float:
    command = [sys.executable, "-m", "tests.bench.headless", recipe, str(seconds)]
    return float(subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout)


def _memory(server: AppServer, browser: Browser, many: int) -> list[Row]:
    """Return the memory of server and worker after many frames, and how much it has grown since the first hundred."""
    path, panel = SCREENS["circle"]
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    watching.open_screen(page, f"{server.url}{path}?{LONG['circle']}")
    watching.milliseconds_until_step(page, "train", panel)
    counts = "(count) => window.frames_seen.filter((frame) => frame.panel === 'plane').length >= count"
    found: list[Row] = []
    before: dict[str, float] = {}
    for frames in (FEW_FRAMES, many):
        page.wait_for_function(counts, arg=frames, timeout=600_000)
        for who, megabytes in _resident(server).items():
            found.append({"measure": f"{who} after {frames:,} frames", "value": megabytes, "unit": "MB"})
            if who in before:
                found.append({"measure": f"{who} grew by", "value": megabytes - before[who], "unit": "MB"})
            before[who] = megabytes
    page.close()
    return found


def _resident(server: AppServer) -> dict[str, float]:
    """Return the private memory of the server and of its busiest worker, in MB."""
    assert server.process is not None
    by_pid = {server.process.pid: "server"}
    workers: dict[int, Any] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            is_worker = b"nets.runs.forkserver" in (folder / "cmdline").read_bytes()
            if is_worker and os.getpgid(int(folder.name)) == os.getpgid(server.process.pid):
                fields = (folder / "stat").read_text().rpartition(")")[2].split()
                workers[int(folder.name)] = int(fields[11])
        except (OSError, ValueError):
            continue
    if workers:
        by_pid[max(workers, key=lambda pid: workers[pid])] = "worker"
    return {name: _private(pid) for pid, name in by_pid.items()}


def _private(pid: int) -> float:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith(("Private_Clean", "Private_Dirty"))) / 1024
