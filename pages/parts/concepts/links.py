"""The way from any screen to what the concepts show of a run."""

import streamlit as st


def landscape_link(run_id: str) -> None:
    """Draw the link to the loss landscape of a kept run."""
    _link("landscape", "Loss landscape", ":material/landscape:", run_id)


def finder_link(run_id: str) -> None:
    """Draw the link to the learning-rate finder with the settings of a run, kept or not."""
    _link("finder", "Find a rate", ":material/speed:", run_id)


def _link(concept: str, label: str, icon: str, run_id: str) -> None:
    query = {"concept": concept, "run": run_id}
    st.page_link("pages/concepts.py", label=label, icon=icon, query_params=query, width="content")
