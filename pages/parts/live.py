"""Live panels: fragments that draw the newest frame of a run as fast as it changes."""

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from nets.views import View
from pages.parts.bench import Bench
from pages.parts.components.meters import meters as meters_component
from pages.parts.payloads import meters_payload
from pages.parts.service import viewer

FAST_SECONDS = 1 / 12
"""Between two pictures of a network that learns."""
STEADY_SECONDS = 1 / 6
"""Between two states of numbers and curves, which nobody reads faster."""
RESTING_SECONDS = 1.0
"""Between looks at a run that stands still: it may be started from another tab, and it stays while someone looks."""

Draw = Callable[..., Any]


def panel(
    bench: Bench, views: Mapping[str, View] | None = None, *, seconds: float = FAST_SECONDS
) -> Callable[[Draw], Draw]:
    """Return a decorator that makes a function a fragment which draws a part of the page again while its run is live.

    Args:
        bench: whose run to watch.
        views: what the worker is to send while this page is open.
        seconds: between two drawings of a live run.

    The whole page is drawn once more when the run begins or ends, for its buttons depend on that.
    """
    wanted = views or {}
    status = bench.run.status
    lively = _is_lively(bench, wanted)

    def decorate(draw: Draw) -> Draw:
        def fragment(*arguments: Any) -> None:
            bench.run.watch(f"{viewer()}/{draw.__name__}", wanted)
            draw(*arguments)
            if bench.run.status != status or _is_lively(bench, wanted) != lively:
                st.rerun()

        fragment.__qualname__ = f"{bench.screen}.{draw.__name__}"
        return st.fragment(fragment, run_every=seconds if lively else RESTING_SECONDS)

    return decorate


def _is_lively(bench: Bench, views: Mapping[str, View]) -> bool:
    """Is there something new to come soon: training, a place in the queue, or the first picture?"""
    run = bench.run
    if run.status in ("training", "queued"):
        return True
    return run.alive and (run.frame is None or any(name not in run.views for name in views))


def meters(bench: Bench, metric: tuple[str, str] | None) -> None:
    """Draw the numbers strip of the bench's run."""

    @panel(bench, seconds=STEADY_SECONDS)
    def numbers() -> None:
        place = bench.manager.place_in_queue(bench.run)
        meters_component(meters_payload(bench.run, place, metric=metric), key="meters")

    numbers()
