"""Plotly figures as all concepts have them: small margins, the app's own colours, nothing that zooms by accident."""

from typing import Any

import plotly.graph_objects as go
import streamlit as st

DIVERGING = [[0.0, "#E69F00"], [0.5, "#E8EDF2"], [1.0, "#0072B2"]]
"""From orange over pale to blue, as on every screen: low, middle, high."""


def figure(*traces: Any, x: str = "", y: str = "", height: int = 340, square: bool = False, **layout: Any) -> go.Figure:
    """Return a figure of some traces with titles along its axes; ``square`` makes both axes' units equal."""
    drawn = go.Figure(data=list(traces))
    drawn.update_layout(
        height=height,
        margin={"l": 8, "r": 8, "t": 12, "b": 8},
        dragmode=False,
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
        uirevision="kept",
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        **layout,
    )
    drawn.update_xaxes(title_text=x, fixedrange=True, automargin=True)
    drawn.update_yaxes(title_text=y, fixedrange=True, automargin=True)
    if square:
        drawn.update_yaxes(scaleanchor="x", scaleratio=1)
    return drawn


def show(drawn: go.Figure, key: str, alt: str) -> None:
    """Draw a figure; ``alt`` is read to who does not see it."""
    st.plotly_chart(drawn, key=key, config={"displayModeBar": False}, alt=alt)
