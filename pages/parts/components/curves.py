"""Live curves: losses and metrics over epochs, with zoom, a cursor and a legend that reads values."""

from typing import Any

from pages.parts.components.registration import register

HTML = """
<div class="curves">
  <div class="legend"></div>
  <div class="plot" tabindex="0" role="img">
    <p class="empty" hidden></p>
    <button class="reset" type="button" title="Show the whole run (double click, or Escape)" hidden>whole run</button>
  </div>
  <p class="spoken" role="status"></p>
</div>
"""

_mount = register(
    "curves",
    html=HTML,
    scripts=("vendor/uPlot.iife.min.js", "curves_scales.js", "curves.js"),
    styles=("vendor/uPlot.min.css", "curves.css"),
)


def curves(payload: bytes, *, key: str, height: int = 240) -> Any:
    """Draw the curves of ``payload`` (see ``packing.pack``), ``height`` pixels high with the legend.

    Header::

        {"step": int, "x_label": "epoch", "y_label": "loss", "log": bool, "alt": str, "empty": str,
         "exact": bool, "mark": {"x": float, "label": str} | null,
         "series": [{"name": str, "label": str, "color": "train" | "test" | "accent" | int, "dash": bool,
                     "scale": "y" | "percent", "group": str, "quiet": bool}, …],
         "bands": [[int, int], …]}

    A whole number as a colour is the n-th of the theme's colours for things to be told apart. Series of one "group"
    share an entry of the legend; a "quiet" one is the edge of a band, which fills the place between two series.

    Arrays: ``x`` float32 (n), increasing, and ``y0``, ``y1`` … float32 (n), one for each series, NaN where there is
    no value; a series measured only now and then is drawn through its gaps. A "percent" series holds shares from 0
    to 1 and has its axis on the right. An "exact" axis of x ends with the data, for what does not grow; "mark" is a
    line across it where something begins. ``empty`` is the hint shown while n is 0. Keep n ≤ 2,000.

    Dragging zooms, a double click shows everything again; on the keyboard the arrows move the cursor, + and − zoom
    and Escape resets. Zoom, cursor and hidden series survive new data.
    """
    return _mount(data=payload, key=key, height=height)
