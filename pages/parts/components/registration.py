"""Turn the JavaScript and style sheets of this folder into Streamlit components."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import streamlit as st

FOLDER = Path(__file__).parent


def register(name: str, *, html: str, scripts: tuple[str, ...], styles: tuple[str, ...] = ()) -> Callable[..., Any]:
    """Return the mount function of a component made of files of this folder.

    ``shared.js`` comes first, then ``scripts`` in order; the last one has the ``export default``.
    """
    return st.components.v2.component(
        f"playground_{name}",
        html=html,
        css="\n".join(_read(file) for file in styles) or None,
        js="\n".join(_read(file) for file in ("shared.js", *scripts)),
    )


def _read(file: str) -> str:
    return (FOLDER / file).read_text(encoding="utf-8")
