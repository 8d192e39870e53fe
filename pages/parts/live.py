"""Live panels: drawn with the page, and between two runs of it by frames that pass it by."""

from collections.abc import Callable, Mapping

import streamlit as st

from nets.views import View
from pages.parts.bench import Bench
from pages.parts.components.meters import meters
from pages.parts.components.stream import stream
from pages.parts.payloads import meters_payload
from pages.parts.service import viewer

LIVE_SECONDS = 1 / 12
"""Between two frames of a network that learns."""
RESTING_SECONDS = 1.0
"""Between looks at a run that stands still: it may be started from another tab, and it stays while someone looks."""
STEADY = 2
"""Numbers and curves come with every second frame: nobody reads them faster."""

Payload = Callable[[], bytes]


class Panels:
    """The panels of one page, by key.

    Args:
        bench: whose run they show.
        views: what the worker is to send while the page is open.
    """

    def __init__(self, bench: Bench, views: Mapping[str, View]) -> None:
        self._bench = bench
        self._views = views
        self._payloads: dict[str, tuple[Payload, int]] = {}
        # Taken before the page is drawn: what changes while it is drawn must not pass unnoticed.
        self._drawn_for = (bench.run.status, self._is_lively())

    def add(self, key: str, payload: Payload, *, every: int = 1) -> bytes:
        """Return the panel's payload of now; from now on every so many frames bring a new one."""
        self._payloads[key] = (payload, every)
        return payload()

    def meters(self, metric: tuple[str, str]) -> None:
        """Draw the numbers strip, with the test metric ``metric`` (name, label)."""
        bench = self._bench

        def payload() -> bytes:
            return meters_payload(bench.run, bench.manager.place_in_queue(bench.run), metric=metric)

        meters(self.add("meters", payload, every=STEADY), key="meters")

    def stream(self) -> None:
        """Start the frames; to be called once, when every panel is drawn.

        The whole page is drawn once more when the run begins or ends, for its buttons depend on that.
        """
        bench, viewer_name = self._bench, viewer()
        _, lively = self._drawn_for
        frames = seen = 0

        @st.fragment(run_every=LIVE_SECONDS if lively else RESTING_SECONDS)
        def frame() -> None:
            nonlocal frames, seen
            bench.run.watch(viewer_name, self._views)
            if (bench.run.status, self._is_lively()) != self._drawn_for or self._is_forgotten():
                st.rerun()
            self._say_what_changed()
            frames += 1
            version = bench.run.version
            is_news = version != seen
            seen = version
            stream(
                {
                    key: payload()
                    for key, (payload, every) in self._payloads.items()
                    if is_news and (not lively or frames % every == 0)
                }
            )

        frame()

    def _say_what_changed(self) -> None:
        """Say in passing what a change in mid-run has kept."""
        run = self._bench.run
        message = run.frame.message if run.frame else ""
        if message and st.session_state.get("said") != (run.id, message):
            st.toast(message, icon=":material/edit:")
        st.session_state["said"] = (run.id, message)

    def _is_forgotten(self) -> bool:
        """Has the manager let go of an untrained network, because a page that was hidden had not looked for a while?"""
        run = self._bench.run
        return run.status == "ready" and self._bench.manager.get(run.id) is not run

    def _is_lively(self) -> bool:
        """Is there something new to come soon: training, a place in the queue, or the first picture?"""
        run = self._bench.run
        if run.status in ("training", "queued"):
            return True
        return run.alive and (run.frame is None or any(name not in run.views for name in self._views))
