"""The way in: screens run inside playground.py, whatever address a visitor comes by."""

import runpy
from pathlib import Path

import streamlit as st

ENTERED = "entered_by_playground"
PLAYGROUND = Path(__file__).parents[2] / "playground.py"


def enter() -> None:
    """Run playground.py, which runs this screen in turn, if Streamlit has run a screen's script by itself.

    It does so for the first visitor of a fresh server who comes by a link to a screen: it takes a folder called pages
    for the older kind of multipage app until ``st.navigation`` has been called once.
    """
    if not st.session_state.get(ENTERED):
        runpy.run_path(str(PLAYGROUND), run_name="__main__")
        st.stop()
