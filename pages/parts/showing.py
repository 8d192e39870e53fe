"""What a widget shows when the page is drawn: told to the browser only where it does not know."""

import time
from dataclasses import dataclass, field
from typing import Any

import streamlit as st

SECONDS = 0.5
"""How long what was told may lie in the server's queue, from which a redraw that follows at once would take it."""


@dataclass
class Told:
    """When keys were told their values, and when a page was last drawn to its end, in seconds of a steady clock."""

    keys: dict[str, float] = field(default_factory=dict)
    drawn: float = 0.0

    def is_on_its_way(self, key: str) -> bool:
        """May the browser not have got the value yet? A redraw that is interrupted sends nothing more."""
        at = self.keys.get(key)
        if at is None:
            return False
        if at <= self.drawn and time.monotonic() - at > SECONDS:
            del self.keys[key]
            return False
        return True


def show(key: str, value: Any) -> None:
    """Have the widget with this key, drawn next, show ``value``.

    A value put into the session's state makes the browser overwrite what stands in the field, even what somebody has
    picked since; the next click would then bring the old value back. So it is put there only where it differs.
    """
    told: Told = st.session_state.setdefault("told", Told())
    missing = object()
    now = st.session_state.get(key, missing)
    if type(now) is not type(value) or now != value:
        told.keys[key] = time.monotonic()
    if told.is_on_its_way(key):
        st.session_state[key] = value


def drawn() -> None:
    """Note that a page was drawn to its end."""
    st.session_state.setdefault("told", Told()).drawn = time.monotonic()
