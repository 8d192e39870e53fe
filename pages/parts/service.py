"""The one run manager of this server."""

import secrets

import streamlit as st

from nets.runs.manager import RunManager


@st.cache_resource(show_spinner=False)
def run_manager() -> RunManager:
    """Return the manager; the first call starts the process that workers are forked from, which warms up torch."""
    return RunManager()


def viewer() -> str:
    """Return this browser session's name, by which runs know who looks at them."""
    name: str = st.session_state.setdefault("viewer", secrets.token_urlsafe(16))
    return name
