"""Measure a screen in Chromium: what a person waits for, and what watching costs."""

import itertools
import time
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Page

RECORD_FRAMES = """
window.frames_seen = [];
window.addEventListener("playground:frame", ({ detail }) =>
  window.frames_seen.push({ panel: detail.panel, step: detail.step, at: performance.now() }));
"""
STATUS = """
const pill = () => [...document.querySelectorAll(".st-key-meters *")]
  .map((element) => element.shadowRoot?.querySelector(".pill b")).find(Boolean)?.textContent;
"""
CLICK_UNTIL_STATUS = f"""
([key, status]) => new Promise((resolve) => {{
  {STATUS}
  const began = performance.now();
  const look = () => (pill() === status ? resolve(performance.now() - began) : requestAnimationFrame(look));
  document.querySelector(`.st-key-${{key}} button`).click();
  look();
}})
"""
STATUS_IS = f"(status) => {{ {STATUS} return pill() === status; }}"
CLICK_UNTIL_STEP = """
([key, panel]) => new Promise((resolve) => {
  const began = performance.now(), seen = window.frames_seen.length;
  const last = Math.max(0, ...window.frames_seen.filter((f) => f.panel === panel).map((f) => f.step));
  const look = () => {
    const hit = window.frames_seen.slice(seen).find((f) => f.panel === panel && f.step > last);
    hit ? resolve(hit.at - began) : setTimeout(look, 2);
  };
  document.querySelector(`.st-key-${key} button`).click();
  look();
})
"""


@dataclass(frozen=True)
class Watched:
    """What one look at a running training gave: frames a second drawn with a new step, and steps a second."""

    frames_per_second: float
    steps_per_second: float


def open_screen(page: Page, address: str) -> tuple[float, float]:
    """Open ``address``; return seconds until its Train button can be pressed, and until its network is there."""
    page.add_init_script(RECORD_FRAMES)
    began = time.perf_counter()
    page.goto(address)
    page.locator(".st-key-train button, .st-key-pause button").first.wait_for()
    usable = time.perf_counter() - began
    page.wait_for_function(STATUS_IS, arg="ready", timeout=120_000)
    return usable, time.perf_counter() - began


def wait_for_panel(page: Page, panel: str) -> None:
    """Wait until ``panel`` has been drawn with a network behind it."""
    page.wait_for_function("(panel) => window.frames_seen.some((f) => f.panel === panel)", arg=panel, timeout=60_000)


def milliseconds_until_step(page: Page, key: str, panel: str) -> float:
    """Press the button with ``key``; return milliseconds until ``panel`` shows a later step."""
    page.locator(f".st-key-{key} button:enabled").wait_for()
    return float(page.evaluate(CLICK_UNTIL_STEP, [key, panel]))


def milliseconds_until_status(page: Page, key: str, status: str) -> float:
    """Press the button with ``key``; return milliseconds until the page says ``status``."""
    page.locator(f".st-key-{key} button:enabled").wait_for()
    return float(page.evaluate(CLICK_UNTIL_STATUS, [key, status]))


def watch(page: Page, panel: str, seconds: float) -> Watched:
    """Look on for some seconds while the network trains."""
    page.evaluate("window.frames_seen.length = 0")
    page.wait_for_timeout(seconds * 1000)
    frames: list[dict[str, Any]] = page.evaluate(
        "(panel) => window.frames_seen.filter((f) => f.panel === panel)", panel
    )
    fresh = [frame for before, frame in itertools.pairwise(frames) if frame["step"] > before["step"]]
    if len(fresh) < 2:
        return Watched(0.0, 0.0)
    span = (fresh[-1]["at"] - fresh[0]["at"]) / 1000
    return Watched((len(fresh) - 1) / span, (fresh[-1]["step"] - fresh[0]["step"]) / span)
