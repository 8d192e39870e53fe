"""The data card of the Points screen: what to learn, how noisy, how much of it to train on."""

from typing import Any

import streamlit as st

from nets.datasets import DATASETS
from nets.datasets.curves.base import CurveConfig
from nets.datasets.points.base import PointsConfig
from nets.datasets.points.drawn import Drawn
from pages.parts import fields
from pages.parts.bench import Bench
from pages.parts.components.choices import choices
from pages.parts.data_choice import in_order, regenerate
from pages.parts.permissions import is_hidden, is_locked
from pages.parts.point_payloads import choices_payload
from pages.parts.showing import shown

PROBLEMS = ("Classify", "Surface", "Curve")
FIRST = ("circle", "xor", "gauss", "spiral", "plane", "sine", "line")
LAST = ("drawn",)
CURVE_OPTIMIZER = {"kind": "adam", "learning_rate": 0.01}
"""A curve's y may be anything; plain SGD at the pace that suits classes -1 and 1 loses its way there."""


def problem_of(name: str) -> str:
    """Return which problem a dataset sets."""
    config = DATASETS.get(name)
    if issubclass(config, CurveConfig):
        return "Curve"
    return "Surface" if config().info().task == "regression" else "Classify"


def names_for(problem: str) -> tuple[str, ...]:
    """Return the datasets of a problem in the order people know them by; new ones follow, the user's own come last."""
    found = [
        name
        for name, config in DATASETS.items()
        if issubclass(config, PointsConfig | CurveConfig) and problem_of(name) == problem
    ]
    return in_order(found, FIRST, LAST)


def data_card(bench: Bench) -> None:
    """Draw the card."""
    data = bench.experiment.data
    if not is_hidden("data.name"):
        _picker(bench, data.name)
    noise, share = st.columns(2, gap="small")
    with noise:
        if isinstance(data, CurveConfig):
            fields.slider(bench, "data.noise", "Noise", (0.0, 0.1, 0.2, 0.3, 0.5, 1.0, 2.0), "{:g}".format)
        else:
            fields.slider(bench, "data.noise", "Noise", [place / 20 for place in range(11)], "{:.0%}".format)
    with share:
        fields.slider(bench, "data.train_share", "Train on", [place / 10 for place in range(1, 10)], "{:.0%}".format)
    if is_hidden("data.sample"):
        return
    with st.container(horizontal=True, gap="xsmall"):
        regenerate(bench)
        with st.popover("More", icon=":material/tune:", help="How many points, how many classes"):
            own = ("num_points",) if isinstance(data, Drawn) else ()
            fields.everything(bench, "data", skip=("sample", "noise", "train_share", *own))


def _picker(bench: Bench, name: str) -> None:
    """Draw the choice of problem and of data set."""
    problem = problem_of(name)
    st.segmented_control(
        "Problem",
        PROBLEMS,
        **shown("problem", problem, "default"),
        required=True,
        label_visibility="collapsed",
        width="stretch",
        disabled=is_locked("data.name"),
        on_change=lambda: _pick(bench, names_for(st.session_state["problem"])[0]),
    )
    choices(
        choices_payload(names_for(problem), name, 3),
        key="dataset",
        on_picked_change=lambda: _pick(bench, st.session_state["dataset"].picked),
    )


def _pick(bench: Bench, name: str | None) -> None:
    """Go to another dataset; what does not suit it becomes the usual: loss, output, untouched noise and optimizer."""
    data = bench.experiment.data
    if not name or name == data.name:
        return
    was, is_now = problem_of(data.name), problem_of(name)
    new = DATASETS.get(name)()
    assert isinstance(data, PointsConfig | CurveConfig)
    assert isinstance(new, PointsConfig | CurveConfig)
    changes: dict[str, Any] = {"data.name": name}
    if was != is_now or new.info().task != data.info().task:
        changes |= {"train.loss": "auto", "model.output_activation": "auto"}
    if "Curve" in (was, is_now):
        usual = type(data)()
        if was != is_now or data.noise == usual.noise:
            changes["data.noise"] = new.noise
        if data.train_share == usual.train_share:
            changes["data.train_share"] = new.train_share
    if was != is_now and _optimizer(bench) == _usual_optimizer(bench, was):
        changes |= {f"train.optimizer.{key}": value for key, value in _usual_optimizer(bench, is_now).items()}
    bench.change(changes)


def _optimizer(bench: Bench) -> dict[str, Any]:
    return {key: bench.value(f"train.optimizer.{key}") for key in CURVE_OPTIMIZER}


def _usual_optimizer(bench: Bench, problem: str) -> dict[str, Any]:
    if problem == "Curve":
        return CURVE_OPTIMIZER
    usual = bench.default.train.optimizer
    return {"kind": usual.kind, "learning_rate": usual.learning_rate}
