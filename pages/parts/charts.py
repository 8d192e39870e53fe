"""Curves that are drawn together over the epochs, and the choice between several of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from pages.parts import live, payloads
from pages.parts.bench import Bench
from pages.parts.beside import beside_card
from pages.parts.components.curves import curves
from pages.parts.generate_choice import choose, chosen

PERCENT = {"scale": "percent"}
TRAIN, TEST = {"color": "train"}, {"color": "test"}


@dataclass(frozen=True)
class Chart:
    """Curves that are drawn together: (metric, label) each, what each looks like, and what the left axis says."""

    name: str
    series: tuple[tuple[str, str], ...]
    y_label: str = ""
    looks: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


LOSSES = Chart("Losses", (("train_loss", "train loss"), ("test_loss", "test loss")), "loss")
ACCURACIES = (("train_accuracy", "train accuracy"), ("test_accuracy", "test accuracy"))
LOSSES_AND_ACCURACIES = Chart("Losses and accuracies", (*LOSSES.series, *ACCURACIES), "loss")


def chart_card(bench: Bench, panels: live.Panels, charts: Sequence[Chart]) -> None:
    """Draw the choice between charts, and the one that is chosen."""
    by_name = {chart.name: chart for chart in charts}
    chart = by_name[chosen("chart", tuple(by_name))]
    choose("chart", tuple(by_name), "Curves", str)
    curves_card(bench, panels, chart, height=230)


def curves_card(bench: Bench, panels: live.Panels, chart: Chart, *, height: int = 250) -> None:
    """Draw a chart ``height`` pixels high, and the switch of its axis."""
    drawn = st.container()
    with st.container(horizontal=True, gap="small", vertical_alignment="center", horizontal_alignment="distribute"):
        log = st.toggle("Log axis", key="log_axis", persist_state="session", help="Draw the left axis logarithmically")
        beside_card(bench)
    with drawn:
        curves(
            panels.add(
                "curves",
                lambda: payloads.curves_payload(
                    bench.run, chart.series, y_label=chart.y_label, log=log, beside=bench.beside, looks=chart.looks
                ),
                every=live.STEADY,
            ),
            key="curves",
            height=height,
        )
