"""What a field shows when the page is drawn: told to the browser where it differs from what stands there."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import streamlit as st

SECONDS = 3.0
"""How long a value is told again: a browser that gets two pages at once looks at the last alone."""
MISSING = object()


@dataclass
class Told:
    """When fields were told their values, and when a page was last drawn to its end, in seconds of a steady clock."""

    keys: dict[str, float] = field(default_factory=dict)
    drawn: float = 0.0

    def is_on_its_way(self, key: str) -> bool:
        """May the browser not have got the value yet? A page whose drawing is interrupted is never sent."""
        at = self.keys.get(key)
        if at is None:
            return False
        if at <= self.drawn and time.monotonic() - at > SECONDS:
            del self.keys[key]
            return False
        return True


def shown(key: str, value: Any, by: str = "value") -> dict[str, Any]:
    """Return the arguments that have a field show ``value``: its key, and its default, called ``by``.

    A value that is put into the session's state makes the browser overwrite what stands in the field, even what
    somebody has picked since: the next click would then bring the old value back. And a new field would stand at
    some default until it is overwritten: a quick click would say that default. So neither is done without need.
    """
    _tell(key, value)
    return {"key": key, by: value}


def among(options: Sequence[Any], value: Any, key: str) -> dict[str, Any]:
    """Return the arguments that have a select box show ``value``, which joins its options, or None; see ``shown``."""
    _tell(key, value)
    if value is not None and value not in options:
        options = [*options, value]
    return {"options": options, "key": key, "index": None if value is None else options.index(value)}


def drawn() -> None:
    """Note that a page was drawn to its end."""
    _told().drawn = time.monotonic()


def _told() -> Told:
    told: Told = st.session_state.setdefault("told", Told())
    return told


def _tell(key: str, value: Any) -> None:
    """Put a value into the session's state if a field there shows another, or did so just now."""
    told = _told()
    now = st.session_state.get(key, MISSING)
    if now is not MISSING and (type(now) is not type(value) or now != value):
        told.keys[key] = time.monotonic()
    if told.is_on_its_way(key):
        st.session_state[key] = value
