"""Attention: words ask each other, and every number of it is on the page."""

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import streamlit as st
from plotly.subplots import make_subplots

from nets.concepts.attention import SIZE, Attended, attend, embedded, evenness, parse_words, random_weights
from pages.parts.concepts.concept import Concept, Question
from pages.parts.concepts.plots import DIVERGING, figure, show

INK = [[0.0, "rgba(0,114,178,0)"], [1.0, "rgba(0,114,178,1)"]]
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
        st.markdown("**Who looks at whom**")
        show(_pair(attended, labels, scaled=scaled), "attention_map", "Scores, and the weights made of them")
        widest = evenness(attended.weights)
        st.caption(
            f"A row is a word that asks; its weights add up to 1 and are spread over "
            f"{widest.mean():.1f} words on average."
        )
    left, right = st.columns([3, 2], gap="medium")
    with left.container(border=True, key="card_attention_vectors", height="stretch"):
        st.markdown("**From words to what comes out**")
        show(
            _vectors(x, attended, labels),
            "attention_vectors",
            "Vectors, queries, keys, values and outputs of each word",
        )
    with right.container(border=True, key="card_attention_row", height="stretch"):
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


def _numbers(values: np.ndarray, x: list[str], y: list[str], **looks: object) -> go.Heatmap:
    """Return a map with its numbers written on it; where a word may not look there is a dash."""
    texts = [[f"{value:.2f}" if np.isfinite(value) else "–" for value in row] for row in values]
    shown = np.where(np.isfinite(values), values, np.nan)
    return go.Heatmap(
        x=x,
        y=y,
        z=shown,
        text=texts,
        texttemplate="%{text}",
        showscale=False,
        xgap=1,
        ygap=1,
        hovertemplate="%{y} → %{x}: %{text}<extra></extra>",
        **looks,
    )


def _pair(attended: Attended, labels: list[str], *, scaled: bool) -> go.Figure:
    """Return scores and weights side by side."""
    finite = attended.scores[np.isfinite(attended.scores)]
    reach = max(1.0, float(np.abs(finite).max()))
    looks = {"colorscale": DIVERGING, "zmin": -reach, "zmax": reach, "textfont": {"color": "#17202B"}}
    scores = _numbers(attended.scores, labels, labels, **looks)
    weights = _numbers(attended.weights, labels, labels, colorscale=INK, zmin=0, zmax=1)
    weights.update(xaxis="x2", yaxis="y2")
    drawn = figure(scores, weights, x="scores " + ("QKᵀ / √4" if scaled else "QKᵀ"), y="asks", height=380)
    drawn.update_layout(
        xaxis={"domain": [0, 0.48], "anchor": "y"},
        yaxis={"autorange": "reversed"},
        xaxis2={"domain": [0.52, 1], "anchor": "y2", "title": {"text": "weights softmax(scores)"}},
        yaxis2={"autorange": "reversed", "anchor": "x2", "showticklabels": False},
    )
    drawn.update_xaxes(fixedrange=True, automargin=True)
    drawn.update_yaxes(fixedrange=True, automargin=True)
    return drawn


def _vectors(x: np.ndarray, attended: Attended, labels: list[str]) -> go.Figure:
    """Return what stands for each word: its vector, query, key, value and what comes out."""
    parts = {"word x": x, "query Q": attended.queries, "key K": attended.keys, "value V": attended.values}
    parts["out"] = attended.outputs
    drawn = make_subplots(1, len(parts), shared_yaxes=True, horizontal_spacing=0.015, subplot_titles=list(parts))
    columns = [str(place) for place in range(1, SIZE + 1)]
    reach = max(1.0, *(float(np.abs(values).max()) for values in parts.values()))
    looks = {"colorscale": DIVERGING, "zmin": -reach, "zmax": reach, "textfont": {"color": "#17202B", "size": 11}}
    for place, values in enumerate(parts.values(), start=1):
        drawn.add_trace(_numbers(values, columns, labels, **looks), 1, place)
    laid_out = figure(*drawn.data, height=320)
    laid_out.update_layout(drawn.layout)
    laid_out.update_layout(height=320, margin={"l": 8, "r": 8, "t": 28, "b": 8})
    laid_out.update_xaxes(fixedrange=True, title_text="number")
    laid_out.update_yaxes(autorange="reversed", fixedrange=True, automargin=True)
    return laid_out


def _row(attended: Attended, labels: list[str], *, scaled: bool) -> None:
    """Draw one word's row: each score as a sum of products, its weight, and the output that they make."""
    place = st.selectbox(
        "A word's row in numbers", range(len(labels)), key="attention_word", format_func=labels.__getitem__
    )
    query = attended.queries[place]
    table = pd.DataFrame(
        {
            "looks at": labels,
            "key": [" ".join(f"{number:.2f}" for number in key) for key in attended.keys],
            "score": [f"{score:.2f}" if np.isfinite(score) else "masked" for score in attended.scores[place]],
            "weight": attended.weights[place],
        }
    )
    st.latex(rf"q_{{{place + 1}}} = ({_listed(query)})")
    share = st.column_config.ProgressColumn("weight", min_value=0.0, max_value=1.0, format="%.2f")
    st.dataframe(table, hide_index=True, column_config={"weight": share}, width="stretch")
    sums = " + ".join(
        rf"{weight:.2f}\,v_{{{other + 1}}}" for other, weight in enumerate(attended.weights[place]) if weight
    )
    below = r"/\sqrt{4}" if scaled else ""
    st.latex(
        rf"\begin{{aligned}} \text{{score}}_j &= q_{{{place + 1}}} \cdot k_j{below} \\ "
        rf"\text{{out}} &= {sums} \\ &= ({_listed(attended.outputs[place])}) \end{{aligned}}"
    )


def _listed(numbers: np.ndarray) -> str:
    return r",\ ".join(f"{number:.2f}" for number in numbers)


CONCEPT = Concept(
    "attention",
    "Attention",
    ":material/visibility:",
    "Every word asks a question, its query, and compares it with the keys of all words. A softmax makes weights of the "
    "scores, and what comes out is the mean of the values by these weights.",
    r"Q = XW_q \quad K = XW_k \quad V = XW_v \qquad \text{softmax}\left(\frac{QK^\top}{\sqrt{d}}\right) V",
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
