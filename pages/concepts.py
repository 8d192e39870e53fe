"""Concepts: what goes on inside a network, each as an experiment to be moved."""

import streamlit as st

from pages.parts.components.address import address
from pages.parts.concepts.catalogue import CONCEPTS
from pages.parts.concepts.concept import concept_page
from pages.parts.entry import enter

enter()


def follow_choice() -> None:
    """Put the concept that was picked into the link."""
    st.query_params["concept"] = st.session_state["concept"]


def follow_travel() -> None:
    """Show the concept of the link that Back or Forward has led to."""
    st.query_params.from_dict(st.session_state["address"].travel)


wished = st.query_params.get("concept", "")
st.session_state["concept"] = wished if wished in CONCEPTS else next(iter(CONCEPTS))
st.pills(
    "Concept",
    list(CONCEPTS),
    key="concept",
    required=True,
    on_change=follow_choice,
    format_func=lambda name: f"{CONCEPTS[name].icon} {CONCEPTS[name].title}",
    label_visibility="collapsed",
)
concept_page(CONCEPTS[st.session_state["concept"]])
address("concepts", on_travel_change=follow_travel)
