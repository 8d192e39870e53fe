"""Activations: every one with its slope; gradients through many layers; units that never answer to real digits."""

import itertools
from typing import Any

import numpy as np
import streamlit as st

from nets.activations import ACTIVATIONS
from nets.concepts import activations as computed
from nets.initializers import INITIALIZERS
from pages.parts.concepts.concept import Concept, Question
from pages.parts.concepts.plots import figure, show
from pages.parts.concepts.traces import COLORS, SHADED, above_strips, bands, columns, dot, line, words

PLACES = 481


def draw() -> None:
    """Draw the curves of the chosen activations, a chain of layers, and a layer that looks at digits."""
    with st.container(border=True, key="card_controls"):
        chosen = st.pills(
            "Activations, to lay over each other",
            ACTIVATIONS.names(),
            selection_mode="multi",
            default=["tanh", "relu"],
            key="activations_chosen",
        )
        z = st.slider("Point $z$", -computed.REACH, computed.REACH, 1.0, 0.1, key="activations_z")
    colors = dict(zip(chosen or ["identity"], itertools.cycle(COLORS), strict=False))
    _curves(colors, z)
    chain, digits = st.columns(2, gap="medium")
    with chain.container(border=True, key="card_chain"):
        _chain(colors)
    with digits.container(border=True, key="card_digits"):
        _digits()


def _curves(colors: dict[str, str], z: float) -> None:
    places = np.linspace(-computed.REACH, computed.REACH, PLACES)
    values, slopes, rows = [], [], []
    faint: list[tuple[str, list[tuple[float, float]]]] = []
    for place, (name, color) in enumerate(colors.items()):
        dash = "solid" if place < len(COLORS) else "dot"  # a colour's second turn
        value, slope = computed.value_and_slope(name, places)
        (here,), (slope_here,) = computed.value_and_slope(name, np.array([z]))
        values += [line(name, color, places, value, dash=dash), dot(color, z, float(here))]
        slopes += [line(name, color, places, slope, dash=dash), dot(color, z, float(slope_here))]
        faint.append((color, computed.faint_stretches(places, slope)))
        rows.append((f"**{words(name)}**", f"{here:.4f}", f"{slope_here:.4f}", ACTIVATIONS.get(name).help))
    shaded = bands(faint)
    left, right = st.columns(2, gap="medium")
    names = ", ".join(words(name) for name in colors)
    for column, what, traces, label, reach in (
        (left, "values", values, "f(z)", (-1.9, 6.2)),
        (right, "slopes", slopes, "f′(z)", (-0.2, 1.25)),
    ):
        with column.container(border=True, key=f"card_{what}"):
            reach_of_all = above_strips(*reach, len(faint))
            drawn = figure(*traces, x="z", y=label, shapes=shaded, yaxis={"range": reach_of_all}, showlegend=True)
            show(drawn, f"activations_{what}", f"{what.capitalize()} of {names}, with a point at {z:g}")
    with st.container(border=True, key="card_numbers"):
        how = "Shaded" if len(faint) <= SHADED else "Striped at the foot"
        st.caption(
            f"{how} where the slope is below {computed.FAINT:g}: there a layer passes on less than a tenth of the "
            f"gradient that reaches it. At z = {z:g}:"
        )
        st.table(columns(("activation", "f(z)", "f′(z)", ""), rows), hide_index=True, border="horizontal")


@st.fragment
def _chain(colors: dict[str, str]) -> None:
    st.markdown("**Through many layers**")
    left, right = st.columns(2)
    layers = left.slider("Layers", 2, 30, 12, key="activations_layers")
    weight = right.slider("Weight in each", 0.5, 3.0, 1.0, 0.1, key="activations_weight")
    at, drawn, left_over = np.arange(1, layers + 1), [], []
    for name, color in colors.items():
        gradients = computed.slopes_through(name, 1.0, weight, layers)
        drawn.append(line(name, color, at, gradients, mode="lines+markers"))
        left_over.append(f"{words(name)} {gradients[-1]:.2g}")
    axis = {"type": "log", "exponentformat": "power", "dtick": 1, "range": _decades(drawn)}
    chain = figure(*drawn, x="layers passed", y="gradient left", height=310, yaxis=axis, showlegend=True)
    show(chain, "activations_chain", f"Gradient left after {layers} layers: {', '.join(left_over)}")
    st.caption(
        f"One unit a layer, from an input of 1: the gradient is the product of weight · f′ over the layers. "
        f"Left after {layers}: {', '.join(left_over)}."
    )


def _decades(lines: list[dict[str, Any]]) -> list[float]:
    """Return the whole powers of ten around all that lines show above zero; a logarithmic axis has nothing below."""
    shown = np.concatenate([line["y"][line["y"] > 0] for line in lines] + [np.array([0.5, 1.0])])
    return [float(np.floor(np.log10(shown.min()))) - 0.1, float(np.ceil(np.log10(shown.max()))) + 0.1]


@st.cache_data(max_entries=1, show_spinner=False)
def _pixels() -> np.ndarray:
    return computed.digit_pixels()


@st.cache_data(max_entries=256, show_spinner=False)
def _answers(name: str, initializer: str, bias: float, times: float) -> computed.Answers:
    return computed.answers(name, initializer, bias, times, _pixels())


@st.fragment
def _digits() -> None:
    st.markdown("**Dead units on real digits**")
    left, right = st.columns(2)
    names = ACTIVATIONS.names()
    name = left.selectbox("Activation", names, index=names.index("relu"), key="activations_of_layer")
    starts = INITIALIZERS.names()
    start = right.selectbox("Initial weights", starts, index=starts.index("kaiming_normal"), key="activations_start")
    bias = left.slider("Bias", -4.0, 4.0, -1.5, 0.1, key="activations_bias")
    times = right.slider("Weights times", 1.0, 10.0, 1.0, 0.5, key="activations_times")
    found = _answers(name, start, bias, times)
    side = int(computed.UNITS**0.5)
    squares = {
        "type": "heatmap",
        "z": found.answering.reshape(side, side),
        "zmin": 0,
        "zmax": 1,
        "xgap": 2,
        "ygap": 2,
        "colorbar": {"title": "share", "thickness": 12},
        "colorscale": [[0.0, "#D55E00"], [0.02, "#E8D9B0"], [1.0, "#0072B2"]],
        "hovertemplate": "slope of 0.01 or more for %{z:.0%} of the digits<extra></extra>",
    }
    bare = {"showticklabels": False, "showgrid": False, "zeroline": False}
    drawn = figure(squares, x="64 units of one layer", height=230, xaxis=bare, yaxis=bare)
    dead, lost = f"{found.dead.mean():.0%}", f"{found.lost:.0%}"
    first, second, third = st.columns(3)
    first.metric("Units that never answer", dead, help="Their output is the same, within 0.01, for all 1,797 digits")
    second.metric("Slopes below 0.01", lost, help="Of 64 units times 1,797 digits: nothing is learnt through these")
    third.metric("Spread of outputs", f"{found.spread:.2f}", help="Standard deviation over units and digits")
    show(drawn, "activations_units", f"{dead} of the units never answer; {lost} of the slopes are below 0.01")
    st.caption(
        "A square is a unit, its colour the share of digits at which its slope is at least 0.01; dark orange: none."
    )


CONCEPT = Concept(
    "activations",
    "Activations",
    ":material/show_chart:",
    "An activation bends what a layer has summed; without it, any number of layers would be one linear map. What a "
    "layer learns is multiplied by the activation's slope: where it is flat, nothing gets through.",
    r"a = f(z) \qquad \frac{\partial L}{\partial z} = \frac{\partial L}{\partial a} \cdot f'(z)",
    "Goodfellow, Bengio and Courville (2016), Deep Learning, chapter 6.3; Glorot and Bengio (2010), Understanding the "
    "difficulty of training deep feedforward neural networks; Nair and Hinton (2010), Rectified linear units",
    draw,
    (
        Question(
            "Why is there an activation at all?",
            "Two linear layers in a row are one linear layer: W₂(W₁x) = (W₂W₁)x. Only a bend between them lets a "
            "second layer say something new. Choose identity above: its slope is 1 everywhere, and it adds nothing.",
        ),
        Question(
            "Which activation should I choose?",
            "ReLU first; GELU or SiLU in transformers and deep networks; leaky ReLU or ELU where units die. "
            "Tanh stays useful in small and recurrent networks. Sigmoid belongs at the output, as a probability: "
            "inside, at least three quarters of the gradient are lost in each layer.",
        ),
        Question(
            "What is a dead unit?",
            "A ReLU whose sum is below zero for every example: its output and its slope are 0, so no gradient moves it "
            "again. A bias far below zero or a learning rate that is too large does it. Move the bias of the digits' "
            "layer down, then choose leaky relu: the units answer again.",
        ),
    ),
)
