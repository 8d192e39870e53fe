"""Drawing points onto the plane by hand."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from nets.datasets.points.drawn import Drawn
from pages.parts.bench import Bench

ERASER_RADIUS = 0.6
FEWEST_POINTS = 2
"""One to train on and one to test on."""


def drawing_tool(bench: Bench) -> dict[str, Any] | None:
    """Draw the choice of what a click on the map does; None where the data are not drawn by hand."""
    data = bench.experiment.data
    if not isinstance(data, Drawn):
        return None
    options: list[int | str] = [*range(data.num_classes), "erase"]
    with st.container(horizontal=True, gap="xsmall", vertical_alignment="center"):
        chosen = st.segmented_control(
            "A click on the map adds",
            options,
            default=1,
            required=True,
            key="tool",
            label_visibility="collapsed",
            format_func=lambda option: "Erase" if option == "erase" else f"Class {option}",
        )
        st.button(
            "Clear",
            key="clear_points",
            icon=":material/delete:",
            disabled=len(data.points) <= FEWEST_POINTS,
            on_click=lambda: bench.change({"data.points": [list(data.points[0]), list(data.points[-1])]}),
        )
    return {"action": "erase", "label": 0} if chosen == "erase" else {"action": "add", "label": int(chosen or 0)}


def place_point(bench: Bench, point: Mapping[str, Any] | None) -> None:
    """Add or erase a point where the map was clicked, and draw the page again."""
    data = bench.experiment.data
    if not point or not isinstance(data, Drawn):
        return
    x1, x2 = (max(-6.0, min(6.0, round(float(point[axis]), 2))) for axis in ("x1", "x2"))
    points = [list(known) for known in data.points]
    if point["action"] == "add":
        points.append([x1, x2, int(point["label"])])
    else:
        points = [known for known in points if (known[0] - x1) ** 2 + (known[1] - x2) ** 2 > ERASER_RADIUS**2]
    bench.change({"data.points": points})
    st.rerun()
