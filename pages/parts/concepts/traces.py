"""Lines, dots and bands of a figure, as plain dicts: Plotly takes them many times faster than one by one."""

from collections.abc import Sequence
from typing import Any

import numpy as np

COLORS = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#8C6BB1", "#66758A")
"""Blue and orange first, then Okabe and Ito's."""


def words(name: str) -> str:
    """Return a registered name as people read it."""
    return name.replace("_", " ")


def line(name: str, color: str, x: np.ndarray, y: np.ndarray, **arguments: Any) -> dict[str, Any]:
    """Return a line through ``x`` and ``y``, each (N,), with its name in the legend."""
    drawn = {"type": "scatter", "mode": "lines", "name": words(name), "line": {"color": color, "width": 2.5}}
    return {**drawn, "x": x, "y": y, **arguments}


def dot(color: str, x: float, y: float, **arguments: Any) -> dict[str, Any]:
    """Return a dot of its own, without a place in the legend."""
    marker = {"size": 11, "color": color, "line": {"width": 2, "color": "#fff"}}
    drawn = {"type": "scatter", "mode": "markers", "marker": marker, "showlegend": False, "hoverinfo": "skip"}
    return {**drawn, "x": [x], "y": [y], **arguments}


def band(color: str, start: float, end: float) -> dict[str, Any]:
    """Return a band over a figure's whole height, from ``start`` to ``end`` along x, for ``layout.shapes``."""
    place = {"xref": "x", "yref": "paper", "x0": start, "x1": end, "y0": 0, "y1": 1}
    return {"type": "rect", **place, "fillcolor": color, "opacity": 0.13, "line": {"width": 0}, "layer": "below"}


def columns(titles: Sequence[str], rows: Sequence[Sequence[str]]) -> dict[str, list[str]]:
    """Return rows of a table as ``st.table`` takes them: a list for each title."""
    return {title: [row[place] for row in rows] for place, title in enumerate(titles)}
