"""Tensors and autograd: an expression of one's own, its graph, shapes, broadcasting and every gradient."""

import re

import numpy as np
import streamlit as st

from nets.concepts import autograd as computed
from nets.concepts.autograd import Result
from nets.concepts.expressions import MAX_LENGTH, NAMES, ExpressionError, Node, names_in, parse, value
from pages.parts.components.sketch import sketch
from pages.parts.concepts.autograd_drawing import graph, is_wide, shape_words
from pages.parts.concepts.concept import Concept, Question
from pages.parts.concepts.tex import tensor

EXAMPLES: dict[str, tuple[str, dict[str, str]]] = {
    "A square": ("x**2", {"x": "2"}),
    "A layer": ("sum(relu(w @ x))", {"w": "[[1, -2], [0.5, 1]]", "x": "[1, 2]"}),
    "Broadcasting": ("x + y", {"x": "[[1], [2], [3]]", "y": "[[10, 20, 30, 40]]"}),
    "Sigmoid chain": ("sigmoid(w*sigmoid(w*sigmoid(w*x)))", {"w": "1.5", "x": "1"}),
    "Squared error": ("mean((w*x + z - y)**2)", {"w": "0.5", "x": "[1, 2, 3]", "z": "0", "y": "[2, 4, 6]"}),
    "Cross-entropy": ("log(sum(exp(x))) - sum(x*y)", {"x": "[2, 1, 0]", "y": "[0, 1, 0]"}),
}
FIRST = "A square"
UNUSED = "1"
ROUNDING = 1e-12


def draw() -> None:
    """Draw the expression and its values, the graph, the result with its gradients, and a nudge."""
    if "autograd_expression" not in st.session_state:
        _fill(FIRST)
    with st.container(border=True, key="card_controls"):
        _controls()
    try:
        expression = parse(st.session_state["autograd_expression"])
        names = names_in(expression)
        values = {name: value(name, st.session_state[f"autograd_{name}"]) for name in names}
        result = computed.compute(expression, values)
    except ExpressionError as refusal:
        st.warning(_plain(str(refusal)), icon=":material/edit_note:")
        return
    if is_wide(result):
        picture, (play, numbers) = st.container(), st.columns([3, 2], gap="medium")
    else:
        play, numbers = st.columns([3, 2], gap="medium")
        picture = play
    with picture.container(border=True, key="card_graph"):
        sketch(graph(result), key="autograd_graph")
        st.caption(
            "In each box: its shape, its value, and in orange, ∂, the gradient of the result with respect to it."
        )
    with numbers.container(border=True, key="card_result"):
        _numbers(result)
    with play.container(border=True, key="card_nudge"):
        _nudge(expression, values)


def _fill(example: str) -> None:
    expression, values = EXAMPLES[example]
    st.session_state["autograd_expression"] = expression
    for name in NAMES:
        st.session_state[f"autograd_{name}"] = values.get(name, UNUSED)


def _picked() -> None:
    if example := st.session_state["autograd_example"]:
        _fill(example)


def _typed() -> None:
    st.session_state["autograd_example"] = None


def _controls() -> None:
    st.session_state.setdefault("autograd_example", FIRST)
    st.pills("Examples", EXAMPLES, key="autograd_example", on_change=_picked)
    st.text_input(
        "Expression",
        key="autograd_expression",
        max_chars=MAX_LENGTH,
        on_change=_typed,
        help="x, y, z, w, numbers, + - \\* / \\*\\* @ and sum, mean, max, exp, log, tanh, sigmoid, relu, sin, cos, "
        "sqrt, abs, matmul, reshape(x, 2, 3); sum, mean and max take an axis too: sum(x, 0)",
    )
    with st.grid(4, min_column_width=150, gap="small"):
        for name in NAMES:
            st.text_input(
                f"${name}$",
                key=f"autograd_{name}",
                on_change=_typed,
                placeholder="2, [1, 2] or [[1, 2], [3, 4]]",
            )


def _numbers(result: Result) -> None:
    st.markdown(f"**Result**, {shape_words(result.value.shape)}")
    st.latex(tensor(result.value) if result.value.ndim <= 3 else r"\text{more than three axes}")
    for sentence in _stretches(result):
        st.caption(sentence)
    if result.names:
        st.divider()
        st.markdown("**Gradients**" + (", of the sum of the result's numbers" if result.is_summed else ""))
    for name in sorted(result.names):
        of = r"\sum\text{result}" if result.is_summed else r"\text{result}"
        st.latex(rf"\frac{{\partial\, {of}}}{{\partial {name}}} = {tensor(result.gradient(name))}")
    if result.is_summed and result.names:
        st.caption("A gradient is that of one number, so the result is summed first, as backward() would ask for.")


def _stretches(result: Result) -> list[str]:
    """Return a sentence for each operation that has stretched an input."""
    sentences = []
    for step in result.steps:
        shapes = [shape_words(result.steps[place].shape) for place in step.inputs]
        told = [
            f"{shape} is repeated along {'axis' if len(axes) == 1 else 'axes'} {', '.join(map(str, axes))}"
            for shape, axes in zip(shapes, step.stretched, strict=False)
            if axes
        ]
        if told:
            whole = f"{shapes[0]} {step.label} {shapes[1]} makes {shape_words(step.shape)}"
            sentences.append(_plain(f"{whole}: {', and '.join(told)}."))
    return sentences


@st.fragment
def _nudge(expression: Node, values: dict[str, np.ndarray]) -> None:
    st.markdown("**What a gradient promises**")
    if not values:
        st.caption("Only a name has a gradient: write x into the expression.")
        return
    left, right = st.columns(2)
    name = left.segmented_control("Nudge", tuple(values), default=next(iter(values)), required=True, key="autograd_who")
    by = right.slider("By", -1.0, 1.0, 0.1, 0.01, key="autograd_nudge")
    try:
        happens, promised = computed.nudged(expression, values, name, by)
    except ExpressionError as refusal:
        st.caption(_plain(str(refusal)))
        return
    first, second, third = st.columns(3)
    first.metric("The result changes by", f"{happens:.4g}")
    second.metric("Gradient × nudge", f"{promised:.4g}")
    third.metric(
        "Apart", f"{abs(happens - promised):.2g}", help="Shrinks with the square of the nudge: halve it and see"
    )


def _rounded(change: float) -> float:
    """Return a change without what rounding alone has left of it."""
    return 0.0 if abs(change) < ROUNDING else change


def _plain(text: str) -> str:
    """Return a text in which Markdown finds nothing to do."""
    return re.sub(r"([\\`*_{}\[\]()#+!|~$<>:.-])", r"\\\1", text)


CONCEPT = Concept(
    "autograd",
    "Tensors and autograd",
    ":material/account_tree:",
    "A tensor is numbers along any number of axes. Each operation notes what it was made of; from the result "
    "autograd walks these notes backwards and multiplies slopes, so every gradient comes from one pass.",
    r"\frac{\partial L}{\partial x} = \sum_{k} \frac{\partial L}{\partial v_k}\,\frac{\partial v_k}{\partial x}"
    r"\qquad \frac{d\,x^2}{dx} = 2x",
    "Goodfellow, Bengio and Courville (2016), Deep Learning, chapters 2 and 6.5; Baydin et al. (2018), Automatic "
    "differentiation in machine learning: a survey; Paszke et al. (2017), Automatic differentiation in PyTorch",
    draw,
    (
        Question(
            "What is broadcasting?",
            "Where two shapes differ, sizes are compared from the right: equal ones fit, and a size of 1 is "
            "repeated. (3, 1) and (1, 4) make (3, 4). Going back, the gradient of what was repeated is the sum over "
            "its repeats: choose the example Broadcasting.",
        ),
        Question(
            "Is this numerical or symbolic differentiation?",
            "Neither. No difference quotient is taken and no formula is derived: each operation knows its own slope, "
            "and the numbers are multiplied along the graph. So gradients are as exact as the numbers themselves.",
        ),
        Question(
            "Why do gradients come from a single number only?",
            "A tensor of results would have a gradient for each of its numbers. A loss is one number, which is what "
            "training needs; anything else is summed first here, and the page says so.",
        ),
    ),
)
