"""What goes wrong while networks learn to make things, in plain words, and what to try."""

from typing import Any

from pages.parts.components.registration import register

_mount = register(
    "advice", html='<div class="advice" role="status"></div>', scripts=("advice.js",), styles=("advice.css",)
)


def advice(payload: bytes, *, key: str) -> Any:
    """Show the warnings of ``payload`` (see ``packing.pack``); nothing, and no room for it, where there are none.

    Header::

        {"step": int, "items": [{"sees": str, "advice": str}, …]}
    """
    return _mount(data=payload, key=key)
