"""A neuron: two inputs, weights, a bias, an activation; its output over the plane, and the line where it turns."""

import numpy as np
import plotly.graph_objects as go
import streamlit as st

from nets.activations import ACTIVATIONS
from nets.concepts.neuron import REACH, Neuron
from pages.parts.concepts.concept import Concept, Question
from pages.parts.concepts.plots import DIVERGING, figure, show


def draw() -> None:
    """Draw the sliders, the neuron's output over both inputs, and its sum taken apart."""
    controls, picture = st.columns([2, 3], gap="medium")
    with controls.container(border=True, key="card_controls"):
        first = st.slider("Weight $w_1$", -3.0, 3.0, 1.0, 0.1, key="neuron_w1")
        second = st.slider("Weight $w_2$", -3.0, 3.0, -0.5, 0.1, key="neuron_w2")
        bias = st.slider("Bias $b$", -3.0, 3.0, 0.0, 0.1, key="neuron_bias", help="Moves the line; weights turn it")
        names = ACTIVATIONS.names()
        activation = st.selectbox("Activation $f$", names, index=names.index("tanh"), key="neuron_activation")
        st.divider()
        x1 = st.slider("Input $x_1$", -REACH, REACH, 1.0, 0.1, key="neuron_x1")
        x2 = st.slider("Input $x_2$", -REACH, REACH, 1.0, 0.1, key="neuron_x2")
    neuron = Neuron((first, second), bias, activation)
    (z,), (a,) = neuron.sum_and_output(np.array([[x1, x2]]))
    with picture.container(border=True, key="card_picture"):
        st.latex(
            rf"z = {first:g}\cdot{x1:g} {second:+g}\cdot{x2:g} {bias:+g} = {z:.3g}"
            rf"\qquad a = \text{{{activation.replace('_', chr(92) + '_')}}}(z) = {a:.3g}"
        )
        show(_surface(neuron, x1, x2), "neuron_surface", "The neuron's output over both inputs, blue above zero")
        st.caption(
            "Blue where the output is above zero, orange below. On the dashed line z is 0; the dot is the input."
        )


def _surface(neuron: Neuron, x1: float, x2: float) -> go.Figure:
    places, outputs = neuron.surface()
    reach = max(1.0, float(abs(outputs).max()))
    heat = go.Heatmap(x=places, y=places, z=outputs, zmin=-reach, zmax=reach, colorscale=DIVERGING, zsmooth="best")
    heat.update(colorbar={"title": "a", "thickness": 12}, hovertemplate="%{x:.2f}, %{y:.2f}: %{z:.3f}<extra></extra>")
    traces = [heat]
    if line := neuron.line():
        traces.append(
            go.Scatter(x=line[0], y=line[1], mode="lines", line={"dash": "dash", "color": "#66758A"}, hoverinfo="skip")
        )
    dot = {"size": 12, "color": "#17202B", "line": {"width": 2, "color": "#fff"}}
    traces.append(go.Scatter(x=[x1], y=[x2], mode="markers", marker=dot, hoverinfo="skip"))
    drawn = figure(*traces, x="x₁", y="x₂", height=420, showlegend=False)
    drawn.update_xaxes(range=[-REACH, REACH])
    drawn.update_yaxes(range=[-REACH, REACH])
    return drawn


CONCEPT = Concept(
    "neuron",
    "A neuron",
    ":material/radio_button_checked:",
    "A neuron weighs its inputs, adds a bias, and bends the sum. The weights turn the line on which the sum is zero, "
    "the bias moves it, and the activation decides what happens on either side.",
    r"z = w_1 x_1 + w_2 x_2 + b \qquad a = f(z)",
    "Goodfellow, Bengio and Courville (2016), Deep Learning, chapter 6; Rosenblatt (1958), The perceptron",
    draw,
    (
        Question(
            "Is this how a nerve cell works?",
            "Only from afar. A nerve cell also sums what it receives, and fires above a threshold; but it sends spikes "
            "in time, grows and loses connections, and learns by chemistry. The neuron here is a weighted sum and a "
            "function.",
        ),
        Question(
            "Why is there a bias?",
            "Without it the line on which the sum is zero always goes through the origin. Set the bias to 0 and try to "
            "move the line: the weights can only turn it.",
        ),
    ),
)
