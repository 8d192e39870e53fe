"""Starting worker processes: from a fork server where processes can fork, else from a spare that is kept warm."""

import os
import secrets
import subprocess
import sys
import threading
from collections import deque
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Protocol

from nets.runs.protocol import Start
from nets.runs.worker import AUTHKEY_VARIABLE

ROOT = Path(__file__).parents[2]
FORK_SERVER_TOKEN = "fork-server"


class Launcher(Protocol):
    """Starts workers, which then call the manager."""

    def start(self, token: str) -> str:
        """Start a worker, or take one that is waiting; return the token it calls with."""
        ...

    def close(self) -> None:
        """Start no more and end what is waiting."""
        ...


def child_environment(authkey: bytes) -> dict[str, str]:
    """Return the environment of a worker.

    Idle OpenMP threads must sleep, or they starve the other workers; OpenBLAS needs no threads, for torch has its own.
    """
    own = {"OMP_WAIT_POLICY": "PASSIVE", "OPENBLAS_NUM_THREADS": "1", "PYTHONPATH": str(ROOT)}
    return {**os.environ, AUTHKEY_VARIABLE: authkey.hex(), **own}


class ForkLauncher:
    """Keeps one fork server running and asks it for workers; requests wait until it has called."""

    def __init__(self, address: str, authkey: bytes) -> None:
        self._address = address
        self._environment = child_environment(authkey)
        self._lock = threading.Lock()
        self._waiting: deque[str] = deque()
        self._connection: Connection[Any, Any] | None = None
        self._closed = False
        self._process = self._launch()

    def _launch(self) -> "subprocess.Popen[bytes]":
        command = [sys.executable, "-m", "nets.runs.forkserver", self._address, FORK_SERVER_TOKEN]
        return subprocess.Popen(command, env=self._environment, cwd=ROOT, stdin=subprocess.DEVNULL)

    def start(self, token: str) -> str:
        """Ask for a worker; a fork server that has died is replaced."""
        with self._lock:
            if self._process.poll() is not None and not self._closed:
                self._connection = None
                self._process = self._launch()
            self._waiting.append(token)
            self._flush()
        return token

    def connected(self, connection: "Connection[Any, Any]") -> None:
        """Take the fork server's call."""
        with self._lock:
            self._connection = connection
            self._flush()

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
        self._closed = True
        self._process.terminate()
        self._process.wait(timeout=5)


class SpawnLauncher:
    """Keeps one process warm that has imported torch; each start takes it and warms the next."""

    def __init__(self, address: str, authkey: bytes) -> None:
        self._address = address
        self._environment = child_environment(authkey)
        self._lock = threading.Lock()
        self._processes: list[subprocess.Popen[bytes]] = []
        self._closed = False
        self._spare = self._spawn()

    def _spawn(self) -> str:
        token = secrets.token_hex(8)
        command = [sys.executable, "-m", "nets.runs.worker", self._address, token]
        self._processes = [process for process in self._processes if process.poll() is None]
        self._processes.append(subprocess.Popen(command, env=self._environment, cwd=ROOT, stdin=subprocess.DEVNULL))
        return token

    def start(self, token: str) -> str:  # noqa: ARG002 - the spare has a token already
        """Take the spare, whose own token is returned, and warm another."""
        with self._lock:
            taken, self._spare = self._spare, self._spawn()
        return taken

    def close(self) -> None:
        """End every process."""
        self._closed = True
        for process in self._processes:
            process.terminate()
        for process in self._processes:
            process.wait(timeout=5)
