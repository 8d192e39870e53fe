"""Overfitting: train on a few noisy points, see both curves part, and switch on what helps."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import plotly.graph_objects as go
import streamlit as st

from nets.concepts.laboratory import Answer
from nets.concepts.overfitting import (
    EPOCHS,
    FIRST_SEED,
    REMEDIES,
    Lesson,
    LessonsJob,
    Settings,
    experiment,
    lesson_of,
    places,
    points,
)
from nets.datasets.points.base import EXTENT
from pages.parts.concepts.asking import ask, watch
from pages.parts.concepts.concept import Concept, Question
from pages.parts.concepts.opening import open_experiment
from pages.parts.concepts.plots import DIVERGING, figure, show

UNITS = (1, 2, 4, 8, 16, 32, 64)
EXAMPLES = (10, 20, 40, 80, 160)
TRIED, WANTED = "overfitting_tried", "overfitting_wanted"
"""Where a visitor's session keeps what was tried, and the settings whose remedies are to be tried one by one."""
MOST_TRIED = 12
AT_ONCE = 0.8
"""Seconds that the page may wait for a training: one that is done by then takes the place of the last without a gap."""
Row = dict[str, str | int | float]
BLUE, ORANGE, NEUTRAL = "#0072B2", "#E69F00", "#66758A"
CLASS_COLORS = (ORANGE, BLUE)


def draw() -> None:
    """Draw the switches, both losses over the epochs, what the network says over the plane, and what was tried."""
    left, right = st.columns([2, 5], gap="medium")
    with left.container(border=True, key="card_overfitting_switches", height="stretch"):
        settings = _settings()
    with right.container(border=True, key="card_overfitting_curves", height="stretch"):
        answer = ask("overfitting", LessonsJob(settings=(settings,)))
        answer.wait(AT_ONCE)
        watch("overfitting", answer, lambda answer: _outcome(settings, answer))
    tried: dict[Settings, Row] = st.session_state.setdefault(TRIED, {})
    if answer.lessons:
        tried.pop(settings, None)
        tried[settings] = _row(settings, answer.lessons[0]["final"], answer.lessons[0]["kept_epoch"])
    with st.container(border=True, key="card_overfitting_tried"):
        _tried(settings, tried, is_ready=answer.is_over)


def _settings() -> Settings:
    """Draw the switches; return what they say."""
    units = st.select_slider("Neurons in each of two layers", UNITS, 32, key="overfitting_units")
    examples = st.select_slider("Points to learn from", EXAMPLES, 40, key="overfitting_examples")
    noise = st.slider("Noise of the data", 0.0, 0.5, 0.3, 0.05, key="overfitting_noise")
    remedies = st.pills(
        "What is said to help",
        list(REMEDIES),
        key="overfitting_remedies",
        selection_mode="multi",
        format_func=REMEDIES.__getitem__,
    )
    st.button("New data and weights", key="overfitting_new", icon=":material/casino:", on_click=_new_seed)
    ordered = tuple(name for name in REMEDIES if name in remedies)
    settings = Settings(units, examples, noise, ordered, st.session_state.get("overfitting_seed", FIRST_SEED))
    open_experiment("Train it live on Points", experiment(settings))
    return settings


def _new_seed() -> None:
    st.session_state["overfitting_seed"] = st.session_state.get("overfitting_seed", FIRST_SEED) + 1


def _outcome(settings: Settings, answer: Answer) -> None:
    """Draw the losses over the epochs, as far as they have come, and the network's map at one of them."""
    lesson = lesson_of(settings, answer.lessons[0], answer.steps) if answer.lessons else None
    curves, picture = st.columns([3, 2], gap="medium")
    with picture:
        if lesson is None:
            asked, shown = None, None
            st.select_slider("Look at epoch", (0, EPOCHS), EPOCHS, key="overfitting_look", disabled=True)
        else:
            asked, shown = _choose_map(lesson)
        words = "The points that it learns from" if asked is None else f"The network's output at epoch {asked}"
        show(_surface(points(settings)[0], shown), "overfitting_surface", words)
    with curves:
        final = lesson.final if lesson else answer.steps[-1] if answer.steps else {}
        with st.container(horizontal=True, gap="large"):
            st.metric("Train loss", _figure(final, "train_loss", ".3f"), width="content")
            st.metric("Test loss", _figure(final, "test_loss", ".3f"), width="content")
            st.metric("Test accuracy", _figure(final, "test_accuracy", ".1%"), width="content")
        words = "The loss on training and on test points over the epochs"
        show(_losses(answer.steps, asked), "overfitting_losses", words)


def _figure(metrics: Mapping[str, float], name: str, form: str) -> str:
    return format(metrics[name], form) if name in metrics else "–"


def _choose_map(lesson: Lesson) -> tuple[int, np.ndarray]:
    """Draw the slider; return the epoch that it stands at, and the network's map then."""
    end = lesson.kept_epoch
    looks = [*(epoch for epoch in lesson.maps if epoch != end), end]
    labels = {epoch: f"{epoch}" for epoch in looks} | {end: f"{end}, the end"}
    asked: int = st.select_slider(
        "Look at epoch",
        sorted(looks),
        end,
        key=f"overfitting_look_{'_'.join(labels.values())}",
        format_func=labels.__getitem__,
    )
    return asked, lesson.final_map if asked == end else lesson.maps[asked]


def _losses(steps: Sequence[Mapping[str, float]], asked: int | None) -> go.Figure:
    looks = {"mode": "lines", "hovertemplate": "%{y:.3f}"}
    epochs = [step["epoch"] for step in steps]
    lines = [
        go.Scatter(
            name=name,
            x=epochs,
            y=[step[f"{name}_loss"] for step in steps],
            line={"color": color, "width": 2.5},
            **looks,
        )
        for name, color in (("train", BLUE), ("test", ORANGE))
    ]
    axis = {"range": [0, EPOCHS]} if asked is None else {}
    drawn = figure(
        *lines, x="epoch", y="loss", height=330, hovermode="x unified", xaxis=axis, yaxis={"rangemode": "tozero"}
    )
    if asked is not None:
        drawn.add_vline(x=asked, line={"color": NEUTRAL, "dash": "dot", "width": 2})
    return drawn


def _surface(train: np.ndarray, shown: np.ndarray | None) -> go.Figure:
    dots = {
        "size": 9,
        "color": [CLASS_COLORS[int(label)] for label in train[:, 2]],
        "line": {"width": 1.5, "color": "#fff"},
    }
    drawn = [go.Scatter(x=train[:, 0], y=train[:, 1], mode="markers", marker=dots, hoverinfo="skip")]
    if shown is not None:
        heat = go.Heatmap(x=places(), y=places(), z=shown, zmin=-1, zmax=1, colorscale=DIVERGING, showscale=False)
        heat.update(opacity=0.75, hoverinfo="skip", zsmooth="best")
        drawn.insert(0, heat)
    axis = {"range": [-EXTENT, EXTENT], "zeroline": False}
    return figure(*drawn, x="x₁", y="x₂", height=340, showlegend=False, xaxis=axis, yaxis=axis)


def _row(settings: Settings, final: Mapping[str, float], kept_epoch: int) -> Row:
    """Return what the table says of a training."""
    return {
        "Neurons": f"2 × {settings.units}",
        "Points": settings.examples,
        "Noise": settings.noise,
        "Helped by": ", ".join(REMEDIES[name] for name in settings.remedies) or "nothing",
        "Seed": settings.seed,
        "Epoch kept": kept_epoch,
        "Train loss": final["train_loss"],
        "Test loss": final["test_loss"],
        "Gap": final["test_loss"] - final["train_loss"],
        "Test accuracy": round(final["test_accuracy"], 3),
    }


def _tried(settings: Settings, tried: dict[Settings, Row], *, is_ready: bool) -> None:
    """Draw a table of what every setting has come to, the newest first."""
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.markdown("**What was tried**", width="content")
        with st.container(horizontal=True, width="content"):
            if st.button(
                "Try each remedy alone", key="overfitting_each", icon=":material/playlist_add:", disabled=not is_ready
            ):
                st.session_state[WANTED] = settings
            st.button("Clear", key="overfitting_clear", icon=":material/close:", on_click=tried.clear)
    if is_ready and st.session_state.get(WANTED) == settings:
        _try_each(settings, tried)
    for oldest in list(tried)[:-MOST_TRIED]:
        del tried[oldest]
    three = st.column_config.NumberColumn(format="%.3f")
    columns = dict.fromkeys(("Train loss", "Test loss", "Gap"), three)
    columns["Test accuracy"] = st.column_config.NumberColumn(format="percent")
    columns["Noise"] = st.column_config.NumberColumn(format="%.2f")
    if tried:
        st.dataframe(list(reversed(tried.values())), hide_index=True, column_config=columns, width="stretch")


def _try_each(settings: Settings, tried: dict[Settings, Row]) -> None:
    """Train with each remedy alone, and put what has come of it into the table."""
    alone = tuple(replace(settings, remedies=(name,)) for name in REMEDIES)
    answer = ask("overfitting_alone", LessonsJob(settings=alone))
    watch("overfitting_alone", answer, lambda answer: None)
    for one, lesson in zip(alone, answer.lessons, strict=False):
        tried[one] = _row(one, lesson["final"], lesson["kept_epoch"])
    if answer.status == "finished":
        del st.session_state[WANTED]


CONCEPT = Concept(
    "overfitting",
    "Overfitting",
    ":material/multiline_chart:",
    "A network with many weights learns a few points by heart, noise included: the loss on them falls on and on, while "
    "on others it rises. Each switch changes one thing and trains anew.",
    r"\underbrace{L_\text{test}}_{\text{what counts}} = \underbrace{L_\text{train}}_{\text{what is made small}} + "
    r"\underbrace{L_\text{test} - L_\text{train}}_{\text{gap}}",
    "Goodfellow, Bengio and Courville (2016), Deep Learning, chapters 5 and 7; Srivastava et al. (2014) for dropout; "
    "Prechelt (1998) for early stopping",
    draw,
    (
        Question(
            "How do I see that a network overfits?",
            "The train loss goes on falling while the test loss turns and rises: the gap between them grows. On the "
            "map the border winds around single points. One curve alone never tells.",
        ),
        Question(
            "How do I avoid overfitting?",
            "Get more data if you can. Otherwise make large weights pay (L1, L2), drop units at random, stop early, or "
            "take fewer neurons. Try each remedy alone and compare the gaps in the table, then with new data: none of "
            "them helps always.",
        ),
        Question(
            "Is a smaller network always better?",
            "No. With 1 or 2 neurons both losses stay high: the network can't bend as the data do, which is called "
            "underfitting. A large network with a remedy often beats a small one without.",
        ),
    ),
)
