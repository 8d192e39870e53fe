"""What a training process asks of the system, and how it calls the manager."""

import ctypes
import os
import signal
import sys
from multiprocessing.connection import Client, Connection
from typing import Any

from nets.runs.protocol import Hello

AUTHKEY_VARIABLE = "PLAYGROUND_RUNS_KEY"


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


def call(address: str, token: str) -> "Connection[Any, Any]":
    """Connect to the manager at ``address`` and say who calls."""
    connection = Client(address, authkey=bytes.fromhex(os.environ[AUTHKEY_VARIABLE]))
    connection.send(Hello(token, os.getpid()))
    return connection
