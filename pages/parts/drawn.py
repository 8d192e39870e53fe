"""How a screen is drawn, apart from its experiment: choices that the session and the link keep."""

from collections.abc import Mapping, Sequence

import streamlit as st

OFF_OR_ON = (False, True)


class Drawn:
    """The choices of one screen.

    Args:
        choices: by session key, what each may be; the usual one first, which the link does not say.
    """

    def __init__(self, choices: Mapping[str, Sequence[str | bool]]) -> None:
        self._choices = {key: {_name(value): value for value in values} for key, values in choices.items()}

    def take_up(self, query: Mapping[str, str]) -> None:
        """Choose what a link says; the usual where it says nothing, or nothing known."""
        for key, by_name in self._choices.items():
            usual = next(iter(by_name.values()))
            st.session_state[key] = by_name.get(query.get(key, ""), usual)

    def in_link(self) -> dict[str, str]:
        """Return what is chosen and is not the usual, as query parameters."""
        chosen = {key: _name(st.session_state.get(key) or False) for key in self._choices}
        return {key: name for key, name in chosen.items() if name in list(self._choices[key])[1:]}


def _name(value: str | bool) -> str:
    return value if isinstance(value, str) else "on" if value else "off"
