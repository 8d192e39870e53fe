"""Forward and backward, number by number: a 2-2-1 network, the chain rule written out, and autograd beside it."""

import numpy as np
import streamlit as st

from nets.activations import ACTIVATIONS
from nets.concepts import backpropagation as computed
from nets.concepts.backpropagation import Backward, Case, Forward, Weights
from pages.parts.components.sketch import sketch
from pages.parts.concepts.backpropagation_drawing import drawing
from pages.parts.concepts.backpropagation_words import PARAMETERS, STEPS, TITLES, step_in_words
from pages.parts.concepts.concept import Concept, Question

STARTS = {"x1": 1.0, "x2": -2.0, "target": 1.0, "rate": 0.1} | dict(
    zip(PARAMETERS, (0.5, -0.3, 0.2, 0.4, 0.1, -0.1, 0.6, -0.4, 0.2), strict=True)
)
MOST = 10.0
EQUAL = 1e-6
"""Gradients that differ by less are called equal."""


def draw() -> None:
    """Draw the steps, the network with its numbers, the formulas of the step, and what autograd says."""
    for name, start in STARTS.items():
        st.session_state.setdefault(_key(name), start)
    st.session_state.setdefault("backpropagation_step", STEPS[0])
    stepping = st.container(border=True, key="card_steps")
    drawn, words = st.columns([1, 1], gap="medium")
    table, settings = st.columns([1, 1], gap="medium")
    with settings.container(border=True, key="card_settings"):
        case, rate = _settings()
    with stepping:
        step = _stepping()
    went = computed.forward(case)
    back = computed.backward(case, went)
    with drawn.container(border=True, key="card_drawing"):
        sketch(drawing(step, case, went, back), key="backpropagation_drawing")
        st.caption(
            "Weights at the edges, b the bias, z the sum; in orange, ∂: the gradient of the loss, as it comes back."
        )
    with words.container(border=True, key="card_words"):
        st.markdown(f"**{STEPS.index(step) + 1}. {TITLES[step]}**")
        for formula in step_in_words(step, case, went, back, rate):
            st.latex(formula)
        if step == "update":
            _go_on(case, went, back.weights, rate)
    with table.container(border=True, key="card_autograd"):
        _beside_autograd(case, went, back, STEPS.index(step))


def _key(name: str) -> str:
    return f"backpropagation_{name}"


def _stepping() -> str:
    at = STEPS.index(st.session_state["backpropagation_step"])
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            "Back",
            icon=":material/chevron_left:",
            key="backpropagation_back",
            disabled=at == 0,
            on_click=_turn,
            args=(-1,),
        )
        st.button(
            "Next",
            icon=":material/chevron_right:",
            key="backpropagation_next",
            type="primary",
            disabled=at == len(STEPS) - 1,
            on_click=_turn,
            args=(1,),
        )
        return st.select_slider("Step", STEPS, key="backpropagation_step", label_visibility="collapsed")


def _turn(by: int) -> None:
    at = STEPS.index(st.session_state["backpropagation_step"]) + by
    st.session_state["backpropagation_step"] = STEPS[min(max(at, 0), len(STEPS) - 1)]


def _settings() -> tuple[Case, float]:
    st.markdown("**Every number is yours**")
    with st.grid(4, min_column_width=96, gap="small"):
        inputs = np.array([_number("x1", "Input $x_1$"), _number("x2", "Input $x_2$")])
        loss = st.selectbox("Loss", computed.LOSSES_BY_HAND, key=_key("loss"))
        if loss == "mse":
            target = _number("target", "Target $y$")
        else:
            target = float(st.segmented_control("Class $y$", (0, 1), default=1, required=True, key=_key("class")))
        flat = np.array([_number(name, f"${name}$") for name in PARAMETERS])
        names = tuple(name for name in ACTIVATIONS.names() if name in computed.SLOPES)
        activation = st.selectbox("Activation $f$", names, index=names.index("tanh"), key=_key("activation"))
        rate = st.number_input("Learning rate $\\eta$", 0.001, MOST, step=0.05, key=_key("rate"), format="%g")
    weights = Weights(flat[:4].reshape(2, 2), flat[4:6], flat[6:8], flat[8].reshape(()))
    return Case(inputs, target, weights, activation, loss), rate


def _number(name: str, label: str) -> float:
    return st.number_input(label, -MOST, MOST, step=0.1, key=_key(name), format="%.3g")


def _go_on(case: Case, went: Forward, gradients: Weights, rate: float) -> None:
    updated = computed.after_update(case, gradients, rate)
    st.markdown(f"Loss before **{went.loss:.5g}**, after **{computed.forward(updated).loss:.5g}**")
    st.button(
        "Go on from here",
        icon=":material/replay:",
        key="backpropagation_on",
        help=f"Begin again with the new weights, each kept between {-MOST:g} and {MOST:g}",
        on_click=_take,
        args=(updated.weights,),
    )


def _take(weights: Weights) -> None:
    for name, value in zip(PARAMETERS, weights.flat(), strict=True):
        st.session_state[_key(name)] = float(np.clip(value, -MOST, MOST))
    st.session_state["backpropagation_step"] = STEPS[0]


def _beside_autograd(case: Case, went: Forward, back: Backward, done: int) -> None:
    loss, gradients = computed.by_autograd(case)
    ours, theirs = back.weights.flat(), gradients.flat()
    away = max(float(np.abs(ours - theirs).max()), abs(loss - went.loss))
    st.markdown("**By hand, beside autograd**")
    said = "Equal" if away < EQUAL else "Not equal"
    st.badge(
        f"{said} to autograd to {EQUAL:.0e}: at most {away:.0e} apart", color="green" if said == "Equal" else "red"
    )
    reached = [done >= 4] * 6 + [done >= 3] * 3
    rows = list(zip(PARAMETERS, ours, theirs, reached, strict=True))
    st.table(
        {
            "gradient": [rf"$\partial L / \partial {name}$" for name, *_ in rows],
            "by hand": [f"{mine:.6f}" if here else "–" for _, mine, _, here in rows],
            "autograd": [f"{other:.6f}" if here else "–" for _, _, other, here in rows],
        },
        hide_index=True,
        border="horizontal",
    )
    st.caption("The loss and all nine gradients are compared at every change; each shows once its step has come.")


CONCEPT = Concept(
    "backpropagation",
    "Forward and backward",
    ":material/sync_alt:",
    "Forward, each layer weighs, adds and bends what the layer before it says, until the loss compares the prediction "
    "with the truth. Backward, the chain rule hands the loss's gradient from the output to every weight.",
    r"\frac{\partial L}{\partial W^{(l)}} = \frac{\partial L}{\partial z^{(l)}} \, {a^{(l-1)}}^{\!\top} \\[4pt] "
    r"\frac{\partial L}{\partial z^{(l)}} = {W^{(l+1)}}^{\!\top} \frac{\partial L}{\partial z^{(l+1)}} \odot "
    r"f'(z^{(l)})",
    "Rumelhart, Hinton and Williams (1986), Learning representations by back-propagating errors; Goodfellow, Bengio "
    "and Courville (2016), Deep Learning, chapter 6.5",
    draw,
    (
        Question(
            "What is backpropagation?",
            "The chain rule, applied from the loss backwards so that nothing is computed twice. Each layer gets the "
            "gradient of what it has sent forward, multiplies it by its own slope, and hands it on. It gives gradients "
            "alone: what is done with them is the optimizer's affair.",
        ),
        Question(
            "Why does a gradient vanish or explode?",
            "Each layer multiplies it by its weights and its activation's slope. Many factors below 1 leave next to "
            "nothing, many above 1 a huge number. Choose sigmoid and weights near 0 here, and compare the gradients "
            "of the first layer with the second's.",
        ),
    ),
)
