"""One-dimensional curve fitting: the data, the network's curve through them and the true curve."""

from typing import Any

from pages.parts.components.registration import register

HTML = """
<div class="fit">
  <div class="legend"></div>
  <div class="chart"><canvas tabindex="0" role="img"></canvas><div class="tip" aria-hidden="true" hidden></div></div>
  <p class="spoken" role="status"></p>
</div>
"""

_mount = register("fit", html=HTML, scripts=("fit_draw.js", "fit.js"), styles=("fit.css",))


def fit(payload: bytes, *, key: str) -> Any:
    """Draw the fit of ``payload`` (see ``packing.pack``).

    Header: ``{"step": int, "x_label": str, "y_label": str, "alt": str, "show_test": bool}``.

    Arrays, all float32: ``train`` (N, 2) and ``test`` (M, 2) with x and y; ``line_x`` (G), increasing, and ``line_y``
    (G), the network's curve (either may be absent while there is no network yet); ``truth_y`` (G), optional, the true
    curve over ``line_x``. The range comes from the data and the true curve, so a wild fit does not move it.

    Hovering, or the arrow keys, read x, the nearest data point and the fit.
    """
    return _mount(data=payload, key=key)
