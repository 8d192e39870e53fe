"""The choice of the network's kind, which every screen but Points has."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import streamlit as st

from nets.architectures import ARCHITECTURES
from pages.parts import fields
from pages.parts.bench import Bench
from pages.parts.permissions import is_locked
from pages.parts.showing import among


def network_choice(
    bench: Bench, known: Sequence[str], labels: Mapping[str, str], changes: Callable[[str], Mapping[str, Any]]
) -> None:
    """Draw the choice among ``known`` kinds, each with what it is; ``changes`` says what comes with a kind."""

    def label(name: str) -> str:
        return labels.get(name, fields.words(name).capitalize())

    st.selectbox(
        "Network",
        **among(known, bench.value("model.kind"), "architecture"),
        disabled=is_locked("model.kind"),
        format_func=label,
        help="\n".join(f"- **{label(name)}**: {ARCHITECTURES.get(name).help}" for name in known),
        on_change=lambda: bench.change(changes(st.session_state["architecture"])),
    )
