"""The stream: one invisible element through which a frame reaches every panel of the page."""

from collections.abc import Mapping

import numpy as np
import streamlit as st

from pages.parts.components.packing import pack
from pages.parts.components.registration import FOLDER

_mount = st.components.v2.component(
    "playground_stream",
    html='<span aria-hidden="true"></span>',
    js="\n".join((FOLDER / file).read_text(encoding="utf-8") for file in ("unpack.js", "stream.js")),
)


def stream(payloads: Mapping[str, bytes]) -> None:
    """Send new payloads to panels by their keys; one that is not on the page is passed over."""
    _mount(data=pack({}, {key: np.frombuffer(payload, np.uint8) for key, payload in payloads.items()}), key="stream")
