"""The learning-rate finder: one short training in which the rate grows, and where its loss falls."""

import math
from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go
import streamlit as st

from nets.concepts.finder import STEPS, WIDTH, FinderJob, Suggestion, smoothed, suggestion
from nets.concepts.laboratory import Answer
from nets.experiment import Experiment, dump, parse, with_value
from pages.parts.concepts.asking import Choice, ask, choose_run, watch
from pages.parts.concepts.concept import Concept, Question
from pages.parts.concepts.plots import figure, show
from pages.parts.screens import screen_of
from pages.parts.service import run_manager

LOWEST_RATES = (1e-8, 1e-7, 1e-6, 1e-5, 1e-4)
HIGHEST_RATES = (0.1, 1.0, 10.0, 100.0)
KINDS = ("steepest", "cautious")
HEADROOM = 0.6
"""Above the first loss, as a share of the fall, how much of what follows is shown."""


def draw() -> None:
    """Draw what to test, the loss over the learning rate, and the way to train with it."""
    controls, picture = st.columns([1, 3], gap="medium")
    with controls.container(border=True, key="card_controls"):
        choice = choose_run("finder", needs_weights=False)
        lowest = st.select_slider("From rate", LOWEST_RATES, 1e-6, key="finder_lowest", format_func=_rate)
        highest = st.select_slider("To rate", HIGHEST_RATES, 10.0, key="finder_highest", format_func=_rate)
        steps = st.slider("Steps", 50, 200, STEPS, 10, key="finder_steps", help="More steps give each rate more time")
        width = st.slider(
            "Smoothing", 0.0, 0.1, WIDTH, 0.01, key="finder_width", help="How far a point looks to either side"
        )
    job = FinderJob(experiment=dump(choice.experiment), lowest=lowest, highest=highest, steps=steps)
    with picture.container(border=True, key="card_picture", height="stretch"):
        watch("finder", ask("finder", job), lambda answer: _picture(answer, choice, width))


def _picture(answer: Answer, choice: Choice, width: float) -> None:
    steps = list(answer.steps)
    if not steps:
        return
    assert isinstance(answer.job, FinderJob), "only rate tests are asked for here"
    rates = [step["rate"] for step in steps]
    smooth = smoothed([step["loss"] for step in steps], width, steps=answer.job.steps)
    found = suggestion(rates, smooth) if answer.status == "finished" else None
    batches = [step["batch_loss"] for step in steps]
    drawn = _curve(answer.job, rates, batches, smooth, found)
    show(drawn, "finder_curve", "The loss over the learning rate, falling and then rising, with the suggested rates")
    if answer.status != "finished":
        return
    rate = answer.end["rate"]
    st.markdown(
        f"It diverged at a rate of **{rate:.2g}**." if answer.end["diverged"] else f"It did not diverge up to {rate:g}."
    )
    if found is None:
        st.info(
            "The loss hardly fell at any rate. Give it more steps; plain SGD on few examples often needs more than "
            "these 200, and then the rate just below the rise is worth a try.",
            icon=":material/info:",
        )
        return
    _train(choice, found)


def _train(choice: Choice, found: Suggestion) -> None:
    """Draw which of the suggested rates to take, and the button that opens a run with it."""
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        kind = st.segmented_control(
            "Suggested",
            KINDS,
            default="steepest",
            key="finder_kind",
            help="Steepest: where the loss falls fastest. Cautious: a tenth of the rate at which it is lowest",
            required=True,
            format_func=lambda name: f"{getattr(found, name):g}, {name}",
        )
        rate = getattr(found, kind)
        if st.button("Train with this rate", key="finder_train", type="primary", icon=":material/play_arrow:"):
            experiment = with_rate(choice.experiment, rate)
            query = {"run": run_manager().create(experiment).id}
            st.switch_page(f"pages/{screen_of(dump(experiment))}.py", query_params=query)
        st.markdown(f"instead of {choice.experiment.train.optimizer.learning_rate:g}")


def with_rate(experiment: Experiment, rate: float) -> Experiment:
    """Return the experiment with another learning rate."""
    return parse(with_value(dump(experiment), "train.optimizer.learning_rate", rate))


def _curve(
    job: FinderJob, rates: Sequence[float], batches: Sequence[float], smooth: np.ndarray, found: Suggestion | None
) -> go.Figure:
    drawn = figure(
        go.Scatter(
            x=rates,
            y=batches,
            mode="markers",
            name="each batch",
            marker={"size": 4, "color": "#66758A", "opacity": 0.55},
            hovertemplate="%{x:.2g}: %{y:.3g}<extra>batch</extra>",
        ),
        go.Scatter(
            x=rates,
            y=smooth,
            mode="lines",
            name="the same examples each time, smoothed",
            line={"color": "#0072B2", "width": 3},
            hovertemplate="%{x:.2g}: %{y:.3g}<extra></extra>",
        ),
        x="learning rate",
        y="loss",
        height=430,
    )
    drawn.update_xaxes(
        type="log", range=[math.log10(job.lowest), math.log10(job.highest)], exponentformat="power", dtick=1
    )
    first, low = float(smooth[0]), float(smooth.min())
    fall = max(first - low, 0.05 * abs(first), 1e-9)
    drawn.update_yaxes(range=[low - 0.15 * fall, first + HEADROOM * fall])
    if found is not None:
        for rate, color, words, side in (
            (found.steepest, "#E69F00", "steepest", "left"),
            (found.cautious, "#009E73", "cautious", "right"),
        ):
            drawn.add_vline(rate, line={"color": color, "width": 2, "dash": "dash"})
            is_left = (side == "left") == (found.steepest <= found.cautious)
            drawn.add_annotation(
                x=math.log10(rate),  # other than a line's, an annotation's place on a logarithmic axis is a logarithm
                y=1,
                yref="paper",
                text=f"{rate:g}<br>{words}",
                font={"color": color},
                showarrow=False,
                xanchor="right" if is_left else "left",
                xshift=-6 if is_left else 6,
                yanchor="top",
            )
    return drawn


def _rate(rate: float) -> str:
    return f"{rate:g}"


CONCEPT = Concept(
    "finder",
    "Learning-rate finder",
    ":material/speed:",
    "A learning rate that is too small wastes time, one that is too large blows up. Train a fresh copy for a moment "
    "while the rate grows at each step: where the loss falls fastest is a good rate to begin with, and where it rises "
    "is the end of what the network can bear. The run itself is not touched.",
    r"\epsilon_k = \epsilon_0 \left(\frac{\epsilon_n}{\epsilon_0}\right)^{k/n} \qquad "
    r"\theta_{k+1} = \theta_k - \epsilon_k \nabla_\theta L",
    "Smith (2017), Cyclical learning rates for training neural networks, section 3.3; Goodfellow, Bengio and Courville "
    "(2016), Deep Learning, section 11.4.1",
    draw,
    (
        Question(
            "Which of the two rates should I take?",
            "Both are places to start, and usually within a factor of three of each other. Where they differ much, try "
            "both: the Runs page lays their curves over each other. The lowest point itself is too late: there the "
            "loss is about to rise.",
        ),
        Question(
            "Is the learning rate the most important setting?",
            "Of all settings it is the one to try first if there is time for only one (Goodfellow, Bengio and "
            "Courville, section 11.4.1). It depends on the optimizer, the batch size and the network, so it is worth "
            "finding again when one of these changes.",
        ),
    ),
)
