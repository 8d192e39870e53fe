"""The one run manager of this server, and the store of its runs."""

import os
import secrets
from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from nets.runs.keeper import Keeper
from nets.runs.launcher import USUAL, ForkLauncher
from nets.runs.manager import RunManager
from nets.runs.protocol import Action
from nets.runs.run import Run
from nets.runs.slots import Slots

if TYPE_CHECKING:
    import subprocess

    from nets.runs.store import Store


RUNS_PER_CORE = 4
"""Runs of one thread that share a core before others queue: together they take as many steps as one by itself."""


@st.cache_resource(show_spinner=False)
def run_manager(_fork_server: "subprocess.Popen[bytes] | None" = None) -> RunManager:
    """Return the manager; the first call takes, or starts, the process that workers are forked from."""
    launch = partial(ForkLauncher, process=_fork_server) if _fork_server else USUAL
    return RunManager(slots=Slots(os.cpu_count() or 1, RUNS_PER_CORE), launch=launch, keeper=Keeper())


def run_store() -> "Store":
    """Return the store of all kept runs.

    Raises:
        StoreProblem: if it can't be opened; the sentence says why.
    """
    keeper = run_manager().keeper
    assert keeper is not None, "the server's manager has a keeper"
    return keeper.store


def viewer() -> str:
    """Return this browser session's name, by which runs know who looks at them."""
    name: str = st.session_state.setdefault("viewer", secrets.token_urlsafe(16))
    return name


def may_follow(run: Run, action: Action) -> bool:
    """Does an order to the run in front concern this one beside it too? It goes along until its own end."""
    if action in ("stop", "pause"):
        return run.status in ("training", "queued")
    return action == "play" and run.status in ("ready", "paused", "stopped")
