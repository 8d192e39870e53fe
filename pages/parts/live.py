"""Live panels: drawn with the page, and between two runs of it by frames that pass it by."""

from collections.abc import Callable, Mapping, Sequence

import streamlit as st

from nets.views import View
from pages.parts.bench import Bench
from pages.parts.components.meters import meters
from pages.parts.components.stream import stream
from pages.parts.frames import Payload as Payload
from pages.parts.frames import Show, put_on
from pages.parts.payloads import LOSSES, meters_payload
from pages.parts.service import viewer
from pages.parts.serving import LIVE
from pages.parts.showing import drawn

STEADY = 2
"""Numbers and curves come with every second frame: nobody reads them faster."""


Views = Mapping[str, View] | Callable[[], Mapping[str, View]]


def asked_for(views: Views) -> Callable[[], Mapping[str, View]]:
    """Return what tells the views of now."""
    return views if callable(views) else lambda: views


class Panels:
    """The panels of one page, by key.

    Args:
        bench: whose run they show.
        views: what the worker is to send while the page is open; where it depends on what panels say, what returns it.
        hear: takes what a panel says past the page; see ``Show``.
        views_beside: what the worker of the run beside it is to send.
    """

    def __init__(
        self,
        bench: Bench,
        views: Views,
        hear: Callable[[bytes], None] | None = None,
        *,
        views_beside: Mapping[str, View] | None = None,
    ) -> None:
        self._bench = bench
        # Taken before the page is drawn: what changes while it is drawn must not pass unnoticed.
        asked = asked_for(views)
        drawn_for = self._state(asked())
        self._show = Show(
            bench.run,
            viewer(),
            asked,
            lambda: self._state(asked()) != drawn_for or self._is_forgotten(),
            beside=bench.beside,
            views_beside=views_beside or {},
            hear=hear,
        )
        self._show.look()

    def add(self, key: str, payload: Payload, *, every: int = 1) -> bytes:
        """Return the panel's payload of now; from now on every so many frames bring a new one."""
        self._show.payloads[key] = (payload, every)
        return payload()

    def meters(self, metric: tuple[str, str], losses: Sequence[tuple[str, str]] = LOSSES) -> None:
        """Draw the numbers strip, with the losses and the test metric ``metric``, (name, label) each."""
        bench = self._bench

        def payload() -> bytes:
            place = bench.manager.place_in_queue(bench.run)
            return meters_payload(bench.run, place, metric=metric, losses=losses)

        meters(self.add("meters", payload, every=STEADY), key="meters")

    def stream(self) -> None:
        """Start the frames; to be called once, when every panel is drawn.

        The whole page is drawn once more when the run begins or ends, for its buttons depend on that.
        """
        self._say_what_changed()
        put_on(viewer(), self._show)
        base = st.get_option("server.baseUrlPath").strip("/")
        drawn()
        stream(f"{'/' if base else ''}{base}{LIVE}/{viewer()}", self._show.number)

    def _state(self, views: Mapping[str, View]) -> tuple[object, ...]:
        """Return what the page itself depends on, beside its panels."""
        run = self._bench.run
        said = (run.frame.unkept, run.frame.tier_problem) if run.frame else ("", "")
        return run.status, run.message, *said, all(name in run.views for name in views)

    def _say_what_changed(self) -> None:
        """Say in passing what a change in mid-run has kept."""
        run = self._bench.run
        if run.message and st.session_state.get("said") != (run.id, run.message):
            st.toast(run.message, icon=":material/edit:")
        st.session_state["said"] = (run.id, run.message)

    def _is_forgotten(self) -> bool:
        """Has the manager let go of an untrained network, because a page that was hidden had not looked for a while?"""
        run = self._bench.run
        return run.status == "ready" and self._bench.manager.get(run.id) is not run
