"""The class that counts as odd among pictures, and whether the network ever sees it."""

import streamlit as st

from pages.parts.bench import Bench
from pages.parts.generate_choice import Choice
from pages.parts.permissions import is_locked
from pages.parts.showing import among, shown


def odd_class(bench: Bench, choice: Choice) -> None:
    """Draw the choice of the class that counts as odd, and the switch that keeps it from training."""
    names = bench.experiment.data.info().class_names
    hidden = bench.value("data.hidden_class")

    def choose() -> None:
        choice.odd = st.session_state["odd"]
        if hidden:
            bench.change({"data.hidden_class": "" if choice.odd is None else names[choice.odd]})

    def hide() -> None:
        bench.change({"data.hidden_class": names[choice.odd or 0] if st.session_state["odd_hidden"] else ""})

    with st.container(horizontal=True, gap="small", width="content", vertical_alignment="center"):
        st.selectbox(
            "Odd class",
            **among(range(len(names)), names.index(hidden) if hidden else choice.odd, "odd"),
            format_func=lambda place: f"Odd: {names[place]}",
            placeholder="Which class is odd?",
            label_visibility="collapsed",
            width=190,
            on_change=choose,
            disabled=is_locked("data.hidden_class"),
        )
        st.toggle(
            "Keep it from training",
            **shown("odd_hidden", bool(hidden)),
            help="The network then sees it in the test part alone: a fresh run begins",
            on_change=hide,
            disabled=is_locked("data.hidden_class") or (choice.odd is None and not hidden),
        )
