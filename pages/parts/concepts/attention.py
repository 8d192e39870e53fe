"""Attention: words ask each other, and every number of it is on the page."""

from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from nets.concepts.attention import SIZE, Attended, attend, embedded, evenness, parse_words, random_weights
from pages.parts.concepts.concept import Concept, Question
from pages.parts.concepts.numbers import two_digits
from pages.parts.concepts.plots import DIVERGING, figure, show

INK = [[0.0, "#E8EDF2"], [1.0, "#0072B2"]]
USUAL_SENTENCE = "the cat saw the dog"
NAMES = {"q": "W_q", "k": "W_k", "v": "W_v"}


def draw() -> None:
    """Draw sentence, switches and weights; the vectors, the weights between words, and one word's row in numbers."""
    left, right = st.columns([2, 3], gap="medium")
    with left.container(border=True, key="card_attention_words", height="stretch"):
        chosen = _chosen()
    if chosen is None:
        return
    words, x, attended, scaled = chosen
    labels = [f"{place} {word}" for place, word in enumerate(words, start=1)]
    with right.container(border=True, key="card_attention_map", height="stretch"):
        _pair(attended, labels, scaled=scaled)
    with st.container(border=True, key="card_attention_vectors"):
        st.markdown("**From words to what comes out**")
        _vectors(x, attended, labels)
    with st.container(border=True, key="card_attention_row"):
        _row(attended, labels, scaled=scaled)


def _chosen() -> tuple[tuple[str, ...], np.ndarray, Attended, bool] | None:
    """Draw the controls; return words, their vectors, what attention makes of them, and whether scores are scaled."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        sentence = st.text_input("Two to six words", USUAL_SENTENCE, key="attention_sentence", max_chars=100)
        st.button("New weights", key="attention_new", icon=":material/casino:", on_click=_new_weights)
    with st.container(horizontal=True):
        positions = st.toggle("Add positions", True, key="attention_positions", help="Waves that tell where a word is")
        scaled = st.toggle("Divide by √4", True, key="attention_scaled", help="√d, d numbers of each query and key")
        causal = st.toggle("Causal mask", False, key="attention_causal", help="No word may look at those after it")
    size = st.slider("Size of $W_q$ and $W_k$", 0.0, 3.0, 1.0, 0.1, key="attention_size")
    seed = st.session_state.get("attention_seed", 0)
    weights = _edited(random_weights(seed, size), f"{seed}_{size}")
    try:
        words = parse_words(sentence)
    except ValueError as error:
        st.info(str(error), icon=":material/info:")
        return None
    if weights is None:
        st.info("Every weight needs a number.", icon=":material/info:")
        return None
    x = embedded(words, seed, positions=positions)
    return words, x, attend(x, weights, scaled=scaled, causal=causal), scaled


def _new_weights() -> None:
    st.session_state["attention_seed"] = st.session_state.get("attention_seed", 0) + 1


def _edited(weights: dict[str, np.ndarray], key: str) -> dict[str, np.ndarray] | None:
    """Draw the three matrices as tables; return them with the numbers in them, None where one is missing."""
    columns = [str(place) for place in range(1, SIZE + 1)]
    number = st.column_config.NumberColumn(min_value=-9.99, max_value=9.99, step=0.01, format="%.2f", required=True)
    edited = {}
    for tab, (name, matrix) in zip(st.tabs([f"${NAMES[name]}$" for name in weights]), weights.items(), strict=True):
        with tab:
            table = st.data_editor(
                pd.DataFrame(matrix, columns=columns),
                key=f"attention_{name}_{key}",
                column_config=dict.fromkeys(columns, number),
                hide_index=True,
                width="stretch",
            )
        edited[name] = table.to_numpy(dtype=np.float64).copy()
    return edited if all(np.isfinite(matrix).all() for matrix in edited.values()) else None


def _numbers(
    values: np.ndarray, columns: list[str], rows: list[str], *, x: str, y: str = "", height: int, **looks: Any
) -> go.Figure:
    """Return a map with its numbers written on it; where a word may not look there is a dash."""
    texts = [[two_digits(value) if np.isfinite(value) else "–" for value in row] for row in values]
    heat = go.Heatmap(
        x=columns,
        y=rows,
        z=np.where(np.isfinite(values), values, np.nan),
        text=texts,
        texttemplate="%{text}",
        showscale=False,
        xgap=1,
        ygap=1,
        hovertemplate="%{y}, %{x}: %{text}<extra></extra>",
        **looks,
    )
    plain = {"showgrid": False, "zeroline": False, "ticks": ""}
    return figure(heat, x=x, y=y, height=height, xaxis=plain, yaxis={**plain, "autorange": "reversed"})


def _signed(*values: np.ndarray) -> dict[str, Any]:
    """Return a scale for numbers on either side of zero that all of these can share."""
    reach = max(1.0, *(float(np.abs(part[np.isfinite(part)]).max()) for part in values))
    return {"colorscale": DIVERGING, "zmin": -reach, "zmax": reach}


def _pair(attended: Attended, labels: list[str], *, scaled: bool) -> None:
    """Draw scores and weights side by side."""
    axes: dict[str, Any] = {"x": "is looked at", "y": "looks", "height": 360}
    left, right = st.columns(2, gap="small")
    with left:
        st.markdown("**Scores** " + (r"$QK^\top/\sqrt{4}$" if scaled else r"$QK^\top$"))
        scores = _numbers(attended.scores, labels, labels, **axes, **_signed(attended.scores))
        show(scores, "attention_scores", "How well each word's query fits each word's key")
    with right:
        st.markdown(r"**Weights** $\text{softmax}(\text{scores})$")
        weights = _numbers(attended.weights, labels, labels, **axes, colorscale=INK, zmin=0, zmax=1)
        show(weights, "attention_weights", "How much each word takes from each word; rows add up to 1")
    widest = evenness(attended.weights)
    st.caption(
        f"Each row of weights adds up to 1; it is spread over {widest.min():.1f} to {widest.max():.1f} words "
        "(e to its entropy)."
    )


def _vectors(x: np.ndarray, attended: Attended, labels: list[str]) -> None:
    """Draw what stands for each word: its vector, query, key, value and what comes out."""
    parts = {
        "Word $x$": x,
        "Query $q = xW_q$": attended.queries,
        "Key $k = xW_k$": attended.keys,
        "Value $v = xW_v$": attended.values,
        "Output": attended.outputs,
    }
    columns = [str(place) for place in range(1, SIZE + 1)]
    looks = _signed(*parts.values())
    for place, (column, (title, values)) in enumerate(zip(st.columns(len(parts)), parts.items(), strict=True)):
        with column:
            st.markdown(title)
            drawn = _numbers(values, columns, labels, x="number", height=250, **looks)
            show(drawn, f"attention_vectors_{place}", f"{title.replace('$', '')} of each word, four numbers each")


def _row(attended: Attended, labels: list[str], *, scaled: bool) -> None:
    """Draw one word's row: its query, each key, score and weight, and the output that they make."""
    left, right = st.columns([3, 2], gap="medium", vertical_alignment="center")
    place = left.selectbox(
        "A word's row in numbers", range(len(labels)), key="attention_word", format_func=labels.__getitem__
    )
    table = pd.DataFrame(
        {
            "looks at": labels,
            "key": [", ".join(map(two_digits, key)) for key in attended.keys],
            "score": [two_digits(score) if np.isfinite(score) else "masked" for score in attended.scores[place]],
            "weight": attended.weights[place],
            "value": [", ".join(map(two_digits, value)) for value in attended.values],
        }
    )
    share = st.column_config.ProgressColumn("weight", min_value=0.0, max_value=1.0, format="%.2f")
    left.dataframe(table, hide_index=True, column_config={"weight": share}, width="stretch")
    sums = " + ".join(
        rf"{two_digits(weight)}\,v_{{{other + 1}}}" for other, weight in enumerate(attended.weights[place]) if weight
    )
    below = r"/\sqrt{4}" if scaled else ""
    right.latex(
        rf"\begin{{aligned}} q_{{{place + 1}}} &= ({_listed(attended.queries[place])}) \\ "
        rf"\text{{score}}_j &= q_{{{place + 1}}} \cdot k_j{below} \\ "
        rf"\text{{weight}}_j &= e^{{\text{{score}}_j}} / \textstyle\sum_i e^{{\text{{score}}_i}} \\ "
        rf"\text{{out}} &= {sums} \\ &= ({_listed(attended.outputs[place])}) \end{{aligned}}"
    )


def _listed(numbers: np.ndarray) -> str:
    return r",\ ".join(map(two_digits, numbers))


CONCEPT = Concept(
    "attention",
    "Attention",
    ":material/visibility:",
    "Every word asks a question, its query, and compares it with the keys of all words. A softmax makes weights of the "
    "scores, and what comes out is the mean of the values by these weights.",
    r"\begin{gathered} Q = XW_q \quad K = XW_k \quad V = XW_v \\ "
    r"\text{out} = \text{softmax}\left(\frac{QK^\top}{\sqrt{d}}\right) V \end{gathered}",
    "Vaswani et al. (2017), Attention is all you need; Goodfellow, Bengio and Courville (2016), Deep Learning, "
    "chapter 12, and Bahdanau, Cho and Bengio (2015) for attention before it",
    draw,
    (
        Question(
            "Why divide by √d?",
            "A score is a sum of d products, so it grows with d; a softmax of large scores gives nearly everything to "
            "one word, and its gradient is nearly zero. Make the weights larger and switch the division off: the "
            "weights gather on one word.",
        ),
        Question(
            "How does it know the order of the words?",
            "It does not, by itself. Without positions two equal words have equal rows, wherever they stand: switch "
            "them off and compare both times of 'the'. Positions add a wave of its own to every place.",
        ),
        Question(
            "What is a causal mask for?",
            "A network that continues a text must not see what it is to say. The mask sets the scores of later words "
            "to minus infinity, so that their weights are 0.",
        ),
    ),
)
