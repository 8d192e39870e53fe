"""Generate: networks that make things, from points of the plane to pictures, and how they learn it."""

import streamlit as st

from nets.experiment import Experiment, dump
from nets.recipes import recipes
from pages.parts import live
from pages.parts.bench import Bench
from pages.parts.drawn import OFF_OR_ON
from pages.parts.entry import enter
from pages.parts.generate_curves import CHART_NAMES, curves_card
from pages.parts.generate_data import data_card
from pages.parts.generate_looks import LOOKS, Looks
from pages.parts.generate_network import network_card
from pages.parts.generate_settings import training_card
from pages.parts.image_data import preview
from pages.parts.screens import screen_of
from pages.parts.toolbar import toolbar


def belongs(experiment: Experiment) -> bool:
    """Can this screen show the experiment?"""
    return screen_of(dump(experiment)) == "generate"


enter()
drawn: dict[str, tuple[str | bool, ...]] = {"log_axis": OFF_OR_ON, "making": ("", *LOOKS), "chart": ("", *CHART_NAMES)}
bench = Bench("generate", recipes().get("gan-gaussians").experiment, belongs, drawn)
looks = Looks(bench)
still = preview()
panels = live.Panels(bench, lambda: {**still, **looks.views()}, looks.hear)

with st.container(border=True, key="card_bar"):
    buttons, numbers = st.columns([1.06, 1], gap="small", vertical_alignment="center")
    with buttons:
        toolbar(bench)
    with numbers:
        panels.meters(looks.metric(), looks.losses())
    bench.show_notices()

left, middle, right = st.columns([1.1, 2.3, 1.35], gap="small")
with left.container(border=True, key="card_data"):
    data_card(bench)
with left.container(border=True, key="card_network", height="stretch"):
    network_card(bench)
with middle.container(border=True, key="card_made", height="stretch"):
    looks.draw(panels)
with right.container(border=True, key="card_curves"):
    curves_card(bench, panels)
with right.container(border=True, key="card_settings", height="stretch"):
    training_card(bench)
panels.stream()
