"""Live panels: a fragment that draws the newest frame of a run about ten times a second."""

from collections.abc import Callable, Mapping

import streamlit as st

from nets.views import View
from pages.parts.bench import Bench
from pages.parts.components.meters import meters as meters_component
from pages.parts.payloads import meters_payload
from pages.parts.service import viewer

LIVE_SECONDS = 1 / 12
RESTING_SECONDS = 1.0
"""Between looks at a run that stands still: it may be started from another tab, and it stays while someone looks."""


def panels(bench: Bench, views: Mapping[str, View]) -> Callable[[Callable[[], None]], Callable[[], None]]:
    """Return a decorator that makes a function a fragment which is drawn again as fast as its run changes.

    The views are asked for while the page is open. The whole page is drawn once more when the run begins or ends,
    for its buttons depend on that.
    """

    def decorate(draw: Callable[[], None]) -> Callable[[], None]:
        status = bench.run.status
        lively = status in ("training", "queued") or not _all_there(bench, views)

        @st.fragment(run_every=LIVE_SECONDS if lively else RESTING_SECONDS)
        def fragment() -> None:
            bench.run.watch(viewer(), views)
            draw()
            now_lively = bench.run.status in ("training", "queued") or not _all_there(bench, views)
            if bench.run.status != status or now_lively != lively:
                st.rerun()

        return fragment

    return decorate


def _all_there(bench: Bench, views: Mapping[str, View]) -> bool:
    if bench.run.status in ("failed",):
        return True
    return bench.run.frame is not None and all(name in bench.run.views for name in views)


def meters(bench: Bench, metric: tuple[str, str] | None) -> None:
    """Draw the numbers strip of the bench's run."""
    place = bench.manager.place_in_queue(bench.run)
    meters_component(meters_payload(bench.run, place, metric=metric), key="meters")
