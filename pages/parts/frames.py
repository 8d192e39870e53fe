"""Frames on their way to the browser: a WebSocket of our own brings them past Streamlit to the panels of a page.

A rerun of the page, or of a fragment, makes Streamlit's browser side look at every element anew: twelve times a second
that took 40 % of a processor core, beside a network that wanted it. Here the browser asks for a frame when it has drawn
the last one, so a slow or hidden page asks for less, and the worker looks no more often than somebody sees it.
"""

import asyncio
import contextlib
import itertools
import logging
import math
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st
from starlette.websockets import WebSocket, WebSocketDisconnect

from nets.views import View
from pages.parts.components.packing import pack

if TYPE_CHECKING:
    from nets.runs.run import Run

LOOK_SECONDS = 1.0
"""Between two assurances to a run that somebody still looks at it."""
TELL_AGAIN_SECONDS = 3.0
"""After which a page that has been told to draw itself anew, and has not, is told again."""
MOST_STAGES = 1000
MOST_SAID = 1 << 20
"""Bytes of what a panel may say at once."""

Payload = Callable[[], bytes]
_numbers = itertools.count(1)


@dataclass
class Show:
    """What one page shows of one run, as it was drawn last.

    ``payloads`` has each panel's payload and every how many frames it is worth one; ``is_outdated`` says that the page
    itself must be drawn anew; ``beside`` is a second run that its panels show as well. ``hear`` takes what a panel says
    past the page (a picture while it is drawn). ``views`` is asked at every look, from any thread: what is said while
    the page is drawn anew, to the show before, must not be lost.
    """

    run: "Run"
    viewer: str
    views: Callable[[], Mapping[str, View]]
    is_outdated: Callable[[], bool]
    payloads: dict[str, tuple[Payload, int]] = field(default_factory=dict)
    beside: "Run | None" = None
    views_beside: Mapping[str, View] = field(default_factory=dict)
    hear: Callable[[bytes], None] | None = None
    number: int = field(default_factory=lambda: next(_numbers))
    looking: threading.Lock = field(default_factory=threading.Lock)
    _version: tuple[int, ...] = ()
    _frames: int = 0
    _told: float = -math.inf

    def look(self) -> None:
        """Tell the run what this page wants to see.

        What is asked for and told meanwhile, by another thread, must not be told before this and be older.
        """
        with self.looking:
            self.run.watch(self.viewer, self.views())
        if self.beside is not None:
            self.beside.watch(self.viewer, self.views_beside)

    def listen(self, message: bytes) -> None:
        """Take what a panel says."""
        if self.hear is not None:
            self.hear(message)
            self.look()

    def runs(self) -> "list[Run]":
        """Return the run, and the one beside it."""
        return [self.run] if self.beside is None else [self.run, self.beside]

    def frame(self) -> bytes | None:
        """Return what has changed since the last frame, for ``stream.js``; None where nothing has.

        The first frame has everything: one of the show before may have crossed with the drawing of the page.
        """
        if self.is_outdated() and time.monotonic() - self._told > TELL_AGAIN_SECONDS:
            self._told = time.monotonic()
            return redraw(self.number)
        version = tuple(run.version for run in self.runs())
        if version == self._version:
            return None
        is_steady = bool(self._version) and self.run.status in ("training", "queued")
        self._version = version
        self._frames += 1
        due = {
            key: np.frombuffer(payload(), np.uint8)
            for key, (payload, every) in self.payloads.items()
            if not is_steady or self._frames % every == 0
        }
        return pack({"drawn": self.number}, due)


def redraw(number: int) -> bytes:
    """Return a frame that asks the page, drawn as ``number``, to be drawn anew."""
    return pack({"redraw": True, "drawn": number})


class Stage:
    """Where the show of one page goes on; the next replaces it at once."""

    def __init__(self, show: Show) -> None:
        self._show = show
        self._ushers: set[Callable[[], None]] = set()

    @property
    def show(self) -> Show:
        """What is on."""
        return self._show

    def put_on(self, show: Show) -> None:
        """Show this from now on; may be called from any thread."""
        self._show = show
        for usher in tuple(self._ushers):
            usher()

    async def next_frame(self) -> bytes:
        """Return the next frame with news, as soon as there is one."""
        news = asyncio.Event()
        loop = asyncio.get_running_loop()

        def usher() -> None:
            loop.call_soon_threadsafe(news.set)

        self._ushers.add(usher)
        try:
            while True:
                news.clear()
                show = self._show
                show.look()
                with contextlib.ExitStack() as stack:
                    for run in show.runs():
                        stack.enter_context(run.listened_to(usher))
                    frame = await asyncio.to_thread(show.frame)
                    if frame is not None:
                        return frame
                    with contextlib.suppress(TimeoutError):
                        await asyncio.wait_for(news.wait(), LOOK_SECONDS)
        finally:
            self._ushers.discard(usher)


@st.cache_resource(show_spinner=False)
def stages() -> dict[str, Stage]:
    """Return the stage of each page, by a name that its browser alone knows."""
    return {}


def put_on(name: str, show: Show) -> None:
    """Show this from now on to the page called ``name``."""
    by_name = stages()
    stage = by_name.pop(name, None) or Stage(show)
    by_name[name] = stage  # the last again
    stage.put_on(show)
    while len(by_name) > MOST_STAGES:  # the one drawn longest ago; its page draws itself anew when it asks
        del by_name[next(iter(by_name))]


async def serve(socket: WebSocket) -> None:
    """Answer each message of a page with the next frame that is news to it, until the page is gone."""
    await socket.accept()
    asked = asyncio.Event()
    answering = asyncio.create_task(_answer(socket, asked))
    try:
        while True:
            message = await socket.receive_bytes()
            if len(message) > 1:
                await _listen(socket, message)
            else:
                asked.set()
    except (WebSocketDisconnect, KeyError):  # KeyError: a message that is no bytes, from something that is no page
        pass
    finally:
        answering.cancel()


async def _listen(socket: WebSocket, message: bytes) -> None:
    stage = stages().get(socket.path_params["name"])
    if stage is not None and len(message) <= MOST_SAID:
        with contextlib.suppress(ValueError):  # no message of a panel's: the sender may be anybody
            await asyncio.to_thread(stage.show.listen, message)


async def _answer(socket: WebSocket, asked: asyncio.Event) -> None:
    """Send a frame each time that one is asked for; a page may ask before the sending of the last one has returned."""
    while True:
        await asked.wait()
        asked.clear()
        frame = await _frame(socket.path_params["name"])
        try:
            await socket.send_bytes(frame)
        except (WebSocketDisconnect, RuntimeError):  # the page went while the frame was made
            return


async def _frame(name: str) -> bytes:
    stage = stages().get(name)
    if stage is None:
        return redraw(0)
    try:
        return await stage.next_frame()
    except Exception:
        logging.getLogger(__name__).exception("A frame could not be made")
        await asyncio.sleep(TELL_AGAIN_SECONDS)
        return redraw(0)
