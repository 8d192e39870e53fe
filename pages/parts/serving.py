"""What the server does beside Streamlit: its own routes, and the run manager from its start to its end.

A server that starts imports this before anything of ours: the process that imports torch begins when this is imported,
and the rest is imported beside it.
"""

import asyncio
import contextlib
import importlib
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket

from nets.runs.launcher import CAN_FORK, start_fork_server

if TYPE_CHECKING:
    from nets.runs.manager import RunManager

LIVE = "/live"
PICTURES = "/pictures"
WARM_AFTER_SECONDS = 5.0


@contextlib.asynccontextmanager
async def with_runs(_: object) -> AsyncIterator[None]:
    """Let the server start its run manager at once, so that torch is warm before the first visitor has come."""
    manager = await asyncio.to_thread(_start_runs)
    warming = asyncio.create_task(_warm_tables())
    try:
        yield
    finally:
        warming.cancel()
        await asyncio.to_thread(manager.close)


def _start_runs() -> "RunManager":
    fork_server = start_fork_server() if CAN_FORK else None

    from pages.parts.service import run_manager

    return run_manager(fork_server)


async def _warm_tables() -> None:
    """Import what tables are drawn with, once the first visitor's page stands: the first list of runs waits for it."""
    await asyncio.sleep(WARM_AFTER_SECONDS)
    await asyncio.to_thread(importlib.import_module, "pandas")


async def live(socket: WebSocket) -> None:
    """Bring frames to a page; see ``frames.serve``."""
    from pages.parts import frames

    await frames.serve(socket)


def picture(request: Request) -> Response:
    """Answer with a picture of data; see ``data_pictures.serve``."""
    from pages.parts import data_pictures

    return data_pictures.serve(request)


ROUTES = [WebSocketRoute(LIVE + "/{name}", live), Route(PICTURES + "/{name}.svg", picture)]
