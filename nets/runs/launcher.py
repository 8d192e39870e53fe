"""Starting worker processes: from a fork server where processes can fork, else from a spare that is kept warm."""

import os
import secrets
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Protocol

from nets.runs.process import tell
from nets.runs.protocol import Start

ROOT = Path(__file__).parents[2]
CAN_FORK = hasattr(os, "fork")
FORK_SERVER_TOKEN = "fork-server"

MOST_ATTEMPTS = 3
"""Times a process is started again that ends before it has called."""


class Launcher(Protocol):
    """Starts workers, which then call the manager. Methods may be called from any thread."""

    def start(self, token: str) -> str:
        """Start a worker, or take one that is waiting; return the token it calls with."""
        ...

    def called(self, token: str) -> bool:
        """Note that a worker has called; return whether it is a spare, to be kept until it is taken."""
        ...

    def given_up(self) -> list[str]:
        """Start again what has died before it called; return the tokens of workers for which that is hopeless."""
        ...

    def close(self) -> None:
        """Start no more and end what is waiting."""
        ...


def child_environment() -> dict[str, str]:
    """Return the environment of a worker.

    Idle OpenMP threads must sleep, or they starve the other workers; OpenBLAS needs no threads, for torch has its own.
    """
    own = {"OMP_WAIT_POLICY": "PASSIVE", "OPENBLAS_NUM_THREADS": "1", "PYTHONPATH": str(ROOT)}
    return {**os.environ, **own}


def start_process(module: str) -> "subprocess.Popen[bytes]":
    """Start a Python process that warms up and waits to be told whom to call; it ends with this one if it never is."""
    command = [sys.executable, "-m", module]
    return subprocess.Popen(command, env=child_environment(), cwd=ROOT, stdin=subprocess.PIPE)


def start_fork_server() -> "subprocess.Popen[bytes]":
    """Start the process that workers will be forked from; a ``ForkLauncher`` has yet to take it."""
    return start_process("nets.runs.forkserver")


class ForkLauncher:
    """Keeps one fork server running and asks it for workers; requests wait until it has called.

    Args:
        address: where the manager listens.
        authkey: what who calls there must know.
        process: a fork server that has been started already, if any.
    """

    def __init__(self, address: str, authkey: bytes, process: "subprocess.Popen[bytes] | None" = None) -> None:
        self._call = (address, FORK_SERVER_TOKEN, authkey.hex())
        self._lock = threading.Lock()
        self._owed: list[str] = []
        self._waiting: deque[str] = deque()
        self._connection: Connection[Any, Any] | None = None
        self._attempts = 0
        self._closed = False
        self._process = self._take(process or start_fork_server())

    def _take(self, process: "subprocess.Popen[bytes]") -> "subprocess.Popen[bytes]":
        tell(process, *self._call)
        return process

    def start(self, token: str) -> str:
        """Ask for a worker; a fork server that has died is replaced."""
        with self._lock:
            self._owed.append(token)
            self._waiting.append(token)
            self._replace_dead()
            self._flush()
        return token

    def _replace_dead(self) -> None:
        """Start another fork server if it has died; it is asked again for every worker that has not called."""
        if self._process.poll() is None or self._closed:
            return
        self._connection = None
        self._waiting = deque(self._owed)
        self._attempts += 1
        self._process = self._take(start_fork_server())

    def connected(self, connection: "Connection[Any, Any]") -> None:
        """Take the fork server's call."""
        with self._lock:
            self._connection = connection
            self._flush()

    def called(self, token: str) -> bool:
        """Note that a worker has called; none is a spare."""
        with self._lock:
            self._attempts = 0
            if token in self._owed:
                self._owed.remove(token)
        return False

    def given_up(self) -> list[str]:
        """Replace a fork server that has died owing workers; return their tokens where that is hopeless."""
        with self._lock:
            if not self._owed or self._process.poll() is None:
                return []
            if self._attempts < MOST_ATTEMPTS:
                self._replace_dead()
                return []
            hopeless, self._owed, self._attempts = self._owed, [], 0
            self._waiting.clear()
            return hopeless

    def _flush(self) -> None:
        while self._connection is not None and self._waiting:
            try:
                self._connection.send(Start(self._waiting[0]))
            except OSError:
                self._connection = None
                return
            self._waiting.popleft()

    def close(self) -> None:
        """End the fork server; its workers end with it."""
        with self._lock:
            self._closed = True
        self._process.terminate()
        self._process.wait(timeout=5)


class SpawnLauncher:
    """Keeps one process warm that has imported torch; each start takes it and warms the next."""

    def __init__(self, address: str, authkey: bytes) -> None:
        self._address, self._authkey = address, authkey.hex()
        self._lock = threading.Lock()
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        self._owed: dict[str, int] = {}
        self._closed = False
        self._spare = self._spawn(secrets.token_hex(8))

    def _spawn(self, token: str) -> str:
        self._processes = {name: process for name, process in self._processes.items() if process.poll() is None}
        self._processes[token] = start_process("nets.runs.worker")
        tell(self._processes[token], self._address, token, self._authkey)
        return token

    def start(self, token: str) -> str:  # noqa: ARG002 - the spare has a token already
        """Take the spare, whose own token is returned, and warm another.

        It is owed until it is seen to have called: one that is killed hangs up before it counts as dead.
        """
        with self._lock:
            taken = self._spawn(secrets.token_hex(8)) if self._is_dead(self._spare) else self._spare
            self._owed[taken] = 0
            self._spare = self._spawn(secrets.token_hex(8))
        return taken

    def _is_dead(self, token: str) -> bool:
        process = self._processes.get(token)
        return process is None or process.poll() is not None

    def called(self, token: str) -> bool:
        """Note that a worker has called; return whether it is the spare."""
        with self._lock:
            self._owed.pop(token, None)
            return token == self._spare

    def given_up(self) -> list[str]:
        """Spawn again what has died before it called; return the tokens of those that never will."""
        with self._lock:
            dead = [name for name in self._owed if self._is_dead(name)]
            hopeless = [name for name in dead if self._owed[name] >= MOST_ATTEMPTS]
            for name in hopeless:
                del self._owed[name]
            for name in set(dead).difference(hopeless) if not self._closed else ():
                self._owed[name] += 1
                self._spawn(name)
        return hopeless

    def close(self) -> None:
        """End every process."""
        with self._lock:
            self._closed = True
        for process in self._processes.values():
            process.terminate()
        for process in self._processes.values():
            process.wait(timeout=5)


Launch = Callable[[str, bytes], Launcher]
"""Makes a launcher whose workers call at this address, and know this."""
USUAL: Launch = ForkLauncher if CAN_FORK else SpawnLauncher
