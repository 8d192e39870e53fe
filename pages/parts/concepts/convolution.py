"""Convolution and pooling: a kernel that goes over a picture step by step, every sum written out."""

from typing import get_args

import numpy as np
import pandas as pd
import streamlit as st

from nets.concepts.convolution import KERNELS, SIZES, Convolution, Pool, Pooling, Step, kernel
from nets.concepts.pictures import PICTURES, WHITE, picture
from pages.parts.concepts.cells import cells, ring, short
from pages.parts.concepts.concept import Concept, Question
from pages.parts.concepts.plots import show


def draw() -> None:
    """Draw the kernel and how it goes, the picture and its map with the window on both, the sum, and the pool."""
    controls, wide = st.columns([2, 3], gap="medium")
    picture_card = wide.container(border=True, key="card_picture")
    with controls.container(border=True, key="card_controls"):
        left, right = st.columns(2)
        name = left.selectbox("Picture", PICTURES, 3, key="convolution_picture")
        preset = right.selectbox("Kernel", KERNELS, key="convolution_kernel")
        weights = _weights(preset)
        left, right = st.columns(2)
        stride = left.slider("Stride", 1, 3, key="convolution_stride", help="Cells from one place to the next")
        padding = right.slider("Padding", 0, 3, key="convolution_padding", help="Rings of zeros around the picture")
        left, right = st.columns(2, vertical_alignment="bottom")
        dilation = left.slider("Dilation", 1, 3, key="convolution_dilation", help="Cells from weight to weight")
        relu = right.toggle("ReLU after the sum", key="convolution_relu")
    pixels = picture(name)
    convolution = Convolution(weights, stride, padding, dilation, "relu" if relu else "identity")
    with picture_card:
        going = _going(convolution, pixels)
    if going is None:
        return
    outputs, told = going
    picture_card.latex(told)
    with controls.container(border=True, key="card_size"):
        st.caption("Rows and columns of the map")
        st.latex(_side(pixels.shape[0], convolution))
    with st.container(border=True, key="card_pool"):
        _pooling(outputs)


def _weights(preset: str) -> np.ndarray:
    """Draw the kernel as a table to be edited; a cell that is emptied counts as zero."""
    size = st.segmented_control(
        "Size of the kernel",
        SIZES,
        default=SIZES[0],
        required=True,
        key="convolution_size",
        format_func=lambda size: f"{size}×{size}",
    )
    columns = [str(column) for column in range(size)]
    table = st.data_editor(
        pd.DataFrame(kernel(preset, size), columns=columns),
        key=f"convolution_weights_{preset}_{size}",
        hide_index=True,
        num_rows="fixed",
        column_config={name: st.column_config.NumberColumn(name, min_value=-99, max_value=99) for name in columns},
    )
    return np.nan_to_num(table.to_numpy(dtype=np.float32))


def _going(convolution: Convolution, pixels: np.ndarray) -> tuple[np.ndarray, str] | None:
    """Draw place, picture and map; return the map (H, W) and the sum in LaTeX, None where the kernel does not fit."""
    rows, columns = convolution.size(pixels)
    place = _place("Place of the kernel", "convolution_place", rows * columns)
    try:
        sums = convolution.sums(pixels)
    except ValueError as error:
        st.info(str(error).capitalize() + ".", icon=":material/zoom_out_map:")
        return None
    outputs, step = convolution.outputs(sums), convolution.step(pixels, place)
    before, after = st.columns(2)
    with before:
        padded = convolution.padded(pixels)
        st.caption(f"Picture, {_size(pixels)}" + (f", {_size(padded)} with padding" if convolution.padding else ""))
        drawn = ring(cells(padded, WHITE, rows=step.rows, columns=step.columns), convolution.padding, padded.shape)
        show(drawn, "convolution_input", "The picture, and on it the window of the kernel")
    with after:
        st.caption(f"Map, {_size(outputs)}")
        drawn = cells(outputs, _reach(outputs), rows=np.array([step.row]), columns=np.array([step.column]))
        show(drawn, "convolution_output", "The map that comes out, and on it the place of the sum")
    return outputs, _sum(convolution, step, sums[step.row, step.column], outputs[step.row, step.column])


def _place(label: str, key: str, places: int) -> int:
    """Draw the slider of a place, row by row; a slider of another length would begin at 0 again."""
    last, kept = max(places - 1, 1), f"{key}_kept"
    place, length = st.session_state.get(kept, (0, last))
    if length != last:
        st.session_state[key] = min(place, last)
    place = st.slider(label, 0, last, key=key, help="From left to right, then the next row")
    st.session_state[kept] = place, last
    return place


def _size(values: np.ndarray) -> str:
    return f"{values.shape[0]}×{values.shape[1]}"


def _reach(values: np.ndarray) -> float:
    return max(1.0, float(np.abs(values).max()))


def _side(size: int, convolution: Convolution) -> str:
    """Return the formula of the map's side with its numbers, for a square picture."""
    rows, _ = convolution.size(np.empty((size, size)))
    k, p, d, s = len(convolution.kernel), convolution.padding, convolution.dilation, convolution.stride
    return rf"\left\lfloor \frac{{{size} + 2\cdot{p} - {d}\cdot({k} - 1) - 1}}{{{s}}} \right\rfloor + 1 = {rows}"


def _sum(convolution: Convolution, step: Step, total: float, output: float) -> str:
    """Return the sum at a place, a line for each row of the kernel."""
    lines = [
        " + ".join(rf"{short(value)}\cdot{_signed(weight)}" for value, weight in zip(values, weights, strict=True))
        for values, weights in zip(step.values, convolution.kernel, strict=True)
    ]
    told = rf"{total:.4g}" + (
        rf"\;\to\; \max(0,\, {total:.4g}) = {output:.4g}" if convolution.activation == "relu" else ""
    )
    body = r" \\ {}+{} & ".join(lines)
    size = r"\small" if len(lines) == SIZES[0] else r"\footnotesize"
    return rf"{size} \begin{{aligned}} & {body} \\ {{}}={{}} & {told} \end{{aligned}}"


def _signed(weight: float) -> str:
    return f"({short(weight)})" if weight < 0 else short(weight)


def _pooling(values: np.ndarray) -> None:
    """Draw the pool over a map (H, W): its settings, the map with the window, and what is kept."""
    controls, picture_card = st.columns([2, 3], gap="medium")
    with controls:
        st.markdown("**Pooling**")
        kind: Pooling = st.segmented_control(
            "Keep of each window", get_args(Pooling), default="max", required=True, key="convolution_pool"
        )
        left, right = st.columns(2)
        window = left.slider("Window", 2, 4, key="convolution_window")
        stride = right.slider("Stride of the pool", 1, 4, 2, key="convolution_pool_stride")
    pool = Pool(kind, window, stride)
    rows, columns = pool.size(values)
    with controls:
        place = _place("Place of the window", "convolution_pool_place", rows * columns)
    with picture_card:
        try:
            outputs = pool.outputs(values)
        except ValueError as error:
            st.info(str(error).capitalize() + ".", icon=":material/zoom_out_map:")
            return
        step = pool.step(values, place)
        before, after = st.columns(2)
        reach = _reach(values)
        with before:
            st.caption(f"Map, {_size(values)}")
            show(cells(values, reach, rows=step.rows, columns=step.columns), "convolution_map", "The window on the map")
        with after:
            st.caption(f"Pooled, {_size(outputs)}")
            drawn = cells(outputs, reach, rows=np.array([step.row]), columns=np.array([step.column]))
            show(drawn, "convolution_pooled", "What the pool keeps of each window")
    with controls:
        st.latex(_kept(pool, step, outputs[step.row, step.column]))


def _kept(pool: Pool, step: Step, output: float) -> str:
    """Return what the window sees, a line for each row, and what is kept of it."""
    seen = r"\\".join("&".join(short(value) for value in row) for row in step.values)
    name = r"\max" if pool.kind == "max" else r"\operatorname{mean}"
    return rf"{name} \begin{{pmatrix}} {seen} \end{{pmatrix}} = {output:.4g}"


CONCEPT = Concept(
    "convolution",
    "Convolution and pooling",
    ":material/grid_on:",
    "A kernel goes over the picture; at each place its weights are multiplied with what lies below and added up. The "
    "same few weights everywhere: what they find, they find in any place. A pool then keeps one number of each window.",
    r"\begin{aligned} S(i, j) = \sum_{m,\,n} \; & K(m, n) \\ "
    r"\cdot\, & I(i s + m d - p,\; j s + n d - p) \end{aligned}",
    "Goodfellow, Bengio and Courville (2016), Deep Learning, chapter 9; LeCun et al. (1989); Dumoulin and Visin (2016)",
    draw,
    (
        Question(
            "Why not a dense layer?",
            "A dense layer has a weight for each pixel and neuron, and must learn an edge anew in every place. A "
            "kernel of 3×3 has nine weights for the whole picture. An MLP suits tables; a CNN suits what has "
            "neighbours: pictures, sound, series.",
        ),
        Question(
            "What are stride, padding and dilation for?",
            "Padding keeps the size: 1 for 3×3, 2 for 5×5. Stride leaves places out, so that the map is smaller. "
            "Dilation spreads the weights, so that the same number of weights sees farther.",
        ),
        Question(
            "What does a pool do that a stride does not?",
            "A stride looks at fewer places; a pool looks at all of them and keeps the strongest, or the mean. With a "
            "maximum the map hardly changes when the picture moves by a pixel.",
        ),
    ),
)
