"""The decision map: what the network says at every place of the plane, with the data on it."""

from collections.abc import Callable
from typing import Any

from pages.parts.components.registration import register

HTML = """
<div class="plane">
  <div class="square">
    <canvas class="ground" aria-hidden="true"></canvas>
    <canvas class="points" aria-hidden="true"></canvas>
    <canvas class="over" tabindex="0" role="img"></canvas>
    <div class="tip" aria-hidden="true" hidden></div>
  </div>
  <div class="legend"></div>
  <p class="spoken" role="status"></p>
</div>
"""

_mount = register(
    "plane",
    html=HTML,
    scripts=("plane_map.js", "plane_draw.js", "plane_tool.js", "plane_pointer.js", "plane.js"),
    styles=("plane.css",),
)


def plane(payload: bytes, *, key: str, on_point_change: Callable[[], None] | None = None) -> Any:
    """Draw the decision map of ``payload`` (see ``packing.pack``).

    Header::

        {"step": int, "palette": "diverging" | "classes", "classes": [str, …], "discretize": bool, "show_test": bool,
         "tool": {"action": "add" | "erase", "label": int} | None, "extent": [-6, 6], "alt": str, "smooth": bool}

    Arrays: ``map`` uint8 (H, W), row 0 at the top (x2 = 6), column 0 at the left (x1 = -6): for "diverging" 0 … 254
    with 127 for zero, for "classes" the winning class, then with ``confidence`` uint8 (H, W), 0 … 255. ``train``
    float32 (N, 3) and ``test`` float32 (M, 3): x1, x2 and a label, -1 … 1 for "diverging", else a class index.
    Without a ``map`` the points lie on neutral ground. ``discretize`` shows the sign or the class alone; ``smooth``
    false shows the map's cells. Two ``classes`` name the ends of a diverging scale.

    Hovering, or the arrow keys, read x1, x2 and the output. With a tool a click, a drag, or Enter fires the trigger
    ``point`` with ``{"x1": float, "x2": float, "action": str, "label": int}``: ``st.session_state[key].point`` inside
    ``on_point_change``, or the result's ``point``. A drag sends its points one by one, the next as soon as the data
    show the last. ``tool`` may hold ``"radius"``, how far the eraser reaches in units of the plane (0.6).
    """
    return _mount(data=payload, key=key, on_point_change=on_point_change or _ignore)


def _ignore() -> None:
    """Stand in for a callback, so that the result always has ``point``."""
