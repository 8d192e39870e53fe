"""The loss landscape: the loss around a trained network, and the path that it came."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go
import streamlit as st

from nets.concepts.laboratory import Answer
from nets.concepts.landscape import SIZES, Directions, LandscapeJob
from pages.parts.concepts.asking import ask, choose_run, watch
from pages.parts.concepts.concept import Concept, Question
from pages.parts.concepts.plots import figure, show

REACHES = (0.1, 0.25, 0.5, 1.0, 1.5, 2.0, 3.0)
DIRECTIONS: dict[Directions, str] = {"random": "Two random ones", "path": "Along the path"}
PARTS = {"train": "Training loss", "test": "Test loss"}
TICKS = [digit * 10.0**power for power in range(-12, 13) for digit in (1, 2, 5)]
FEWEST_TICKS, MOST_TICKS = 3, 7
PATH, HERE = "#CC79A7", "#E69F00"
SHADOW = "1px 1px 2px #000, -1px -1px 2px #000, 1px -1px 2px #000, -1px 1px 2px #000"
"""White words are to be read on pale places too."""
APART = 0.09
"""Of a picture's side, how far two epochs that are written at the path are from each other."""


def draw() -> None:
    """Draw what to look at, and the loss over the plane."""
    controls, pictures = st.columns([1, 3], gap="medium")
    with controls.container(border=True, key="card_controls"):
        choice = choose_run("landscape", needs_weights=True)
        directions = st.segmented_control(
            "Directions",
            list(DIRECTIONS),
            default="random",
            key="landscape_directions",
            format_func=DIRECTIONS.__getitem__,
            required=True,
        )
        reach = st.select_slider(
            "Range",
            REACHES,
            1.0,
            key="landscape_reach",
            help="How far to go. 1 is as far as the weights are from zero, or the width of the path",
        )
        seed = st.slider("Pair of directions", 0, 9, 0, key="landscape_seed", disabled=directions == "path")
        points = st.segmented_control("Places a side", SIZES, default=SIZES[1], key="landscape_points", required=True)
        st.divider()
        is_log = st.toggle("Logarithmic", True, key="landscape_log", help="Steps of color are factors of the loss")
        is_solid = st.toggle("Surface", key="landscape_solid", help="Heights instead of a map; drag to turn it")
    job = LandscapeJob(
        run=choice.run, directions=directions, reach=reach, points=points, seed=0 if directions == "path" else seed
    )
    with pictures.container(border=True, key="card_picture", height="stretch"):
        watch("landscape", ask("landscape", job), lambda answer: _pictures(answer, is_log=is_log, is_solid=is_solid))


def _pictures(answer: Answer, *, is_log: bool, is_solid: bool) -> None:
    plane, level = answer.plane, answer.level
    if plane is None or level is None:
        return
    losses = {part: np.array(level[part], dtype=np.float64) for part in PARTS}
    everything = np.concatenate([found[np.isfinite(found)] for found in losses.values()])
    if not len(everything):
        st.info("The loss is no number anywhere on this plane; take a smaller range.", icon=":material/info:")
        return
    is_log = is_log and bool((everything > 0).all())
    mark = _choose_mark(plane["path"], answer.number)
    columns = st.columns(2, gap="small")
    for column, (part, title) in zip(columns, PARTS.items(), strict=True):
        with column:
            st.markdown(f"**{title}**")
            heights = _heights(losses[part], is_log)
            limits = tuple(_heights(np.array([everything.min(), everything.max()]), is_log).tolist())
            drawing = _surface if is_solid else _map
            drawn = drawing(level, heights, limits, is_log)
            _add_path(drawn, plane["path"], part, mark, is_log=is_log, is_solid=is_solid)
            show(drawn, f"landscape_{part}", f"{title} over a plane through the weights, with the path of the run")
    _numbers(plane, level, losses, mark)


def _choose_mark(path: Sequence[Mapping[str, Any]], number: int) -> Mapping[str, Any]:
    """Draw the slider along the path and return the mark that it stands at."""
    if len(path) < 2:
        return path[-1]
    place: int = st.select_slider(
        "Along the path to epoch",
        range(len(path)),
        len(path) - 1,
        key=f"landscape_place_{number}_{len(path)}",
        format_func=lambda place: f"{path[place]['epoch']:,}",
    )
    return path[place]


def _numbers(
    plane: Mapping[str, Any], level: Mapping[str, Any], losses: Mapping[str, np.ndarray], mark: Mapping[str, Any]
) -> None:
    here = ", ".join(f"{part} loss **{_number(mark[f'{part}_loss'])}**" for part in PARTS)
    lowest = ", ".join(f"{part} {_number(float(np.nanmin(found)))}" for part, found in losses.items())
    st.markdown(
        f"After epoch {mark['epoch']:,}: {here}. Lowest on this plane: {lowest}. "
        f"The plane holds **{100 * plane['share']:.3g}%** of the path's squared length; the path itself goes through "
        f"{plane['dimensions']:,} dimensions."
    )
    if plane["left_out"]:
        st.caption(f"{plane['left_out']} earlier checkpoints had other layers and are left out.")
    st.caption(
        f"{level['points']} × {level['points']} places, losses on up to {plane['sample']} examples of each part. "
        "The path is drawn where it comes closest to the plane; the numbers at its points are its own losses."
    )


def _heights(losses: np.ndarray, is_log: bool) -> np.ndarray:
    found = np.where(np.isfinite(losses), losses, np.nan)
    return np.log10(found) if is_log else found


def _bar(limits: tuple[float, float], is_log: bool) -> dict[str, Any]:
    bar: dict[str, Any] = {"title": "loss", "thickness": 10}
    if is_log:
        ticks = [tick for tick in TICKS if limits[0] <= math.log10(tick) <= limits[1]]
        ticks = ticks[:: math.ceil(len(ticks) / MOST_TICKS)] if ticks else []
        if len(ticks) < FEWEST_TICKS:
            ticks = [float(f"{tick:.3g}") for tick in np.logspace(*limits, FEWEST_TICKS + 1)]
        bar |= {"tickvals": [math.log10(tick) for tick in ticks], "ticktext": [f"{tick:g}" for tick in ticks]}
    return bar


def _texts(heights: np.ndarray, is_log: bool) -> list[list[str]]:
    losses = 10**heights if is_log else heights
    return [[_number(loss) for loss in row] for row in losses.tolist()]


def _in_common(
    level: Mapping[str, Any], heights: np.ndarray, limits: tuple[float, float], is_log: bool
) -> dict[str, Any]:
    """Return what a map and a surface have in common."""
    return {
        "x": level["x"],
        "y": level["y"],
        "z": heights,
        "colorscale": "Cividis",
        "colorbar": _bar(limits, is_log),
        "text": _texts(heights, is_log),
        "hovertemplate": "%{x:.2f}, %{y:.2f}: %{text}<extra></extra>",
    }


def _map(level: Mapping[str, Any], heights: np.ndarray, limits: tuple[float, float], is_log: bool) -> go.Figure:
    drawn = go.Contour(_in_common(level, heights, limits, is_log), zmin=limits[0], zmax=limits[1], ncontours=18)
    drawn.line.width = 0.6
    made = figure(drawn, x="first direction", y="second direction", height=380, showlegend=False)
    made.update_xaxes(range=[level["x"][0], level["x"][-1]])
    made.update_yaxes(range=[level["y"][0], level["y"][-1]])
    return made


def _surface(level: Mapping[str, Any], heights: np.ndarray, limits: tuple[float, float], is_log: bool) -> go.Figure:
    drawn = go.Surface(_in_common(level, heights, limits, is_log), cmin=limits[0], cmax=limits[1])
    made = figure(drawn, height=420, showlegend=False)
    grid: dict[str, Any] = {"gridcolor": "#66758A", "color": "#66758A", "showbackground": False}
    bar = _bar(limits, is_log)
    ticks: dict[str, Any] = {name: bar[name] for name in ("tickvals", "ticktext") if name in bar}
    made.update_scenes(
        xaxis={"title": "first", **grid},
        yaxis={"title": "second", **grid},
        zaxis={"title": "", **grid, **ticks},
        camera={"eye": {"x": 1.35, "y": -1.5, "z": 0.95}, "center": {"x": 0, "y": 0, "z": -0.15}},
        dragmode="orbit",
    )
    return made


def _add_path(
    drawn: go.Figure,
    path: Sequence[Mapping[str, Any]],
    part: str,
    mark: Mapping[str, Any],
    *,
    is_log: bool,
    is_solid: bool,
) -> None:
    """Add the path with the epochs at some of its points, and a dot where the slider stands."""
    names = _names(path, drawn)
    hover = [f"epoch {at['epoch']:,}: {_number(at[f'{part}_loss'])}" for at in path]
    x, y = [at["x"] for at in path], [at["y"] for at in path]
    common: dict[str, Any] = {"hovertext": hover, "hovertemplate": "%{hovertext}<extra></extra>"}
    here: dict[str, Any] = {"x": [mark["x"]], "y": [mark["y"]], "mode": "markers", "hoverinfo": "skip"}
    if is_solid:
        z = _heights(np.array([at[f"{part}_loss"] for at in path], dtype=np.float64), is_log).tolist()
        drawn.add_trace(
            go.Scatter3d(
                x=x,
                y=y,
                z=z,
                mode="lines+markers",
                marker={"size": 3, "color": PATH},
                line={"width": 5, "color": PATH},
                **common,
            )
        )
        height = z[path.index(mark)]
        drawn.add_trace(go.Scatter3d(**here, z=[height], marker={"size": 6, "color": HERE}))
        return
    drawn.add_trace(
        go.Scatter(
            x=x,
            y=y,
            mode="lines+markers+text",
            text=names,
            textposition="top right",
            textfont={"color": "#fff", "size": 11, "shadow": SHADOW},
            line={"color": PATH, "width": 2},
            marker={"size": 6},
            **common,
        )
    )
    dot = {"size": 13, "color": HERE, "line": {"width": 2, "color": "#fff"}}
    drawn.add_trace(go.Scatter(**here, marker=dot))


def _names(path: Sequence[Mapping[str, Any]], drawn: go.Figure) -> list[str]:
    """Return the epochs to be written at the path, from its end on: none so close to another that both run together."""
    sides = [
        abs(axis.range[1] - axis.range[0]) if axis.range else 1.0 for axis in (drawn.layout.xaxis, drawn.layout.yaxis)
    ]
    names, written = [""] * len(path), list[tuple[float, float]]()
    for place in reversed(range(len(path))):
        at = (path[place]["x"] / sides[0], path[place]["y"] / sides[1])
        if all(math.dist(at, other) > APART for other in written):
            names[place] = f"{path[place]['epoch']:,}"
            written.append(at)
    return names


def _number(loss: float | None) -> str:
    return "no number" if loss is None or not math.isfinite(loss) else f"{loss:.3g}"


CONCEPT = Concept(
    "landscape",
    "Loss landscape",
    ":material/landscape:",
    "A loss is a height over all weights at once. Cut through it along two directions from where a run ended, and what "
    "is left can be drawn: a valley, wide or narrow, and the way the run came down. Each filter moves as far as it is "
    "long, so that networks with large and with small weights can be compared.",
    r"\begin{gathered} f(\alpha, \beta) = L(\theta^* + \alpha\,\delta + \beta\,\eta) \\ "
    r"\delta_{i} \leftarrow \frac{\delta_{i}}{\lVert\delta_{i}\rVert}\,\lVert\theta^*_{i}\rVert \end{gathered}",
    "Li, Xu, Taylor, Studer and Goldstein (2018), Visualizing the loss landscape of neural nets, sections 4 and 7",
    draw,
    (
        Question(
            "Why does the path hardly move between two random directions?",
            "In many dimensions a random direction is nearly at right angles to every other, the path's own too. The "
            "percentage below the pictures says how little of the path the plane holds; Along the path takes the two "
            "directions that hold most of it.",
        ),
        Question(
            "Is a wide valley better than a narrow one?",
            "It often goes with a test loss close to the training loss: if the test data shift the landscape a little, "
            "the loss of a wide valley hardly changes. Compare both pictures, and a run with small batches with one of "
            "large ones. Two directions out of very many prove nothing by themselves.",
        ),
        Question(
            "Does a network get stuck in local minima?",
            "Seldom in bad ones: with many weights there is nearly always a direction that leads further down. What "
            "slows training is more often a plateau or a ravine, where momentum and Adam help.",
        ),
    ),
)
