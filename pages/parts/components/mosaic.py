"""Pictures in tiles: samples, pictures with what a network makes of them, a way from one to another."""

from collections.abc import Callable
from typing import Any

from pages.parts.components.registration import register

HTML = """
<div class="mosaic">
  <p class="note"></p>
  <p class="rows"></p>
  <div class="tiles" role="group"></div>
  <p class="hint"></p>
</div>
"""

_mount = register("mosaic", html=HTML, scripts=("pixels.js", "mosaic.js"), styles=("mosaic.css",))


def mosaic(payload: bytes, *, key: str, on_pick_change: Callable[[], None] | None = None) -> Any:
    """Show up to 100 tiles of ``payload`` (see ``packing.pack``), each of one picture or of a few above each other.

    Header::

        {"step": int, "alt": str, "empty": str, "note": str, "rows": [str, …], "side": int, "pickable": bool,
         "chosen": int | null,
         "items": [{"caption": str, "title": str, "tone": "" | "good" | "bad", "index": int}, …]}

    Array: ``images`` uint8 (N, K, H, W), 0 for paper and 255 for ink, or (N, K, H, W, 3) in RGB; N tiles in the order
    of ``items``, each of K pictures. ``rows`` names the pictures of a tile from top to bottom; ``side`` is how many
    pixels wide they are drawn, as far as there is room. ``note`` is said above them, ``empty`` while N is 0.

    Where they are ``pickable``, a click or Enter fires the trigger ``pick`` with ``{"index": int}``:
    ``st.session_state[key].pick`` inside ``on_pick_change``, or the result's ``pick``.
    """
    return _mount(data=payload, key=key, on_pick_change=on_pick_change or _ignore)


def _ignore() -> None:
    """Stand in for a callback, so that the result always has ``pick``."""
