"""Images: teach dense and convolutional networks to read handwritten digits, and watch their predictions."""

from typing import Literal

import streamlit as st

from nets.architectures.cnn import CNN
from nets.architectures.mlp import MLP
from nets.experiment import Experiment
from nets.recipes import recipes
from nets.views import View
from nets.views.layers import LayersView
from nets.views.predictions import PredictionsView
from pages.parts import live, payloads, settings
from pages.parts.bench import Bench
from pages.parts.components.curves import curves
from pages.parts.components.pictures import pictures
from pages.parts.entry import enter
from pages.parts.image_network import image_data_card, layer_table, network_card
from pages.parts.toolbar import toolbar

Order = Literal["all", "wrong", "hardest"]
ORDERS = {"all": "All", "wrong": "Only wrong", "hardest": "Hardest first"}
PICTURES = 64
SERIES = [
    ("train_loss", "train loss"),
    ("test_loss", "test loss"),
    ("train_accuracy", "train accuracy"),
    ("test_accuracy", "test accuracy"),
]


def belongs(experiment: Experiment) -> bool:
    """Can this screen show the experiment?"""
    return experiment.data.kind == "images" and isinstance(experiment.model, MLP | CNN)


def choose_order() -> None:
    """Draw the choice of which test pictures are shown; the session state holds it."""
    st.session_state.setdefault("order", "all")
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.markdown("**Predictions on test pictures**", help="✗ 8≠6 · 70 %: taken for an 8, is a 6, 70 % sure")
        st.segmented_control(
            "Order",
            tuple(ORDERS),
            key="order",
            required=True,
            format_func=ORDERS.__getitem__,
            label_visibility="collapsed",
            persist_state="session",
        )


enter()
bench = Bench("images", recipes().get("mlp-digits").experiment, belongs, ("log_axis",))
order: Order = st.session_state.get("order") or "all"
views: dict[str, View] = {"layers": LayersView(), "predictions": PredictionsView(count=PICTURES, order=order)}
panels = live.Panels(bench, views)
nothing = "Not one test picture is wrong" if order == "wrong" else "The network is being built"

with st.container(border=True, key="card_bar"):
    buttons, numbers = st.columns([1.06, 1], gap="small", vertical_alignment="center")
    with buttons:
        toolbar(bench)
    with numbers:
        panels.meters(("test_accuracy", "test accuracy"))
    bench.show_notices()

left, middle, right = st.columns([1.1, 2.3, 1.35], gap="small")
with left.container(border=True, key="card_data"):
    image_data_card(bench)
with left.container(border=True, key="card_network", height="stretch"):
    network_card(bench)
    layer_table(bench.run)
with middle.container(border=True, key="card_pictures", height="stretch"):
    choose_order()
    pictures(
        panels.add("pictures", lambda: payloads.predictions_payload(bench.run, empty=nothing)),
        key="pictures",
    )
with right.container(border=True, key="card_curves"):
    drawn = st.container()
    log = st.toggle("Log axis", key="log_axis", persist_state="session", help="Draw losses on a logarithmic axis")
    with drawn:
        curves(
            panels.add(
                "curves",
                lambda: payloads.curves_payload(bench.run, SERIES, y_label="loss", log=log),
                every=live.STEADY,
            ),
            key="curves",
            height=250,
        )
with right.container(border=True, key="card_settings", height="stretch"):
    settings.training_card(bench, columns=2, sizes=False)
panels.stream()
