"""Frames on their way to the browser, without one."""

import asyncio
import threading
from contextlib import contextmanager
from typing import cast

import pytest
from starlette.websockets import WebSocket, WebSocketDisconnect

from pages.parts import frames
from pages.parts.frames import Show, Stage
from tests.pages.fakes import unpack


class FakeRun:
    """A run as a show sees it."""

    def __init__(self, status="training"):
        self.status = status
        self.version = 1
        self.looks = 0
        self.listeners = []

    def watch(self, _viewer, _views):
        self.looks += 1

    @contextmanager
    def listened_to(self, listener):
        self.listeners.append(listener)
        yield
        self.listeners.remove(listener)

    def change(self):
        self.version += 1
        for listener in self.listeners:
            listener()


def show_of(run, is_outdated=lambda: False):
    payloads = {"plane": (lambda: b"map!", 1), "meters": (lambda: b"nums", 2)}
    return Show(run, "viewer", dict, is_outdated, payloads)


def panels(frame):
    return set(unpack(frame)[1])


def test_the_first_frame_has_everything_and_then_only_news():
    run = FakeRun()
    show = show_of(run)
    assert panels(show.frame()) == {"plane", "meters"}
    assert show.frame() is None
    run.change()
    assert panels(show.frame()) == {"plane", "meters"}
    run.change()
    assert panels(show.frame()) == {"plane"}


def test_a_run_at_rest_sends_every_panel_with_each_change():
    run = FakeRun("paused")
    show = show_of(run)
    for _ in range(3):
        run.change()
        assert panels(show.frame()) == {"plane", "meters"}


def test_an_outdated_page_is_told_once_and_again_only_after_a_while(monkeypatch):
    now = [100.0]
    monkeypatch.setattr("time.monotonic", lambda: now[0])
    show = show_of(FakeRun(), lambda: True)
    assert unpack(show.frame())[0] == {"redraw": True, "drawn": show.number}
    assert "redraw" not in unpack(show.frame())[0]
    now[0] += frames.TELL_AGAIN_SECONDS + 0.1
    assert unpack(show.frame())[0]["redraw"]


def test_a_frame_says_which_drawing_of_the_page_it_is_for():
    first, second = show_of(FakeRun()), show_of(FakeRun())
    assert second.number > first.number
    assert unpack(second.frame())[0]["drawn"] == second.number


class Asked(FakeRun):
    """A run that notes what it is asked for, the first wish slowly."""

    def __init__(self, said):
        super().__init__()
        self.said, self.wishes, self.called = said, [], threading.Event()

    def watch(self, _viewer, views):
        self.called.set()
        if len(self.said) == 1:
            threading.Event().wait(0.1)
        self.wishes.append(views["typed"])


def asking(run):
    return Show(
        run, "viewer", lambda: {"typed": run.said[-1]}, bool, hear=lambda words: run.said.append(words.decode())
    )


def test_what_is_said_while_the_page_is_drawn_anew_is_not_lost():
    run = Asked(["a", "ab"])
    before, being_drawn = asking(run), asking(run)
    before.listen(b"abc")
    being_drawn.look()
    assert run.wishes == ["abc", "abc"]


def test_an_older_wish_never_comes_behind_a_newer_one():
    run = Asked(["ab"])
    show = asking(run)
    slow = threading.Thread(target=show.look)
    slow.start()
    run.called.wait()
    show.listen(b"abc")
    slow.join()
    assert run.wishes[-1] == "abc"


def test_a_waiting_page_gets_a_change_at_once():
    async def scenario():
        run = FakeRun()
        stage = Stage(show_of(run))
        await stage.next_frame()
        waiting = asyncio.create_task(stage.next_frame())
        while not run.listeners:
            await asyncio.sleep(0)
        run.change()
        return await asyncio.wait_for(waiting, 10)

    assert panels(asyncio.run(scenario()))


def test_a_waiting_page_gets_the_next_show_at_once():
    async def scenario():
        run, other = FakeRun(), FakeRun()
        stage = Stage(show_of(run))
        await stage.next_frame()
        waiting = asyncio.create_task(stage.next_frame())
        while not run.listeners:
            await asyncio.sleep(0)
        following = show_of(other)
        stage.put_on(following)
        frame = await asyncio.wait_for(waiting, 10)
        return unpack(frame)[0]["drawn"] == following.number, run.listeners

    assert asyncio.run(scenario()) == (True, [])


class FakeSocket:
    """A browser that asks ``asks`` times and goes."""

    def __init__(self, name, asks=1):
        self.path_params = {"name": name}
        self.asks = asks
        self.sent = []
        self.answered = asyncio.Event()

    async def accept(self):
        pass

    async def receive_bytes(self):
        if self.asks:
            self.asks -= 1
            return b"\0"
        await self.answered.wait()
        raise WebSocketDisconnect

    async def send_bytes(self, frame):
        self.sent.append(frame)
        self.answered.set()


@pytest.fixture
def stages(monkeypatch):
    known: dict[str, Stage] = {}
    monkeypatch.setattr(frames, "stages", lambda: known)
    return known


def test_a_page_that_the_server_does_not_know_is_drawn_anew(stages):
    async def scenario():
        socket = FakeSocket("nobody")
        await frames.serve(cast("WebSocket", socket))
        return socket.sent

    (frame,) = asyncio.run(scenario())
    assert unpack(frame)[0]["redraw"]


class HastySocket(FakeSocket):
    """A browser that has its frame, and asks for the next, before the sending of it has returned."""

    def __init__(self, name):
        super().__init__(name)
        self.received = 0
        self.has_frame, self.is_heard = asyncio.Event(), asyncio.Event()

    async def receive_bytes(self):
        self.received += 1
        if self.received == 2:
            await self.has_frame.wait()
        if self.received == 3:
            self.is_heard.set()
            await self.answered.wait()
            raise WebSocketDisconnect
        return b"\0"

    async def send_bytes(self, frame):
        self.sent.append(frame)
        self.has_frame.set()
        await self.is_heard.wait()
        if len(self.sent) == 2:
            self.answered.set()


def test_a_frame_asked_for_while_the_last_is_being_sent_comes_too(stages):
    async def scenario():
        socket = HastySocket("nobody")
        await asyncio.wait_for(frames.serve(cast("WebSocket", socket)), 10)
        return len(socket.sent)

    assert asyncio.run(scenario()) == 2


def test_a_page_that_goes_is_looked_after_no_more(stages):
    async def scenario():
        run = FakeRun()
        frames.put_on("page", show_of(run))
        socket = FakeSocket("page")
        await frames.serve(cast("WebSocket", socket))
        looks = run.looks
        await asyncio.sleep(0)
        return len(socket.sent), run.listeners, run.looks == looks

    assert asyncio.run(scenario()) == (1, [], True)


def test_the_page_drawn_longest_ago_goes_first_where_there_are_too_many(stages, monkeypatch):
    monkeypatch.setattr(frames, "MOST_STAGES", 2)
    for name in ("a", "b", "a", "c"):
        frames.put_on(name, show_of(FakeRun()))
    assert list(stages) == ["a", "c"]
