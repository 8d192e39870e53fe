"""Lines, dots and bands of a figure, as plain dicts: Plotly takes those many times faster."""

from collections.abc import Sequence
from typing import Any

import numpy as np

COLORS = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#8C6BB1", "#66758A")
"""Blue and orange first, then Okabe and Ito's."""
SHADED = 2
"""Colours that may shade a figure's whole height together."""
STRIP = 0.03
"""Height of a strip, as a share of the figure's."""


def words(name: str) -> str:
    """Return a registered name as people read it."""
    return name.replace("_", " ")


def line(
    name: str, color: str, x: np.ndarray, y: np.ndarray, *, dash: str = "solid", **arguments: Any
) -> dict[str, Any]:
    """Return a line through ``x`` and ``y``, each (N,), with its name in the legend."""
    drawn = {
        "type": "scatter",
        "mode": "lines",
        "name": words(name),
        "line": {"color": color, "width": 2.5, "dash": dash},
    }
    return {**drawn, "x": x, "y": y, **arguments}


def dot(color: str, x: float, y: float, **arguments: Any) -> dict[str, Any]:
    """Return a dot of its own, without a place in the legend."""
    marker = {"size": 11, "color": color, "line": {"width": 2, "color": "#fff"}}
    drawn = {"type": "scatter", "mode": "markers", "marker": marker, "showlegend": False, "hoverinfo": "skip"}
    return {**drawn, "x": [x], "y": [y], **arguments}


def bands(stretches: Sequence[tuple[str, Sequence[tuple[float, float]]]]) -> list[dict[str, Any]]:
    """Return, for ``layout.shapes``, colours, each with its stretches (from, to) along x.

    One or two colours shade a figure's whole height; more would mix, so each gets a strip of its own at the foot.
    """
    shapes = []
    for place, (color, ends) in enumerate(stretches):
        low, high, opacity = (0.0, 1.0, 0.13)
        if len(stretches) > SHADED:
            low, high, opacity = (place * STRIP, (place + 0.8) * STRIP, 0.6)
        look = {"type": "rect", "fillcolor": color, "opacity": opacity, "line": {"width": 0}, "layer": "below"}
        across = {"xref": "x", "yref": "paper", "y0": low, "y1": high}
        shapes += [{**look, **across, "x0": start, "x1": end} for start, end in ends]
    return shapes


def above_strips(low: float, high: float, colors: int) -> list[float]:
    """Return the range of a y axis that leaves room for the strips of so many ``colors`` below ``low``."""
    share = colors * STRIP if colors > SHADED else 0.0
    return [(low - share * high) / (1 - share), high]


def columns(titles: Sequence[str], rows: Sequence[Sequence[str]]) -> dict[str, list[str]]:
    """Return rows of a table as ``st.table`` takes them: a list for each title."""
    return {title: [row[place] for row in rows] for place, title in enumerate(titles)}
