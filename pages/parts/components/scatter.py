"""The map of the pictures: points that lie close to each other where the network finds the pictures alike."""

from collections.abc import Callable
from typing import Any

from pages.parts.components.registration import register

HTML = """
<div class="scatter">
  <p class="hint"></p>
  <div class="whole" hidden>
    <p class="facts"><b></b> <span></span></p>
    <div class="plot" tabindex="0" role="application" aria-roledescription="map of points">
      <canvas aria-hidden="true"></canvas>
      <div class="tip" hidden><canvas></canvas><p></p></div>
    </div>
    <div class="legend" role="group" aria-label="Classes"></div>
    <p class="meaning"></p>
  </div>
  <p class="spoken" role="status"></p>
</div>
"""

_mount = register(
    "scatter",
    html=HTML,
    scripts=("pixels.js", "class_colors.js", "scatter_draw.js", "scatter_pointer.js", "scatter.js"),
    styles=("scatter.css",),
)


def scatter(payload: bytes, *, key: str, on_pick_change: Callable[[], None] | None = None) -> Any:
    """Show up to some 500 points of ``payload`` (see ``packing.pack``), coloured by class, the wrong ones ringed.

    Header::

        {"step": int, "empty": str, "alt": str, "names": [str, …], "facts": str, "method": str, "meaning": str,
         "chosen": int | null,
         "sheet": {"columns": int, "height": int, "width": int, "is_grey": bool}, where pictures are given}

    Arrays: ``xy`` float32 (N, 2) in -1 … 1, y upwards; ``labels``, ``predicted`` and ``indices`` int32 (N); and at
    times ``sheet`` uint8, the bytes of an image with a small picture for each index, in order. The sheet is kept for
    later payloads of the same run. Without arrays the hint ``empty`` is shown.

    Points glide to their next places, unless the visitor prefers less motion. A click on a point, or Enter, fires the
    trigger ``pick`` with ``{"index": int}``: ``st.session_state[key].pick`` inside ``on_pick_change``, or the result's
    ``pick``. The picture ``chosen`` is outlined.
    """
    return _mount(data=payload, key=key, on_pick_change=on_pick_change or _ignore)


def _ignore() -> None:
    """Stand in for a callback, so that the result always has ``pick``."""
