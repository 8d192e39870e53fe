"""The stream: one invisible element through which frames reach every panel of the page."""

import streamlit as st

from pages.parts.components.registration import FOLDER

_mount = st.components.v2.component(
    "playground_stream",
    html='<span aria-hidden="true"></span>',
    js="\n".join((FOLDER / file).read_text(encoding="utf-8") for file in ("unpack.js", "shared.js", "stream.js")),
)


def stream(path: str, drawn: int) -> None:
    """Ask the WebSocket at ``path`` for frames for as long as the page stands.

    Args:
        path: from the server's root.
        drawn: which drawing of the page this is; it is drawn anew when the server says so, once for each.
    """
    _mount(data={"path": path, "drawn": drawn}, key="stream", on_redraw_change=lambda: None)
