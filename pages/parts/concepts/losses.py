"""Losses: value and gradient against the prediction, what an outlier moves, cross-entropy on three logits."""

from typing import Any

import numpy as np
import streamlit as st

from nets.concepts import losses as computed
from nets.datasets.base import Task
from nets.losses import LOSSES
from pages.parts.concepts.concept import Concept, Question
from pages.parts.concepts.plots import figure, show
from pages.parts.concepts.traces import COLORS, columns, dot, line

PLACES = 401
TASKS: dict[str, Task] = {"A number": "regression", "One of two classes": "binary"}
COLOR = dict(zip(LOSSES.names(), COLORS, strict=False))
CLASSES = ("cat", "dog", "bird")


def draw() -> None:
    """Draw losses over predictions, the outlier, and the three logits."""
    _curves()
    outlier, logits = st.columns(2, gap="medium")
    with outlier.container(border=True, key="card_outlier"):
        _outlier()
    with logits.container(border=True, key="card_logits"):
        _logits()


@st.fragment
def _curves() -> None:
    with st.container(border=True, key="card_controls"):
        kind, guess, truth = st.columns([2, 3, 3], gap="medium")
        task = TASKS[kind.segmented_control("To predict", TASKS, default="A number", required=True, key="losses_task")]
        label = "Prediction" if task == "regression" else "Score (a raw number before any sigmoid)"
        prediction = guess.slider(label, -computed.REACH, computed.REACH, 2.0, 0.1, key="losses_prediction")
        if task == "regression":
            target = truth.slider("True value", -computed.REACH, computed.REACH, 0.0, 0.1, key="losses_target")
        else:
            target = float(truth.segmented_control("True class", (0, 1), default=1, required=True, key="losses_class"))
    places = np.linspace(-computed.REACH, computed.REACH, PLACES)
    values, gradients, rows = [], [], []
    for name in computed.names(task):
        value, gradient = computed.value_and_gradient(name, task, places, target)
        (here,), (pull,) = computed.value_and_gradient(name, task, np.array([prediction]), target)
        values += [line(name, COLOR[name], places, value), dot(COLOR[name], prediction, float(here))]
        gradients += [line(name, COLOR[name], places, gradient), dot(COLOR[name], prediction, float(pull))]
        rows.append((f"**{name}**", f"{here:.4f}", f"{pull + 0.0:.4f}", LOSSES.get(name).help))
    axis, at = ("prediction", "the prediction") if task == "regression" else ("score", "the score")
    left, right = st.columns(2, gap="medium")
    with left.container(border=True, key="card_values"):
        drawn = figure(*values, x=axis, y="loss", height=310, yaxis={"range": [-0.3, 6.3]})
        show(drawn, "losses_values", f"Losses over {at}, with a point at {prediction:g}")
    with right.container(border=True, key="card_gradients"):
        drawn = figure(*gradients, x=axis, y="gradient of the loss", height=310, yaxis={"range": [-4.3, 4.3]})
        show(drawn, "losses_gradients", f"Gradients of the losses over {at}, with a point at {prediction:g}")
    with st.container(border=True, key="card_numbers"):
        st.table(columns(("loss", "value", "gradient", ""), rows), hide_index=True, border="horizontal")


@st.fragment
def _outlier() -> None:
    st.markdown("**One outlier, and the constant that fits best**")
    outlier = st.slider("Outlier", 0.0, 30.0, 12.0, 0.5, key="losses_outlier")
    points = (*computed.VALUES, outlier)
    best = {name: computed.best_constant(name, points) for name in computed.names("regression")}
    traces = [
        line(f"{name}: {constant:.2f}", COLOR[name], np.full(2, constant), np.array([-reach, reach]))
        for (name, constant), reach in zip(best.items(), (1.2, 0.9, 0.6), strict=True)
    ]
    rug = {**dot("#66758A", 0, 0), "x": computed.VALUES, "y": [0] * len(computed.VALUES), "name": "the other values"}
    rug["showlegend"] = True
    far = dot("#D55E00", outlier, 0.0, showlegend=True, name="outlier")
    still = {"range": [-1.3, 1.3], "showticklabels": False, "showgrid": False, "zeroline": False}
    drawn = figure(*traces, rug, far, x="value", height=330, yaxis=still, xaxis={"range": [-3, 31]})
    words = ", ".join(f"{name} {constant:.2f}" for name, constant in best.items())
    show(drawn, "losses_constants", f"Nine values with an outlier at {outlier:g}; the best constants: {words}")
    st.caption(
        "The constant with the least loss, found by following the gradient. Under mse it is the mean and follows the "
        "outlier; under l1 it is the median and stays; huber is close to l1 far out and to mse near by."
    )


@st.fragment
def _logits() -> None:
    st.markdown("**Cross-entropy on three logits**")
    thirds = st.columns(3)
    logits = tuple(
        thirds[place].slider(f"Logit {name}", -5.0, 5.0, start, 0.1, key=f"losses_logit_{name}")
        for place, (name, start) in enumerate(zip(CLASSES, (2.0, 1.0, -0.5), strict=True))
    )
    label = st.segmented_control("True class", CLASSES, default="dog", required=True, key="losses_label")
    found = computed.cross_entropy(logits, CLASSES.index(label))
    softmax = _bars("softmax", "#0072B2", found.softmax)
    gradient = _bars("gradient", "#E69F00", found.gradient)
    drawn = figure(
        softmax, gradient, y="share, or gradient", height=225, yaxis={"range": [-1.25, 1.25]}, barmode="group"
    )
    away = float(np.abs(found.gradient - found.by_formula).max())
    show(drawn, "losses_softmax", f"Softmax and gradient for each class; the loss is {found.loss:.3f}")
    share = found.softmax[CLASSES.index(label)]
    st.latex(
        rf"\begin{{gathered}} L = -\ln {share:.3f} = {found.loss:.3f} \\ "
        r"\nabla L = \text{softmax} - \text{one-hot} \end{gathered}"
    )
    st.caption(f"The gradient is autograd's; it differs from softmax − one-hot by {away:.0e} at most.")


def _bars(name: str, color: str, numbers: np.ndarray) -> dict[str, Any]:
    drawn = {"type": "bar", "name": name, "marker": {"color": color}, "x": CLASSES, "y": numbers}
    return {**drawn, "text": [f"{number:.3f}" for number in numbers], "textposition": "outside", "cliponaxis": False}


CONCEPT = Concept(
    "losses",
    "Losses",
    ":material/trending_down:",
    "A loss turns how wrong a prediction is into one number, and its gradient says how hard the prediction is pulled, "
    "and where to. Its shape decides what counts: how far outliers pull, and when a right answer is right enough.",
    r"\text{mse} = (p - y)^2 \qquad \text{l1} = |p - y| \\ \text{cross-entropy} = -\ln \frac{e^{s_y}}{\sum_k e^{s_k}}",
    "Goodfellow, Bengio and Courville (2016), Deep Learning, chapters 5.5 and 6.2; Huber (1964), Robust estimation of "
    "a location parameter",
    draw,
    (
        Question(
            "Why is there a loss and not just the accuracy?",
            "Accuracy jumps: a small change of the weights changes it by nothing or by a whole example, so its "
            "gradient is zero almost everywhere. A loss changes a little with every weight, and its gradient says "
            "which way is better.",
        ),
        Question(
            "Which loss should I choose?",
            "Numbers: mse, or huber where some are far off. Classes: cross-entropy, for two of them bce. Both "
            "take raw scores, so the network needs no sigmoid or softmax at its end. Auto chooses like this.",
        ),
        Question(
            "Why not mse for classes?",
            "Behind a sigmoid, mse pulls least where the network is most wrong: the sigmoid is flat there. Bce "
            "undoes that: choose one of two classes above and move the score far to the wrong side; its gradient stays "
            "near 1.",
        ),
    ),
)
