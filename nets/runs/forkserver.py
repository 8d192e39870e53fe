"""The process that every worker is forked from: ``python -m nets.runs.forkserver``.

It imports torch, reads from its standard input whom to call, and forks a worker in milliseconds whenever the manager
asks. What some runs need it imports module by module, while nobody asks and after each fork: in a busy room it would
never come to it otherwise, and every worker had to. It has a main module of its own, so a worker imports neither
Streamlit nor a page.
"""

import contextlib
import gc
import importlib
import os
import signal
from collections import deque
from multiprocessing.connection import Connection, wait
from typing import Any

from nets.runs.process import call, die_with_parent, told
from nets.runs.protocol import Exited, Start
from nets.runs.warm import AT_LEISURE, warm_up
from nets.runs.worker import serve

QUIET_SECONDS = 0.2
"""Without a request for a worker, until there is time for more imports; the first one comes right after the call."""


def main() -> None:
    """Fork workers until the manager hangs up.

    Linux could kill this process when its parent ends, but means by that the thread that started it, and threads of a
    server come and go: a broken connection is the sign that counts. Workers have this process's one thread as parent.
    """
    gc.disable()  # what is imported stays: to look for garbage among it, again and again, takes a fifth of the time
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    warm_up()
    if not (words := told()):
        return
    address, token, authkey = words
    manager = call(address, token, authkey)
    signal.signal(signal.SIGCHLD, _Reporter(manager))
    still_to_import = deque(AT_LEISURE)
    while True:
        if wait([manager], timeout=QUIET_SECONDS if still_to_import else None):
            try:
                request = manager.recv()
            except (EOFError, ConnectionError):
                return
            assert isinstance(request, Start), "the manager asks for workers alone"
            _fork_worker(address, request.token, authkey, manager)
        if still_to_import:
            importlib.import_module(still_to_import.popleft())


def _fork_worker(address: str, token: str, authkey: str, manager: "Connection[Any, Any]") -> None:
    if os.fork():
        return
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    manager.close()
    gc.freeze()  # what is shared with the parent stays shared: looking for garbage among it would copy its memory
    gc.enable()
    code = 1
    try:
        die_with_parent()
        serve(call(address, token, authkey))
        code = 0
    finally:
        os._exit(code)


class _Reporter:
    """Tells the manager of each worker that ended, as a signal handler: even while something is being warmed up."""

    def __init__(self, manager: "Connection[Any, Any]") -> None:
        self._manager = manager
        self._is_reporting = self._has_news = False

    def __call__(self, *_: object) -> None:
        self._has_news = True
        if self._is_reporting:  # interrupted by the next one: two messages must not mix
            return
        self._is_reporting = True
        while self._has_news:
            self._has_news = False
            self._report()
        self._is_reporting = False

    def _report(self) -> None:
        with contextlib.suppress(ChildProcessError, ConnectionError):  # no child is left, or the manager is gone
            while ended := os.waitpid(-1, os.WNOHANG):
                pid, status = ended
                if pid == 0:
                    return
                self._manager.send(Exited(pid, os.waitstatus_to_exitcode(status)))


if __name__ == "__main__":
    main()
