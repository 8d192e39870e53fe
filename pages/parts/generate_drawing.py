"""Drawing a distribution onto the plane by hand."""

import math
from collections.abc import Mapping
from typing import Any

import streamlit as st

from nets.datasets.distributions.drawn_shape import DrawnShape
from nets.wording import plural
from pages.parts.bench import Bench
from pages.parts.permissions import is_locked

ERASER_RADIUS = 0.1
MOST_DRAWN = 2000
"""Points that a distribution may be drawn with."""


def drawing_tool(bench: Bench) -> dict[str, Any] | None:
    """Draw the choice of what a stroke on the plane does; None where the data are not drawn by hand."""
    data = bench.experiment.data
    if not isinstance(data, DrawnShape) or is_locked("data.drawn"):
        return None
    with st.container(horizontal=True, gap="xsmall", vertical_alignment="center"):
        action = st.segmented_control(
            "A stroke on the plane",
            ("add", "erase"),
            default="add",
            required=True,
            key="generate_tool",
            label_visibility="collapsed",
            format_func={"add": ":material/draw: Draw", "erase": ":material/ink_eraser: Erase"}.__getitem__,
        )
        st.button(
            "Clear",
            key="clear_drawn",
            icon=":material/delete:",
            help="Leave one point in the middle",
            disabled=len(data.drawn) < 2,
            on_click=lambda: bench.change({"data.drawn": [[0.0, 0.0]]}),
        )
        st.caption(f"{plural(len(data.drawn), 'point')} drawn")
    return {"action": action or "add", "radius": ERASER_RADIUS}


def place_points(bench: Bench, stroke: Mapping[str, Any] | None) -> None:
    """Add the points of a stroke, or erase what it has touched."""
    data = bench.experiment.data
    if not stroke or not isinstance(data, DrawnShape):
        return
    drawn = after(data.drawn, str(stroke["action"]), [(float(x), float(y)) for x, y in stroke["points"]])
    if drawn:
        bench.change({"data.drawn": [list(point) for point in drawn]})
    else:
        bench.refuse("One point at least stays: there must be something to learn.")


def after(
    drawn: tuple[tuple[float, float], ...], action: str, points: list[tuple[float, float]]
) -> list[tuple[float, float]]:
    """Return what is drawn after a stroke: with its points, kept inside -1 … 1, or without what is near them."""
    if action == "erase":
        return [known for known in drawn if all(math.dist(known, point) > ERASER_RADIUS for point in points)]
    inside = [(_within(x), _within(y)) for x, y in points]
    return [*drawn, *inside][-MOST_DRAWN:]


def _within(value: float) -> float:
    return max(-1.0, min(1.0, round(value, 3)))
