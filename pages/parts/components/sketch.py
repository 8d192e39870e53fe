"""A still drawing: an SVG in the page's own colours and fonts, read aloud by its label, scrolled where too wide."""

import streamlit as st

from pages.parts.components.registration import FOLDER

_mount = st.components.v2.component(
    "playground_sketch",
    html='<div class="sketch"></div>',
    css=(FOLDER / "sketch.css").read_text(encoding="utf-8"),
    js=(FOLDER / "sketch.js").read_text(encoding="utf-8"),
)


def sketch(svg: str, *, key: str) -> None:
    """Draw an SVG; it must escape what people have typed. Lines and text of class ``halo`` stand out from the card.

    ``currentColor`` is the text's colour; shapes of class ``card`` have the card's.
    """
    _mount(data=svg, key=key)
