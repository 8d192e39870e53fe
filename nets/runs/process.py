"""What a training process asks of the system, and how it calls the manager."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
from multiprocessing.connection import Client, Connection
from typing import Any

from nets.runs.protocol import Hello


def keep_memory() -> None:
    """Let glibc keep freed memory instead of giving it back at each step: thousands of page faults less."""
    if not sys.platform.startswith("linux"):
        return
    trim_threshold, mmap_threshold = -1, -3
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (OSError, AttributeError):
        return
    mallopt(mmap_threshold, 32 << 20)
    mallopt(trim_threshold, 512 << 20)


def die_with_parent() -> None:
    """Ask Linux to kill this process when the thread that started it ends, however it ends."""
    if sys.platform.startswith("linux"):
        set_parent_death_signal = 1
        ctypes.CDLL(None).prctl(set_parent_death_signal, signal.SIGKILL)


def tell(process: "subprocess.Popen[bytes]", *words: str) -> None:
    """Say to a process, started with a pipe as its input, what ``told`` returns there; one that has died won't hear."""
    assert process.stdin
    with contextlib.suppress(OSError), process.stdin:
        process.stdin.write("\n".join(words).encode())


def told() -> list[str]:
    """Return what the process that has started this one says, as soon as it does: nothing if it has ended instead."""
    return sys.stdin.read().splitlines()


def call(address: str, token: str, authkey: str) -> "Connection[Any, Any]":
    """Connect to the manager at ``address`` and say who calls."""
    connection = Client(address, authkey=bytes.fromhex(authkey))
    connection.send(Hello(token, os.getpid()))
    return connection
