"""Texts whose tokens are coloured by what they speak for, with what the network says of each."""

from collections.abc import Callable
from typing import Any

from pages.parts.components.registration import register

HTML = """
<div class="texts">
  <p class="hint"></p>
  <p class="scale" hidden><span class="less"></span><i aria-hidden="true"></i><span class="more"></span></p>
  <div class="rows" role="list"></div>
</div>
"""

_mount = register("texts", html=HTML, scripts=("texts.js",), styles=("texts.css",))


def texts(payload: bytes, *, key: str, on_pick_change: Callable[[], None] | None = None) -> Any:
    """Show the texts of ``payload`` (see ``packing.pack``).

    Header::

        {"step": int, "empty": str, "less": str, "more": str, "spaced": bool, "pickable": bool,
         "items": [{"tokens": [str, …], "known": [bool, …], "said": str, "confidence": float, "truth": str,
                    "tone": "right" | "wrong" | "", "index": int,
                    "bars": [{"name": str, "share": float}, …] where shares are drawn}, …]}

    Arrays: ``values`` float32 (N, T) in -1 … 1: how much a token speaks for ``more`` (blue) or for ``less`` (orange).
    Without items the hint ``empty`` is shown. Tokens that are not ``known`` are underlined.

    A click on a text, or Enter, fires the trigger ``pick`` with ``{"index": int}`` where they are ``pickable``:
    ``st.session_state[key].pick`` inside ``on_pick_change``, or the result's ``pick``.
    """
    return _mount(data=payload, key=key, on_pick_change=on_pick_change or _ignore)


def _ignore() -> None:
    """Stand in for a callback, so that the result always has ``pick``."""
