"""Recurrence: one step of a cell with every number, the whole run, and what is left of its gradient."""

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from nets.concepts.recurrence import (
    GATES,
    HIDDEN_SIZE,
    KINDS,
    Cell,
    Step,
    all_steps,
    parse_series,
    random_cell,
    reaches_back,
)
from pages.parts.concepts.concept import Concept, Question
from pages.parts.concepts.numbers import scientific
from pages.parts.concepts.plots import DIVERGING, figure, show
from pages.parts.concepts.recurrence_words import written_out

TITLES = {"rnn": "Plain", "gru": "GRU", "lstm": "LSTM"}
COLORS = {"rnn": "#0072B2", "gru": "#009E73", "lstm": "#E69F00"}
SUBSCRIPTS = "₁₂"
FIRST_SEED = 3
USUAL_SERIES = "1 0 0 0 -1 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0"


def draw() -> None:
    """Draw the cell's weights, one step of it in numbers, its run over the series, and the gradient's way back."""
    left, right = st.columns([2, 3], gap="medium")
    with left.container(border=True, key="card_recurrence_cell"):
        chosen = _cell()
    with right.container(border=True, key="card_recurrence_step"):
        series = _series()
        if series is None or chosen is None:
            return
        cell, others = chosen
        steps = all_steps(cell, series)
        place = _one_step(cell, steps)
    left, right = st.columns([3, 2], gap="medium")
    with left.container(border=True, key="card_recurrence_run", height="stretch"):
        st.markdown("**The whole run**")
        show(_run(cell, steps, place), "recurrence_run", "The inputs, the state and every gate at each step")
    with right.container(border=True, key="card_recurrence_gradient", height="stretch"):
        st.markdown("**What the last state still depends on**")
        lengths = {cell.kind: reaches_back(cell, series)}
        lengths |= {kind: reaches_back(other, series) for kind, other in others.items()}
        show(_gradient(lengths, cell.kind), "recurrence_gradient", "The gradient of the last state by each input")
        left_of = ", ".join(f"{TITLES[kind]} {scientific(lengths[kind][0])}" for kind in KINDS)
        st.caption(f"Gradient of the last state by the first input: {left_of}.")


def _cell() -> tuple[Cell, dict[str, Cell]] | None:
    """Draw what makes the cell; return it, and the other kinds with the same settings. None if a weight is missing."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        kind = st.segmented_control(
            "Cell", KINDS, default="lstm", required=True, key="recurrence_kind", format_func=TITLES.__getitem__
        )
        st.button("New weights", key="recurrence_new", icon=":material/casino:", on_click=_new_weights)
    seed = st.session_state.get("recurrence_seed", FIRST_SEED)
    scale = st.slider(
        "Size of the recurrent weights $U$", 0.0, 2.0, 0.5, 0.05, key="recurrence_scale", help="Length of each row of U"
    )
    bias = st.slider(
        "Bias of the forget gate $f$", -1.0, 5.0, 1.0, 0.25, key="recurrence_forget", help="Of the LSTM alone"
    )
    started = {name: random_cell(name, seed, scale, bias) for name in KINDS}
    edited = _edited(started.pop(kind), f"recurrence_weights_{kind}_{seed}_{scale}_{bias}")
    st.caption("Click a number to change it. A slider above, or new weights, write the table anew.")
    return None if edited is None else (edited, started)


def _new_weights() -> None:
    st.session_state["recurrence_seed"] = st.session_state.get("recurrence_seed", FIRST_SEED) + 1


def _edited(cell: Cell, key: str) -> Cell | None:
    """Draw the cell's weights as a table; return the cell with the numbers in it."""
    names = [f"{gate}{SUBSCRIPTS[unit]}" for gate in GATES[cell.kind] for unit in range(HIDDEN_SIZE)]
    columns = {"input w": cell.w, "state u₁": cell.u[:, 0], "state u₂": cell.u[:, 1], "bias b": cell.b}
    number = st.column_config.NumberColumn(min_value=-9.99, max_value=9.99, step=0.01, format="%.2f", required=True)
    table = st.data_editor(
        pd.DataFrame(columns, index=names), key=key, column_config=dict.fromkeys(columns, number), width="stretch"
    )
    values = table.to_numpy(dtype=np.float64)
    if not np.isfinite(values).all():
        st.info("Every weight needs a number.", icon=":material/info:")
        return None
    return Cell(cell.kind, values[:, 0].copy(), values[:, 1:3].copy(), values[:, 3].copy())


def _series() -> tuple[float, ...] | None:
    text = st.text_input("Inputs, one a step", USUAL_SERIES, key="recurrence_series", max_chars=400)
    try:
        return parse_series(text)
    except ValueError as error:
        st.info(str(error), icon=":material/info:")
        return None


def _one_step(cell: Cell, steps: list[Step]) -> int:
    """Draw one step with all its numbers; return which, from 1."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        place = st.slider("Step", 1, len(steps), min(2, len(steps)), key="recurrence_step", width="stretch")
        unit = st.segmented_control("Unit", (1, 2), default=1, required=True, key="recurrence_unit")
    step = steps[place - 1]
    st.latex(written_out(cell, step, unit - 1))
    show(_bars(step), "recurrence_bars", f"Every gate of both units at step {place}")
    return place


def _bars(step: Step) -> go.Figure:
    """Return both units' gates and states as bars."""
    held = {**step.gates, "c": step.memory} if len(step.gates) == len(GATES["lstm"]) else dict(step.gates)
    if "h" not in held:
        held["h"] = step.hidden
    bars = [
        go.Bar(
            name=f"unit {unit + 1}",
            x=list(held),
            y=[values[unit] for values in held.values()],
            marker={"color": color},
            hovertemplate="%{x}: %{y:.3f}<extra></extra>",
        )
        for unit, color in enumerate(("#0072B2", "#E69F00"))
    ]
    reach = max(1.0, float(np.abs(step.memory).max()))
    upward = {"range": [-1.05 * reach, 1.05 * reach], "zeroline": True, "zerolinecolor": "#66758A"}
    return figure(*bars, x="gates and state", y="value", height=210, barmode="group", yaxis=upward)


def _run(cell: Cell, steps: list[Step], place: int) -> go.Figure:
    """Return the inputs as bars, and state and gates as a map with a row for each number."""
    held = {"h": [step.hidden for step in steps]}
    if cell.kind == "lstm":
        held["c"] = [step.memory for step in steps]
    held |= {name: [step.gates[name] for step in steps] for name in GATES[cell.kind] if name != "h"}
    rows = np.concatenate([np.array(values).T for values in held.values()])
    names = [f"{name}{subscript}" for name in held for subscript in SUBSCRIPTS]
    reach = max(1.0, float(np.abs(rows).max()))
    places = list(range(1, len(steps) + 1))
    heat = go.Heatmap(
        x=places, y=names, z=rows, zmin=-reach, zmax=reach, colorscale=DIVERGING, xgap=1, ygap=1,
        colorbar={"thickness": 12, "len": 0.75, "y": 0, "yanchor": "bottom"},
        hovertemplate="step %{x}, %{y}: %{z:.3f}<extra></extra>",
    )  # fmt: skip
    inputs = go.Bar(x=places, y=[step.x for step in steps], yaxis="y2", marker={"color": "#66758A"})
    inputs.update(hovertemplate="step %{x}, input %{y:g}<extra></extra>")
    drawn = figure(
        heat,
        inputs,
        x="step",
        y="state and gates",
        height=420,
        showlegend=False,
        yaxis={"domain": [0, 0.76], "autorange": "reversed"},
        yaxis2={"domain": [0.82, 1], "anchor": "x", "title": {"text": "input"}},
    )
    drawn.add_vline(x=place, line={"color": "#66758A", "dash": "dot", "width": 2})
    return drawn


def _gradient(lengths: dict[str, np.ndarray], front: str) -> go.Figure:
    """Return the gradients' lengths by step, on a logarithmic axis."""
    lines = [
        go.Scatter(
            name=TITLES[kind],
            x=list(range(1, len(lengths[kind]) + 1)),
            y=lengths[kind],
            mode="lines+markers",
            line={"color": COLORS[kind], "width": 3 if kind == front else 2},
            marker={"size": 6 if kind == front else 4},
            hovertemplate="input %{x}: %{y:.2e}<extra></extra>",
        )
        for kind in KINDS
    ]
    upward = {"type": "log", "exponentformat": "power"}
    return figure(*lines, x="input of step", y="length of ∂h<sub>T</sub> / ∂x<sub>t</sub>", height=380, yaxis=upward)


CONCEPT = Concept(
    "recurrence",
    "Recurrence and gates",
    ":material/replay:",
    "A recurrent network reads one input a step and hands a state on to the next. A gate is a number between 0 and 1 "
    "that says how much gets through: with gates a cell can keep what it has instead of making it anew each time.",
    r"\begin{aligned} i, f, o &= \sigma(W x_t + U h_{t-1} + b) \\ g &= \tanh(W x_t + U h_{t-1} + b) \\ "
    r"c_t &= f \odot c_{t-1} + i \odot g \\ h_t &= o \odot \tanh(c_t) \end{aligned}",
    "Goodfellow, Bengio and Courville (2016), Deep Learning, chapter 10; Hochreiter and Schmidhuber (1997), Long "
    "short-term memory; Cho et al. (2014) for the GRU; Bengio, Simard and Frasconi (1994) for the gradient",
    draw,
    (
        Question(
            "Why does a plain cell forget?",
            "Each step multiplies the gradient by the recurrent weights and by the slope of tanh. Below 1, the product "
            "over many steps is next to nothing, so what was long ago hardly changes the weights. Make U larger and "
            "see its line rise, until tanh saturates.",
        ),
        Question(
            "What does the forget gate do?",
            "It says how much of the memory c stays: at 1 all of it, at 0 nothing. Along c the gradient is multiplied "
            "by f alone. Raise its bias and the LSTM's line turns flat.",
        ),
        Question(
            "GRU or LSTM?",
            "They are about as good; which is better depends on the data. A GRU has three quarters of the weights. "
            "Begin with an LSTM whose forget bias is 1 or more where much has to be remembered.",
        ),
    ),
)
