"""Turn the JavaScript and style sheets of this folder into Streamlit components.

A component's element is drawn when the page is; while a network learns, ``stream`` sends new payloads past the page
to the elements that stand there already. Streamlit would otherwise send each component's script along with every
frame, and draw a part of the page anew.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import streamlit as st

FOLDER = Path(__file__).parent
EXPORT = "export default function ("


def register(name: str, *, html: str, scripts: tuple[str, ...], styles: tuple[str, ...] = ()) -> Callable[..., Any]:
    """Return the mount function of a component made of files of this folder.

    ``unpack.js`` and ``shared.js`` come first, then ``scripts`` in order; the last one has the ``export default``, a
    function that draws and may return what to do when the element goes. ``panel.js`` wraps it: frames reach it too.

    Raises:
        ValueError: if the last script has no such function.
    """
    draw = _read(scripts[-1])
    if draw.count(EXPORT) != 1:
        raise ValueError(f"{scripts[-1]} must have one '{EXPORT}…'")
    code = [_read(file) for file in ("unpack.js", "shared.js", *scripts[:-1])]
    return st.components.v2.component(
        f"playground_{name}",
        html=html,
        css="\n".join(_read(file) for file in styles) or None,
        js="\n".join([*code, draw.replace(EXPORT, "function render("), _read("panel.js")]),
    )


def _read(file: str) -> str:
    return (FOLDER / file).read_text(encoding="utf-8")
