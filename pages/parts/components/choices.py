"""A picker of data sets, each with a thumbnail of its points."""

from collections.abc import Callable
from typing import Any

from pages.parts.components.registration import register

HTML = '<div class="choices" role="radiogroup"></div>'

_mount = register("choices", html=HTML, scripts=("choices.js",), styles=("choices.css",))


def choices(payload: bytes, *, key: str, on_picked_change: Callable[[], None] | None = None) -> Any:
    """Show the choices of ``payload`` (see ``packing.pack``) as a radio group of thumbnails.

    Header::

        {"label": str, "selected": str, "columns": int,
         "items": [{"name": str, "label": str, "help": str, "palette": "diverging" | "classes" | "curve"}, …]}

    Arrays: ``points_0``, ``points_1`` …, one for each item. For "diverging" and "classes" float32 (n, 3): x1 and x2
    in -6..6 and a label, from -1 to 1 or a class index; for "curve" float32 (n, 2): x and y in -1..1.

    A click or an arrow key fires the trigger ``picked`` with the item's name: ``st.session_state[key].picked`` inside
    ``on_picked_change``, or the result's ``picked``.
    """
    return _mount(data=payload, key=key, on_picked_change=on_picked_change or _ignore)


def _ignore() -> None:
    """Stand in for a callback, so that the result always has ``picked``."""
