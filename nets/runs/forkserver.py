"""The process that every worker is forked from: ``python -m nets.runs.forkserver ADDRESS TOKEN``.

It imports torch, then forks a worker in milliseconds whenever the manager asks; while nobody asks it warms up the rest.
It has a main module of its own, so a worker imports neither Streamlit nor a page.
"""

import gc
import os
import signal
import sys
from multiprocessing.connection import Connection, wait
from typing import Any

from nets.runs.protocol import Exited, Start
from nets.runs.warm import warm_data, warm_steps, warm_views
from nets.runs.worker import call, die_with_parent, serve

QUIET_SECONDS = 0.2
"""Without a request for a worker, until there is time to warm up; the first one comes right after the call."""


def main() -> None:
    """Fork workers until the manager hangs up.

    Linux could kill this process when its parent ends, but means by that the thread that started it, and threads of a
    server come and go: a broken connection is the sign that counts. Workers have this process's one thread as parent.
    """
    address, token = sys.argv[1:3]
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    warm_views()
    children_ended, wake = os.pipe()
    os.set_blocking(wake, False)
    signal.set_wakeup_fd(wake)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    manager = call(address, token)
    still_to_warm = [warm_steps, warm_data, gc.freeze]
    while True:
        sources = wait([manager, children_ended], timeout=QUIET_SECONDS if still_to_warm else None)
        if manager in sources:
            try:
                request = manager.recv()
            except (EOFError, ConnectionError):
                return
            assert isinstance(request, Start), "the manager asks for workers alone"
            _fork_worker(address, request.token, manager)
        if children_ended in sources:
            os.read(children_ended, 4096)
            _report_ended(manager)
        if not sources:
            still_to_warm.pop(0)()


def _fork_worker(address: str, token: str, manager: "Connection[Any, Any]") -> None:
    if os.fork():
        return
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    manager.close()
    code = 1
    try:
        die_with_parent()
        serve(call(address, token))
        code = 0
    finally:
        os._exit(code)


def _report_ended(manager: "Connection[Any, Any]") -> None:
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if pid == 0:
            return
        manager.send(Exited(pid, os.waitstatus_to_exitcode(status)))


if __name__ == "__main__":
    main()
