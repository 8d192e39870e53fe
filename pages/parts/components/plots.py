"""Small plots side by side: points, lines, bars and steps over numbers or words."""

from typing import Any

from pages.parts.components.registration import register

HTML = '<div class="plots"><p class="hint"></p><div class="grid"></div></div>'

_mount = register("plots", html=HTML, scripts=("plots_draw.js", "plots.js"), styles=("plots.css",))


def plots(payload: bytes, *, key: str) -> Any:
    """Draw the plots of ``payload`` (see ``packing.pack``).

    Header::

        {"step": int, "empty": str, "width": int, "height": int, "plots": [
          {"title": str, "note": str, "alt": str, "x_label": str, "y_label": str, "diagonal": bool, "zero": bool,
           "x_range": [low, high] | null, "y_range": [low, high] | null, "words": [str, …],
           "series": [{"kind": "points" | "line" | "bars" | "rows", "color": str | int, "label": str, "faint": bool,
                       "x": str, "y": str, "spread": str}, …]}, …]}

    ``width`` is the least that a plot has in CSS pixels, ``height`` what each has. ``x``, ``y`` and ``spread`` name
    float32 arrays of one length. Colours are those of curves (train, test, accent, muted) or the number of a class.
    "bars" stand over x, whose steps are even; "rows" lie beside ``words``, one for each y, from zero. ``words`` also
    stand below whole numbers of x. ``diagonal`` draws y = x, ``zero`` a line at 0.
    """
    return _mount(data=payload, key=key)
