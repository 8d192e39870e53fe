"""Initialization: what of a signal and a gradient comes through ten layers, two ways to start beside each other."""

from typing import get_args

import numpy as np
import plotly.graph_objects as go
import streamlit as st
from plotly.colors import sample_colorscale

from nets.activations import ACTIVATIONS
from nets.concepts.initialization import DEPTH, EXPLODED, FLAT, VANISHED, WIDTHS, Norm, Passage, Stack, Way, passage
from nets.initializers import INITIALIZERS
from pages.parts.concepts.concept import Concept, Question
from pages.parts.concepts.plots import figure, show

SIDES = {"a": ("A", "#0072B2", "default", "relu"), "b": ("B", "#E69F00", "kaiming_normal", "relu")}
"""Title, colour, initializer and activation at first."""
SCALES = (0.1, 0.2, 0.3, 0.5, 0.7, 0.8, 0.9, 1.0, 1.1, 1.2, 1.5, 2.0, 3.0, 5.0, 10.0)
LOWEST, HIGHEST = 1e-8, 1e8
"""What a spread's axis shows; what is lower or higher is drawn at its end."""
LAYERS = [[0.0, "#0072B2"], [0.5, "#009E73"], [1.0, "#E69F00"]]


@st.cache_data(max_entries=64, show_spinner=False)
def _passage(stack: Stack) -> Passage:
    return passage(stack)


def draw() -> None:
    """Draw both stacks' settings, the spread by layer forward and backward, and the histograms of each layer."""
    controls, picture = st.columns([2, 3], gap="medium")
    with controls.container(border=True, key="card_controls"):
        columns = st.columns(2)
        chosen = [_side(side, column) for side, column in zip(SIDES, columns, strict=True)]
        st.divider()
        left, right = st.columns(2)
        width = left.select_slider("Neurons of a layer", WIDTHS, WIDTHS[0], key="initialization_width")
        scale = right.select_slider("Weights times", SCALES, 1.0, key="initialization_scale")
        seed = st.slider("Seed", 0, 20, 0, key="initialization_seed")
    passages = {
        side: _passage(Stack(initializer, activation, norm, width, scale, seed))
        for side, (initializer, activation, norm) in zip(SIDES, chosen, strict=True)
    }
    ways = {
        "outputs": {side: it.forward for side, it in passages.items()},
        "gradients": {side: it.backward for side, it in passages.items()},
    }
    with picture.container(border=True, key="card_picture"):
        for (what, both), column, title in zip(ways.items(), st.columns(2), ("forward", "backward"), strict=True):
            with column:
                st.markdown(f"**{what.capitalize()}, {title}**")
                show(_spreads(both), f"initialization_{title}", f"Spread of the {what} by layer, for A and B")
                st.caption("  \n".join(_fate(SIDES[side][0], what, way) for side, way in both.items()))
    with st.container(border=True, key="card_layers"):
        shown = st.segmented_control(
            "Every layer's", list(ways), default="outputs", required=True, key="initialization_shown"
        )
        for (side, way), column in zip(ways[shown].items(), st.columns(2, gap="medium"), strict=True):
            title = SIDES[side][0]
            with column:
                st.markdown(f"**{title}**")
                flat = passages[side].flat if shown == "outputs" else None
                show(_ridge(way, shown, flat), f"initialization_ridge_{side}", f"The {shown} of each layer, {title}")
        st.caption(
            f"Zeros are counted, not drawn. Flat: where the activation's slope is below {FLAT:g}, so that hardly a "
            "gradient passes. Gradients start behind the last layer with a standard deviation of 1."
        )


def _side(side: str, column: st.delta_generator.DeltaGenerator) -> tuple[str, str, Norm]:
    title, _, initializer, activation = SIDES[side]
    hue = "blue" if side == "a" else "orange"
    column.markdown(f"**:{hue}[{title}]**")
    names, functions = INITIALIZERS.names(), ACTIVATIONS.names()
    picked = column.selectbox("Initializer", names, names.index(initializer), key=f"initialization_{side}_start")
    bend = column.selectbox(
        "Activation", functions, functions.index(activation), key=f"initialization_{side}_activation"
    )
    norm = column.segmented_control(
        "Normalization", get_args(Norm), default="none", required=True, key=f"initialization_{side}_norm"
    )
    return picked, bend, norm


def _spreads(ways: dict[str, Way]) -> go.Figure:
    traces = [
        go.Scatter(
            x=np.arange(DEPTH + 1),
            y=np.clip(way.spreads, LOWEST, HIGHEST),
            mode="lines+markers",
            name=SIDES[side][0],
            line={"color": SIDES[side][1], "width": 2.5},
            customdata=way.spreads,
            hovertemplate="layer %{x}: %{customdata:.3g}",
        )
        for side, way in ways.items()
    ]
    edge = {"x0": 0, "x1": 1, "xref": "paper", "line": {"color": "#66758A", "dash": "dash", "width": 1}}
    edges = [edge | {"y0": spread, "y1": spread} for spread in (VANISHED, EXPLODED)]
    drawn = figure(*traces, x="Layer (0: the input)", y="Standard deviation", height=330, shapes=edges)
    drawn.update_yaxes(type="log", exponentformat="power", range=np.log10([LOWEST / 2, HIGHEST * 2]), dtick=2)
    drawn.update_xaxes(dtick=2)
    return drawn


def _fate(title: str, what: str, way: Way) -> str:
    """Say what becomes of the outputs or the gradients."""
    if way.fate == "lives":
        return f"{title}: the {what} come through."
    told = "vanish" if way.fate == "vanishes" else "explode"
    spread = way.spreads[way.layer]
    size = f"{spread:,.0f}" if spread > 1 else f"{spread:.2g}"
    return f"{title}: the {what} {told} at layer {way.layer} (standard deviation {size})."


def _ridge(way: Way, shown: str, flat: np.ndarray | None) -> go.Figure:
    """Draw a histogram of each layer, the input at the bottom; beside it the shares that say nothing."""
    heights = 0.9 * way.counts / np.maximum(way.counts.max(1, keepdims=True), 1)
    half = (way.middles[1] - way.middles[0]) / 2
    edges = np.repeat(np.append(way.middles - half, way.middles[-1] + half), 2)  # (2 BINS + 2,)
    traces = []
    for layer, bars in enumerate(heights):
        color = sample_colorscale(LAYERS, layer / DEPTH)[0]
        ridge = go.Scatter(
            x=edges,
            y=layer + np.concatenate([[0], np.repeat(bars, 2), [0]]),
            mode="lines",
            line={"color": color, "width": 1.5},
            fill="toself",
            fillcolor=color.replace("rgb", "rgba").replace(")", ", 0.35)"),
            hoveron="points",
            hovertemplate=f"layer {layer}, standard deviation {way.spreads[layer]:.3g}<extra></extra>",
        )
        traces.append(ridge)
    drawn = figure(*traces, _shares(way, flat, edges[-1]), x=f"Value ({shown})", y="Layer", height=420)
    drawn.update_layout(showlegend=False, margin_r=108)
    drawn.update_xaxes(range=[edges[0], edges[-1]])
    drawn.update_yaxes(tickvals=np.arange(DEPTH + 1), range=[-0.2, DEPTH + 1.1], showgrid=False, zeroline=False)
    return drawn


def _shares(way: Way, flat: np.ndarray | None, right: float) -> go.Scatter:
    """Write the share of zeros, and of outputs whose slope is flat, to the right of each layer."""
    told = [f"{share:.0%} zero" for share in way.zeros]
    if flat is not None:
        told[1:] = [f"{zeros}, {share:.0%} flat" for zeros, share in zip(told[1:], flat, strict=True)]
    return go.Scatter(
        x=[right] * len(told),
        y=np.arange(len(told)) + 0.25,
        text=told,
        mode="text",
        textposition="middle right",
        textfont={"color": "#66758A", "size": 11},
        cliponaxis=False,
        hoverinfo="skip",
    )


CONCEPT = Concept(
    "initialization",
    "Initialization",
    ":material/start:",
    "Each layer multiplies the signal's spread by what its weights and its activation let through. Ten layers multiply "
    "ten times: a little too small vanishes, a little too large explodes, forward and backward. Good starts keep the "
    "spread.",
    r"\operatorname{Var}[w] = \underbrace{\frac{2}{n_{in} + n_{out}}}_{\text{Xavier}} \quad\text{or}\quad "
    r"\underbrace{\frac{2}{n_{in}}}_{\text{Kaiming}}",
    "Goodfellow, Bengio and Courville (2016), Deep Learning, section 8.4; Glorot and Bengio (2010); He et al. (2015); "
    "Saxe et al. (2013)",
    draw,
    (
        Question(
            "Which initializer goes with which activation?",
            "Kaiming with relu and its kin, which throw half of the signal away, so that weights are twice as wide. "
            "Xavier with tanh, orthogonal with both. Sigmoid loses at least three quarters of the gradient in each "
            "layer, whatever the start: compare it with tanh.",
        ),
        Question(
            "Why not start with zeros?",
            "Then all neurons of a layer compute the same, get the same gradient, and stay the same; and nothing "
            "passes backward. Random weights break this symmetry; biases may start at zero.",
        ),
        Question(
            "Does normalization make the start unimportant?",
            "Nearly: batch or layer normalization rescales the sum in each layer, so that the spread of the weights "
            "cancels out. Multiply the weights by 10 and switch it on.",
        ),
    ),
)
