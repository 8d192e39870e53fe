"""Links from a concept to the screens: an experiment, whole, in the address."""

import streamlit as st

from nets.experiment import Experiment, dump
from nets.link import flatten, write
from pages.parts.screens import screen_of


def whole_link(experiment: Experiment) -> dict[str, str]:
    """Return query parameters that mean an experiment whatever a screen's usual one is."""
    return {path: write(value) for path, value in flatten(dump(experiment)).items() if path != "version"}


def open_experiment(label: str, experiment: Experiment) -> None:
    """Draw a link that opens an experiment on its screen, ready to train."""
    st.page_link(
        f"pages/{screen_of(dump(experiment))}.py",
        label=label,
        icon=":material/play_arrow:",
        query_params=whole_link(experiment),
        width="content",
    )
