"""The data and network cards of the Images screen: which pictures, which layers, what each layer costs."""

from typing import Any

import pandas as pd
import streamlit as st

from nets.architectures.cnn import CNN, ConvBlock
from nets.runs.run import Run
from nets.views.layers import Layers
from pages.parts import fields
from pages.parts.bench import Bench

MOST_BLOCKS = 6
ARCHITECTURES = {"mlp": "Dense layers", "cnn": "Convolutions"}


def image_data_card(bench: Bench) -> None:
    """Draw the choice of pictures."""
    pixels, share = st.columns(2)
    with pixels:
        fields.choice(bench, "data.size", "Pixels", (8, 16, 28, 32), help="Height and width that digits are resized to")
    with share:
        fields.slider(bench, "data.train_share", "Train on", [place / 10 for place in range(1, 10)], "{:.0%}".format)


def network_card(bench: Bench) -> None:
    """Draw the choice of architecture and its layers."""
    st.session_state["architecture"] = bench.value("model.kind")
    st.segmented_control(
        "Network",
        tuple(ARCHITECTURES),
        key="architecture",
        required=True,
        width="stretch",
        label_visibility="collapsed",
        format_func=ARCHITECTURES.__getitem__,
        on_change=lambda: bench.change({"model.kind": st.session_state["architecture"]}),
    )
    if isinstance(bench.experiment.model, CNN):
        _blocks(bench, bench.experiment.model)
        fields.text(bench, "model.dense_sizes", "Dense layers", "128")
    else:
        fields.text(bench, "model.hidden_sizes", "Neurons of each hidden layer", "128, 64")


def _blocks(bench: Bench, model: CNN) -> None:
    """Draw one popover a convolution, and buttons for more and fewer."""
    with st.container(horizontal=True, gap="xsmall"):
        for place, block in enumerate(model.blocks):
            with st.popover(f"{block.channels} × {block.kernel}×{block.kernel}", help=f"Convolution {place + 1}"):
                _block(bench, place, block)
        st.button(
            "Add",
            key="add_block",
            icon=":material/add:",
            help="One more convolution",
            disabled=len(model.blocks) >= MOST_BLOCKS,
            on_click=lambda: _set_blocks(bench, [*model.blocks, model.blocks[-1]]),
        )
        st.button(
            "Remove",
            key="remove_block",
            icon=":material/remove:",
            help="One convolution less",
            disabled=len(model.blocks) <= 1,
            on_click=lambda: _set_blocks(bench, list(model.blocks[:-1])),
        )


def _block(bench: Bench, place: int, block: ConvBlock) -> None:
    """Draw the settings of one convolution."""
    values = block.model_dump()
    for name, info in ConvBlock.model_fields.items():
        key = bench.key(f"model.blocks.{place}.{name}")
        st.session_state[key] = values[name]
        arguments: dict[str, Any] = {
            "key": key,
            "help": info.description,
            "on_change": _change_block,
            "args": (bench, place, name, key),
        }
        label = fields.words(name).capitalize()
        if name == "pool":
            st.selectbox(label, ("none", "max", "average"), **arguments)
        else:
            fields.number_box(label, info, type(values[name]), **arguments)


def _change_block(bench: Bench, place: int, name: str, key: str) -> None:
    model = bench.experiment.model
    assert isinstance(model, CNN)
    blocks = [block.model_dump(mode="json") for block in model.blocks]
    blocks[place][name] = st.session_state[key]
    bench.change({"model.blocks": blocks})


def _set_blocks(bench: Bench, blocks: list[ConvBlock]) -> None:
    bench.change({"model.blocks": [block.model_dump(mode="json") for block in blocks]})


def layer_table(run: Run) -> None:
    """Draw every layer with its output shape and parameters."""
    found: Layers | None = run.views.get("layers")
    if found is None:
        st.empty()
        return
    rows = [
        (layer.name, "×".join(map(str, layer.shape)), f"{layer.parameters:,}")
        for layer in found.layers
        if layer.parameters or layer.module.endswith(("Pool2d", "Flatten"))
    ]
    st.table(pd.DataFrame(rows, columns=["layer", "output", "parameters"]), border="horizontal", hide_index=True)
    st.caption(f"{found.parameters:,} parameters · {found.multiply_adds:,} multiply-adds a picture")
