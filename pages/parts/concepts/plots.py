"""Plotly figures as all concepts have them: small margins, the app's own colours, nothing that zooms by accident."""

from typing import Any

import plotly.graph_objects as go
import streamlit as st

DIVERGING = [[0.0, "#E69F00"], [0.5, "#E8EDF2"], [1.0, "#0072B2"]]
"""From orange over pale to blue, as on every screen: low, middle, high."""


def figure(*traces: Any, x: str = "", y: str = "", height: int = 340, square: bool = False, **layout: Any) -> go.Figure:
    """Return a figure of some traces with titles along its axes; ``square`` makes both axes' units equal.

    Plotly checks a layout that it is made with faster than changes to one: what can be said in ``layout`` should be.
    """
    settings: dict[str, Any] = {
        "height": height,
        "margin": {"l": 8, "r": 8, "t": 12, "b": 8},
        "dragmode": False,
        "legend": {"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
        "uirevision": "kept",
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "xaxis": {},
        "yaxis": {"scaleanchor": "x", "scaleratio": 1} if square else {},
    }
    paths = {name: value for name, value in layout.items() if "_" in name}  # such as xaxis_range
    for name, value in layout.items():
        if name not in paths:
            settings[name] = {**settings.get(name, {}), **value} if isinstance(value, dict) else value
    for name in settings:
        if name.startswith(("xaxis", "yaxis")):
            title = {"title": {"text": x if name.startswith("x") else y}}
            settings[name] = {**title, "fixedrange": True, "automargin": True, **settings[name]}
    drawn = go.Figure(list(traces), settings)
    return drawn.update_layout(paths) if paths else drawn


def show(drawn: go.Figure, key: str, alt: str) -> None:
    """Draw a figure; ``alt`` is read to who does not see it."""
    st.plotly_chart(drawn, key=key, config={"displayModeBar": False}, alt=alt)
