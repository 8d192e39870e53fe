"""The address bar: an invisible element that tells of Back and Forward, and closes the menu of screens."""

from collections.abc import Callable

import streamlit as st

from pages.parts.components.registration import FOLDER

_mount = st.components.v2.component(
    "playground_address",
    html='<span aria-hidden="true"></span>',
    js="\n".join((FOLDER / file).read_text(encoding="utf-8") for file in ("shared.js", "address.js")),
)


def address(screen: str, on_travel_change: Callable[[], None] = lambda: None) -> None:
    """Watch the address bar of the screen called ``screen``.

    When a person goes back or forward to another link of the same screen, the trigger ``travel`` fires with its query
    parameters as a dict: ``st.session_state["address"].travel`` inside ``on_travel_change``.
    """
    _mount(data={"screen": screen}, key="address", on_travel_change=on_travel_change)
