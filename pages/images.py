"""Images: networks that see, from a dense one to a transformer, and what they do with real pictures."""

import streamlit as st

from nets.experiment import Experiment
from nets.recipes import recipes
from nets.views.layers import LayersView
from pages.parts import health, live, payloads, settings
from pages.parts.bench import Bench
from pages.parts.beside import beside_card
from pages.parts.components.curves import curves
from pages.parts.drawn import OFF_OR_ON
from pages.parts.entry import enter
from pages.parts.image_data import data_card, preview
from pages.parts.image_looks import CHOICES, Looks
from pages.parts.image_network import layer_table, network_card
from pages.parts.toolbar import toolbar

SERIES = [
    ("train_loss", "train loss"),
    ("test_loss", "test loss"),
    ("train_accuracy", "train accuracy"),
    ("test_accuracy", "test accuracy"),
]


def belongs(experiment: Experiment) -> bool:
    """Can this screen show the experiment?"""
    return experiment.data.kind == "images" and experiment.train.objective.kind == "supervised"


enter()
bench = Bench("images", recipes().get("mlp-digits").experiment, belongs, {"log_axis": OFF_OR_ON, **CHOICES})
looks = Looks(bench)
still = {"layers": LayersView(), **preview()}
panels = health.watched_panels(bench, lambda: {**still, **looks.views()}, looks.hear)

with st.container(border=True, key="card_bar"):
    buttons, numbers = st.columns([1.06, 1], gap="small", vertical_alignment="center")
    with buttons:
        toolbar(bench)
    with numbers:
        panels.meters(("test_accuracy", "test accuracy"))
    bench.show_notices()

left, middle, right = st.columns([1.1, 2.3, 1.35], gap="small")
with left.container(border=True, key="card_data"):
    data_card(bench)
with left.container(border=True, key="card_network", height="stretch"):
    network_card(bench)
    layer_table(bench.run)
with middle.container(border=True, key="card_pictures", height="stretch"):
    looks.draw(panels)
with right.container(border=True, key="card_curves"):
    drawn = st.container()
    with st.container(horizontal=True, gap="small", vertical_alignment="center", horizontal_alignment="distribute"):
        log = st.toggle("Log axis", key="log_axis", persist_state="session", help="Draw losses on a logarithmic axis")
        beside_card(bench)
    with drawn:
        curves(
            panels.add(
                "curves",
                lambda: payloads.curves_payload(bench.run, SERIES, y_label="loss", log=log, beside=bench.beside),
                every=live.STEADY,
            ),
            key="curves",
            height=250,
        )
with right.container(border=True, key="card_settings", height="stretch"):
    settings.training_card(bench, columns=2, sizes=False)
health.health_line(bench, panels)
panels.stream()
