"""What most screens are made of: a bar at the top, and three columns of cards below it."""

from collections.abc import Callable, Sequence

import streamlit as st

from pages.parts import live
from pages.parts.bench import Bench
from pages.parts.payloads import LOSSES
from pages.parts.toolbar import toolbar

Draw = Callable[[], None]


def bar(bench: Bench, panels: live.Panels, metric: tuple[str, str], losses: Sequence[tuple[str, str]] = LOSSES) -> None:
    """Draw the bar: buttons, the numbers that ``Panels.meters`` takes, and below these what there is to say."""
    with st.container(border=True, key="card_bar"):
        left, right = st.columns([0.97, 1], gap="small", vertical_alignment="center")
        with left:
            toolbar(bench)
        with right:
            panels.meters(metric, losses)
        bench.show_notices()


def cards(*, data: Draw, network: Draw, middle: tuple[str, Draw], curves: Draw, training: Draw) -> None:
    """Draw the cards below the bar, what is looked at in the middle: its name, and what draws it."""
    name, look = middle
    left, center, right = st.columns([1.1, 2.3, 1.35], gap="small")
    with left.container(border=True, key="card_data"):
        data()
    with left.container(border=True, key="card_network", height="stretch"):
        network()
    with center.container(border=True, key=f"card_{name}", height="stretch"):
        look()
    with right.container(border=True, key="card_curves"):
        curves()
    with right.container(border=True, key="card_settings", height="stretch"):
        training()
