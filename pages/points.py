"""Points: classify points in the plane, fit surfaces and curves, and edit the network in its own diagram."""

import streamlit as st

from nets.architectures.mlp import MLP
from nets.datasets.curves.base import CurveConfig
from nets.datasets.points.base import PointsConfig
from nets.datasets.points.drawn import Drawn
from nets.experiment import Experiment
from nets.recipes import recipes
from nets.runs.run import Run
from nets.views import View
from nets.views.curve import CurveView
from nets.views.network import NetworkView
from nets.views.surface import SurfaceView
from pages.parts import health, live, payloads, point_payloads, settings
from pages.parts.bench import Bench
from pages.parts.beside import beside_card, difference, other_run
from pages.parts.components.curves import curves
from pages.parts.components.fit import fit
from pages.parts.components.network import network
from pages.parts.components.plane import plane
from pages.parts.diagram import edit_diagram
from pages.parts.drawing import drawing_tool, place_point
from pages.parts.drawn import OFF_OR_ON
from pages.parts.entry import enter
from pages.parts.point_data import data_card
from pages.parts.toolbar import toolbar

DIAGRAM_HEIGHT = 400
CHOICES = {"show_test": OFF_OR_ON, "discretize": OFF_OR_ON, "log_axis": OFF_OR_ON}


def belongs(experiment: Experiment) -> bool:
    """Can this screen show the experiment?"""
    return isinstance(experiment.data, PointsConfig | CurveConfig) and isinstance(experiment.model, MLP)


enter()
bench = Bench("points", recipes().get("circle").experiment, belongs, CHOICES)
is_curve = isinstance(bench.experiment.data, CurveConfig)
is_values = bench.experiment.data.info().task == "regression"
beside = other_run(bench)


def said_by(run: Run) -> dict[str, View]:
    """Return the view of what a run's network says."""
    return {"curve": CurveView()} if isinstance(run.experiment.data, CurveConfig) else {"surface": SurfaceView()}


panels = health.watched_panels(
    bench, {"network": NetworkView(), **said_by(bench.run)}, views_beside=said_by(beside) if beside else None
)


def diagram() -> None:
    """Draw the network as a diagram that is also its control panel."""
    network(
        panels.add("network", lambda: point_payloads.network_payload(bench.run)),
        key="network",
        height=DIAGRAM_HEIGHT,
        on_edit_change=lambda: edit_diagram(bench, st.session_state["network"].edit),
    )


def output() -> None:
    """Draw what the network says, with the data."""
    drawn = st.container()
    with st.container(horizontal=True, gap="xsmall"):
        if isinstance(bench.experiment.data, Drawn):
            st.session_state["drawn_test"] = True
            show_test = st.toggle("Test data", key="drawn_test", disabled=True, help="What you draw is always shown")
        else:
            show_test = st.toggle("Test data", key="show_test", persist_state="session", help="Draw the test data too")
        discretize = not is_values and st.toggle(
            "Discretize", key="discretize", persist_state="session", help="Show the class alone"
        )
    tool = drawing_tool(bench)
    if beside is not None and beside_curves is not None:
        with beside_curves:
            output_beside(beside, show_test=show_test, discretize=discretize)
    with drawn:
        if is_curve:
            fit(panels.add("fit", lambda: point_payloads.fit_payload(bench.run, show_test=show_test)), key="fit")
            return
        plane(
            panels.add(
                "plane",
                lambda: point_payloads.plane_payload(bench.run, discretize=discretize, show_test=show_test, tool=tool),
            ),
            key="plane",
            on_point_change=lambda: place_point(bench, st.session_state["plane"].point),
        )


def output_beside(other: Run, *, show_test: bool, discretize: bool) -> None:
    """Draw the same of the run beside this one."""
    st.caption(f"Beside: {difference(other.experiment, bench.experiment)}")
    if isinstance(other.experiment.data, CurveConfig):
        payload = panels.add("fit_beside", lambda: point_payloads.fit_payload(other, show_test=show_test))
        fit(payload, key="fit_beside")
        return
    payload = panels.add(
        "plane_beside", lambda: point_payloads.plane_payload(other, discretize=discretize, show_test=show_test)
    )
    plane(payload, key="plane_beside")


def loss_curves() -> None:
    """Draw losses and accuracy over the epochs."""
    drawn = st.container()
    with st.container(horizontal=True, gap="small", vertical_alignment="center", horizontal_alignment="distribute"):
        log = st.toggle("Log axis", key="log_axis", persist_state="session", help="Draw losses on a logarithmic axis")
        beside_card(bench)
    series = [("train_loss", "train loss"), ("test_loss", "test loss")]
    if not is_values:
        series.append(("test_accuracy", "test accuracy"))
    payload = panels.add(
        "curves",
        lambda: payloads.curves_payload(bench.run, series, y_label="loss", log=log, beside=bench.beside),
        every=live.STEADY,
    )
    with drawn:
        curves(payload, key="curves", height=220)


with st.container(border=True, key="card_bar"):
    buttons, numbers = st.columns([0.97, 1], gap="small", vertical_alignment="center")
    with buttons:
        toolbar(bench)
    with numbers:
        panels.meters(("test_r2", "test R²") if is_values else ("test_accuracy", "test accuracy"))
    bench.show_notices()
left, middle, right = st.columns([1.12, 2.5, 1.4], gap="small")
with left.container(border=True, key="card_data", height="stretch"):
    data_card(bench)
with middle.container(border=True, key="card_network", height="stretch"):
    diagram()
with right.container(border=True, key="card_output", height="stretch"):
    shown = st.container()
lower_left, *lower_middle, lower_right = st.columns([1, 0.64, 1.02] if beside else [1, 1.15], gap="small")
beside_curves = lower_middle[0].container(border=True, key="card_beside", height="stretch") if beside else None
with shown:
    output()
with lower_left.container(border=True, key="card_curves", height="stretch"):
    loss_curves()
with lower_right.container(border=True, key="card_settings", height="stretch"):
    settings.training_card(bench, columns=3 if beside else 4)
health.health_line(bench, panels, has_diagram=True)
panels.stream()
