"""The app as a process: started on a free port, awaited, ended, and checked for processes it left behind."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

START_LIMIT = 60.0  # seconds
STOP_LIMIT = 15.0  # seconds
POLL = 0.05  # seconds


def free_port() -> int:
    """Return a TCP port of 127.0.0.1 that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class AppServer:
    """``streamlit run playground.py`` in the checkout ``root``, with ``home`` as its PLAYGROUND_HOME.

    What it prints goes to the file ``log``.
    """

    root: Path
    home: Path
    port: int
    log: Path
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)

    @property
    def url(self) -> str:
        """The address of the app, without a trailing slash."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start the server and return once it is healthy.

        Raises:
            RuntimeError: It ended, or was not healthy within ``START_LIMIT``; the message ends with its log.
        """
        command = [sys.executable, "-m", "streamlit", "run", "playground.py"]
        options = {"headless": "true", "address": "127.0.0.1", "port": str(self.port)}
        for name, value in options.items():
            command += [f"--server.{name}", value]
        environment = os.environ | {"PLAYGROUND_HOME": str(self.home)}
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                command, cwd=self.root, env=environment, stdout=log, stderr=log, start_new_session=True
            )
        deadline = time.monotonic() + START_LIMIT
        while not self._healthy():
            if self._ends_within(POLL) or time.monotonic() > deadline:
                self.stop()
                raise RuntimeError(f"The app did not start. Its log:\n{self.log.read_text(errors='replace')[-4000:]}")

    def stop(self) -> list[str]:
        """Ask the server to end and return the command lines of the processes it left behind (and end those too).

        Only the server itself gets the signal, as from ``kill`` or a service manager: that its workers end with it is
        the server's own duty.
        """
        if self.process is None:
            return []
        session = self.process.pid
        self.process.terminate()
        if not self._ends_within(STOP_LIMIT):
            print(f"The app did not end within {STOP_LIMIT:.0f} s and was killed.", file=sys.stderr)
            self.process.kill()
            self.process.wait()
        deadline = time.monotonic() + STOP_LIMIT
        while (left := _members(session)) and time.monotonic() < deadline:
            time.sleep(POLL)
        for pid in left:
            _kill(pid)
        return list(left.values())

    def _healthy(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/_stcore/health", timeout=5) as reply:
                return bool(reply.status == 200)
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            return False

    def _ends_within(self, seconds: float) -> bool:
        """Wait for the server to end, no longer than that; it doubles as the pause between two polls."""
        assert self.process is not None
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        return True


def _members(session: int) -> dict[int, str]:
    """Return the living processes of a POSIX session as {pid: command line}; {} where there is no /proc."""
    members = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            # pid (command) state ppid pgrp session …; the command may hold spaces and brackets.
            state, _, _, its_session, *_ = (folder / "stat").read_text().rpartition(")")[2].split()
            if int(its_session) == session and state != "Z":
                command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
                members[int(folder.name)] = command
        except (FileNotFoundError, ProcessLookupError):
            continue  # it ended while we looked
    return members


def _kill(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return
