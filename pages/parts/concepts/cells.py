"""Pictures and maps as cells with their numbers in them, and windows marked on them."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from pages.parts.concepts.plots import DIVERGING, figure

FIT = 16
"""Cells of a picture with no more rows than this are counted one by one along its sides."""
LARGE, SMALL = 32, 46
"""Characters that fit beside each other, large or small, into a row of cells."""
MARK = "#D55E00"


def cells(values: np.ndarray, reach: float, *, rows: np.ndarray, columns: np.ndarray, height: int = 340) -> go.Figure:
    """Return values (H, W) as coloured cells, orange below zero and blue above, with their numbers while they fit.

    Args:
        values: of the cells, the first row on top.
        reach: the value at which a colour is strongest.
        rows: those that are marked, with ``columns``: each crossing is one cell; none if empty.
        columns: likewise.
        height: in pixels.
    """
    size = max(values.shape)
    heat = go.Heatmap(z=values, zmin=-reach, zmax=reach, colorscale=DIVERGING, showscale=False, xgap=1, ygap=1)
    heat.update(hovertemplate="row %{y}, column %{x}: %{z:.4g}<extra></extra>")
    texts = [[short(value) for value in row] for row in values] if size <= FIT else []
    needed = size * max((len(text) for row in texts for text in row), default=SMALL)
    if needed <= SMALL:
        heat.update(text=texts, texttemplate="%{text}", textfont_size=12 if needed <= LARGE else 9)
    drawn = figure(heat, *_marks(rows, columns), x="Column", y="Row", height=height, square=True, showlegend=False)
    drawn.update_xaxes(range=[-0.5, values.shape[1] - 0.5], dtick=1 if size <= FIT else 4, constrain="domain")
    drawn.update_yaxes(range=[values.shape[0] - 0.5, -0.5], dtick=1 if size <= FIT else 4, constrain="domain")
    drawn.update_xaxes(showgrid=False, zeroline=False)
    drawn.update_yaxes(showgrid=False, zeroline=False)
    return drawn


def ring(drawn: go.Figure, padding: int, shape: tuple[int, ...]) -> go.Figure:
    """Mark where a picture lies within its padding; ``shape`` includes the padding."""
    if padding:
        low, right, down = padding - 0.5, shape[1] - padding - 0.5, shape[0] - padding - 0.5
        drawn.add_shape(x0=low, x1=right, y0=low, y1=down, line={"color": "#66758A", "width": 2, "dash": "dot"})
    return drawn


def short(value: float) -> str:
    """Return a value in at most five characters or so."""
    return f"{value:.0f}" if abs(value - round(value)) < 5e-3 or abs(value) >= 100 else f"{value:.2g}"


def _marks(rows: np.ndarray, columns: np.ndarray) -> list[go.Scatter]:
    """Return the outlines of the marked cells: one where they touch, else one for each."""
    if not len(rows):
        return []
    apart = len(rows) > 1 and rows[1] - rows[0] > 1
    blocks = [(r, r, c, c) for r in rows for c in columns] if apart else [(rows[0], rows[-1], columns[0], columns[-1])]
    x: Sequence[float | None] = [
        place
        for _, _, left, right in blocks
        for place in (left - 0.5, right + 0.5, right + 0.5, left - 0.5, left - 0.5, None)
    ]
    y: Sequence[float | None] = [
        place
        for top, bottom, _, _ in blocks
        for place in (top - 0.5, top - 0.5, bottom + 0.5, bottom + 0.5, top - 0.5, None)
    ]
    return [go.Scatter(x=x, y=y, mode="lines", line={"color": MARK, "width": 3}, hoverinfo="skip", cliponaxis=False)]
