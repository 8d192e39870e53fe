"""Gradient descent: optimizers race down a surface; rates, start and batch size are moved."""

import numpy as np
import plotly.graph_objects as go
import streamlit as st

from nets.concepts.descent import STEPS, Run, race, racers
from nets.concepts.surfaces import SURFACES, Rates, Surface
from pages.parts.concepts.concept import Concept, Question
from pages.parts.concepts.plots import figure, show

TITLES = {"sgd": "SGD", "momentum": "SGD, momentum 0.9", "nesterov": "SGD, Nesterov 0.9", "adam": "Adam"}
TITLES |= {"adamw": "AdamW", "rmsprop": "RMSprop", "adagrad": "Adagrad", "adadelta": "Adadelta", "nadam": "NAdam"}
TITLES |= {"radam": "RAdam", "lbfgs": "L-BFGS"}
COLORS = ("#0072B2", "#E69F00", "#56B4E9", "#009E73", "#D55E00", "#CC79A7")
MORE_COLORS = ("#8C6BB1", "#B8860B", "#5F7F1F", "#A0522D", "#66758A")
FIRST = ("sgd", "momentum", "rmsprop", "adam", "adamw")
RATES = (*(float(f"{digit}e{power}") for power in range(-5, 1) for digit in (1, 1.5, 2, 3, 5, 8.5)), 2.1, 5.0, 10.0)
BATCHES = ("1", "2", "4", "8", "16", "32", "64", "128", "256", "all")
SLATE = [[share, f"rgba(102,117,138,{0.04 + 0.66 * share:.3f})"] for share in (0.0, 0.25, 0.5, 0.75, 1.0)]
"""Heights: the ground shows through where it is low, so that it reads in light and in dark."""
LOWEST, HIGHEST = 1e-8, 1e6
"""Losses below or above are drawn at the end of the axis."""
FRAMES = 100
"""Pictures of the animation."""
ENDINGS = {
    "arrived": "in a lowest point since step {step}",
    "still": "hardly moves any more",
    "underway": "still on its way",
    "left": "outside the picture since step {step}",
    "diverged": "diverged at step {step}",
}


@st.cache_data(max_entries=64, show_spinner=False)
def _race(
    surface: str, names: tuple[str, ...], rates: Rates, start: tuple[float, float], batch: int | None, seed: int
) -> dict[str, Run]:
    return race(surface, names, rates, start, batch, seed)


@st.cache_data(max_entries=16, show_spinner=False)
def _heights(surface: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    return SURFACES.get(surface).logarithms()


def draw() -> None:
    """Draw the controls, the surface with all paths on it, the losses, and how each one did."""
    controls, picture = st.columns([2, 3], gap="medium")
    with controls.container(border=True, key="card_controls"):
        surface = SURFACES.get(
            st.selectbox(
                "Surface",
                SURFACES.names(),
                index=SURFACES.names().index("ravine"),
                key="descent_surface",
                format_func=lambda name: SURFACES.get(name).title,
            )
        )
        st.caption(f"${surface.formula}$  \n{surface.lesson}")
        names = st.multiselect("Optimizers", list(racers()), FIRST, key="descent_racers", format_func=_title)
        rates = _rates(surface)
        start = _start(surface)
        left, right = st.columns([3, 1], vertical_alignment="bottom")
        size = left.select_slider(
            "Examples in a batch", BATCHES, "all", key="descent_batch", help="Fewer examples: a noisier gradient"
        )
        seed = right.number_input("Seed", 0, 9999, 0, key="descent_seed", disabled=size == "all")
    runs = _race(surface.name, tuple(names), rates, start, None if size == "all" else int(size), seed)
    with picture.container(border=True, key="card_picture"):
        step = st.slider("Step", 0, STEPS, STEPS, key="descent_step", help="Play runs the dots along their paths")
        show(_picture(surface, runs, step), "descent_picture", f"Paths of {len(runs)} optimizers on the surface")
    with st.container(border=True, key="card_losses"):
        curves, table = st.columns(2, gap="medium")
        with curves:
            show(_curves(runs, step), "descent_losses", "Loss of each optimizer against the step")
        table.markdown(_table(runs, step))
        if size != "all":
            table.caption(
                f"Noise of the gradient: standard deviation {surface.noise:g}/√{size}, the same draws for all."
            )


def _title(name: str) -> str:
    return TITLES.get(name, name)


def _color(name: str) -> str:
    colors = COLORS + MORE_COLORS
    return colors[list(racers()).index(name) % len(colors)]


def _rates(surface: Surface) -> Rates:
    """Draw the learning rates and their presets; each surface keeps its own."""
    preset, gradient, adaptive = (f"descent_{what}_{surface.name}" for what in ("preset", "gradient", "adaptive"))
    if gradient not in st.session_state:
        st.session_state[preset] = "right"
        _follow_preset(surface.name)
    st.segmented_control(
        "Learning rate", list(surface.rates), key=preset, on_change=_follow_preset, args=(surface.name,)
    )
    sliders = [("SGD", gradient), ("Adam and its kin", adaptive)]
    columns = st.columns(2)
    for column, (label, key) in zip(columns, sliders, strict=True):
        column.select_slider(
            label, RATES, key=key, format_func=lambda rate: f"{rate:g}", on_change=_forget_preset, args=(preset,)
        )
    return Rates(st.session_state[gradient], st.session_state[adaptive])


def _follow_preset(surface: str) -> None:
    """Set both learning rates to what was picked."""
    picked = st.session_state[f"descent_preset_{surface}"]
    if picked:
        rates = SURFACES.get(surface).rates[picked]
        st.session_state[f"descent_gradient_{surface}"] = rates.gradient
        st.session_state[f"descent_adaptive_{surface}"] = rates.adaptive


def _forget_preset(preset: str) -> None:
    st.session_state[preset] = None


def _start(surface: Surface) -> tuple[float, float]:
    columns = st.columns(2)
    x, y = (
        column.slider(
            f"Start ${name}$",
            *surface.ends(axis),
            surface.start[axis],
            0.001,
            format="%.3f",
            key=f"descent_{name}_{surface.name}",
        )
        for axis, (name, column) in enumerate(zip("xy", columns, strict=True))
    )
    return x, y


def _picture(surface: Surface, runs: dict[str, Run], step: int) -> go.Figure:
    x, y, heights = _heights(surface.name)
    ground = {"x": x, "y": y, "z": heights, "hoverinfo": "skip"}
    lines = go.Contour(**ground, contours={"coloring": "none"}, ncontours=20, line={"width": 0.7, "color": "#66758A"})
    lines.update(showlegend=False)
    traces = [go.Heatmap(**ground, colorscale=SLATE, zsmooth="best", showscale=False), lines]
    lowest = np.array(surface.minima)
    cross = {"symbol": "x", "size": 11, "color": "#66758A", "line": {"width": 1.5, "color": "#FFFFFF"}}
    traces.append(go.Scatter(x=lowest[:, 0], y=lowest[:, 1], mode="markers", marker=cross, name="lowest"))
    traces += [_path(name, run, step) for name, run in runs.items()]
    traces.append(_dots(runs, step))
    drawn = figure(*traces, x="x", y="y", height=430)
    drawn.update_xaxes(range=surface.ends(0), showgrid=False, zeroline=False)
    drawn.update_yaxes(range=surface.ends(1), showgrid=False, zeroline=False)
    moments = sorted({round(moment) for moment in np.linspace(0, STEPS, FRAMES + 1)})
    place = len(traces) - 1
    drawn.frames = [
        {
            "data": [dict(zip("xy", _places(runs, moment).T.tolist(), strict=True))],
            "traces": [place],
            "name": str(moment),
        }
        for moment in moments
    ]
    drawn.update_layout(updatemenus=[_play()], margin_t=44)
    return drawn


def _path(name: str, run: Run, step: int) -> go.Scatter:
    dash = "dot" if name == "adamw" else "solid"
    path = run.path[: step + 1]
    return go.Scatter(
        x=path[:, 0],
        y=path[:, 1],
        mode="lines",
        line={"color": _color(name), "width": 2.5, "dash": dash},
        name=_title(name),
        hovertemplate="%{x:.3f}, %{y:.3f}",
    )


def _places(runs: dict[str, Run], step: int) -> np.ndarray:
    return np.array([run.path[step] for run in runs.values()]).reshape(-1, 2)


def _dots(runs: dict[str, Run], step: int) -> go.Scatter:
    places = _places(runs, step)
    marker = {"size": 11, "color": [_color(name) for name in runs], "line": {"width": 2, "color": "#FFFFFF"}}
    return go.Scatter(x=places[:, 0], y=places[:, 1], mode="markers", marker=marker, hoverinfo="skip", showlegend=False)


def _play() -> dict[str, object]:
    """Return the button that runs the dots along their paths."""
    pace = {"frame": {"duration": 40, "redraw": False}, "transition": {"duration": 0}, "mode": "immediate"}
    button = {"label": "▶ Play", "method": "animate", "args": [None, pace]}
    look = {"bgcolor": "rgba(102,117,138,0.15)", "bordercolor": "#66758A", "font": {"color": "#66758A"}}
    return {
        "type": "buttons",
        "showactive": False,
        "buttons": [button],
        "x": 1,
        "xanchor": "right",
        "y": 1.02,
        "yanchor": "bottom",
    } | look


def _curves(runs: dict[str, Run], step: int) -> go.Figure:
    traces = [
        go.Scatter(
            y=np.clip(run.losses, LOWEST, HIGHEST),
            mode="lines",
            line={"color": _color(name), "width": 2},
            name=_title(name),
        )
        for name, run in runs.items()
    ]
    now = {"x0": step, "x1": step, "y0": 0, "y1": 1, "yref": "paper", "line": {"color": "#66758A", "dash": "dash"}}
    drawn = figure(*traces, x="Step", y="Loss", height=320, showlegend=False, shapes=[now])
    drawn.update_yaxes(type="log", exponentformat="power")
    drawn.update_xaxes(range=[0, STEPS + 2], dtick=50)
    return drawn


def _table(runs: dict[str, Run], step: int) -> str:
    """Return who is where, as a table."""
    rows = ["| Optimizer | Loss at step " + str(step) + " | In the end |", "|---|---:|---|"]
    for name, run in runs.items():
        loss = f"{run.losses[step]:.3g}" if np.isfinite(run.losses[step]) else "–"
        rows.append(f"| {_title(name)} | {loss} | {ENDINGS[run.ending].format(step=run.step)} |")
    return "\n".join(rows)


CONCEPT = Concept(
    "descent",
    "Gradient descent",
    ":material/downhill_skiing:",
    "Training walks downhill: each step moves the weights against the gradient of the loss, by the learning rate. "
    "Too small a rate does not arrive, too large a one jumps out. Optimizers differ in what they remember of earlier "
    "gradients.",
    r"\theta \leftarrow \theta - \eta\, \nabla_\theta L(\theta)",
    "Goodfellow, Bengio and Courville (2016), Deep Learning, chapter 8; Robbins and Monro (1951); Polyak (1964); "
    "Kingma and Ba (2014), Adam; Loshchilov and Hutter (2017), AdamW",
    draw,
    (
        Question(
            "Which optimizer should I choose?",
            "Adam or AdamW with a rate of 0.001 is a good first try: it scales each weight's step by itself, so that "
            "badly scaled problems matter less. SGD with momentum often ends as low or lower, if its rate is tuned. "
            "Look at the ravine: plain SGD is held back by the steep direction.",
        ),
        Question(
            "How do I find the learning rate?",
            "Raise it until the loss starts to jump or grow, then go back to a third of that. On the ravine SGD "
            "diverges above 2 divided by the steepest curvature, 25: at 0.08.",
        ),
        Question(
            "Is a noisy gradient bad?",
            "It costs precision near the minimum, where the path keeps jittering until the rate is lowered. But small "
            "batches make many cheap steps out of one costly one, and noise gets off a saddle: start at y = 0 there, "
            "and no optimizer finds a way down without it.",
        ),
    ),
)
