"""The prediction grid: small pictures, each with what the network says it is and whether that is right."""

from collections.abc import Callable
from typing import Any

from pages.parts.components.registration import register

HTML = '<div class="pictures" role="group"></div>'

_mount = register("pictures", html=HTML, scripts=("pictures.js",), styles=("pictures.css",))


def pictures(payload: bytes, *, key: str, on_pick_change: Callable[[], None] | None = None) -> Any:
    """Show up to 64 pictures of ``payload`` (see ``packing.pack``) with their predictions.

    Header::

        {"step": int, "smooth": bool, "alt": str, "empty": str,
         "items": [{"predicted": str, "actual": str, "confidence": float, "right": bool, "index": int}, …]}

    Array: ``images`` uint8 (N, H, W), 0 for paper and 255 for ink (drawn dark on light or light on dark, as the theme
    is), or (N, H, W, 3) in RGB, in the order of ``items``. ``confidence`` is a share from 0 to 1; ``empty`` is the
    hint shown while N is 0. Pictures are scaled up with hard pixel edges unless ``smooth``.

    A click or Enter fires the trigger ``pick`` with ``{"index": int}``: ``st.session_state[key].pick`` inside
    ``on_pick_change``, or the result's ``pick``.
    """
    return _mount(data=payload, key=key, on_pick_change=on_pick_change or _ignore)


def _ignore() -> None:
    """Stand in for a callback, so that the result always has ``pick``."""
