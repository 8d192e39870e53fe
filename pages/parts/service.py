"""The one run manager of this server, and the store of its runs."""

import secrets
from typing import TYPE_CHECKING

import streamlit as st

from nets.runs.keeper import Keeper
from nets.runs.manager import RunManager
from nets.runs.protocol import Action
from nets.runs.run import Run

if TYPE_CHECKING:
    from nets.runs.store import Store


@st.cache_resource(show_spinner=False)
def run_manager() -> RunManager:
    """Return the manager; the first call starts the process that workers are forked from, which warms up torch."""
    return RunManager(keeper=Keeper())


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
