"""Series: networks that remember, and what they tell ahead."""

import streamlit as st

from nets.experiment import Experiment
from nets.recipes import recipes
from pages.parts import health, live, payloads, settings
from pages.parts.bench import Bench
from pages.parts.beside import beside_card
from pages.parts.components.curves import curves
from pages.parts.drawn import OFF_OR_ON
from pages.parts.entry import enter
from pages.parts.sequence_network import network_card
from pages.parts.series_data import data_card
from pages.parts.series_looks import LOOKS, Looks
from pages.parts.toolbar import toolbar

LOSSES = [("train_loss", "train loss"), ("test_loss", "test loss")]
ACCURACIES = [("train_accuracy", "train accuracy"), ("test_accuracy", "test accuracy")]


def belongs(experiment: Experiment) -> bool:
    """Can this screen show the experiment?"""
    return experiment.data.kind == "series" and experiment.train.objective.kind == "supervised"


enter()
drawn: dict[str, tuple[str | bool, ...]] = {"log_axis": OFF_OR_ON, "series_look": ("", *LOOKS)}
bench = Bench("series", recipes().get("sine-lstm").experiment, belongs, drawn)
looks = Looks(bench)
panels = health.watched_panels(bench, looks.views(), views_beside=looks.views_beside())
classifies = bench.experiment.data.info().task != "regression"

with st.container(border=True, key="card_bar"):
    buttons, numbers = st.columns([1.06, 1], gap="small", vertical_alignment="center")
    with buttons:
        toolbar(bench)
    with numbers:
        panels.meters(looks.metric())
    bench.show_notices()

left, middle, right = st.columns([1.1, 2.3, 1.35], gap="small")
with left.container(border=True, key="card_data"):
    data_card(bench)
with left.container(border=True, key="card_network", height="stretch"):
    network_card(bench)
with middle.container(border=True, key="card_series", height="stretch"):
    looks.draw(panels)
with right.container(border=True, key="card_curves"):
    place = st.container()
    with st.container(horizontal=True, gap="small", vertical_alignment="center", horizontal_alignment="distribute"):
        log = st.toggle("Log axis", key="log_axis", persist_state="session", help="Draw losses on a logarithmic axis")
        beside_card(bench)
    with place:
        shown = LOSSES + (ACCURACIES if classifies else [])
        curves(
            panels.add(
                "curves",
                lambda: payloads.curves_payload(bench.run, shown, y_label="loss", log=log, beside=bench.beside),
                every=live.STEADY,
            ),
            key="curves",
            height=250,
        )
with right.container(border=True, key="card_settings", height="stretch"):
    settings.training_card(bench, columns=2, sizes=False)
health.health_line(bench, panels)
panels.stream()
