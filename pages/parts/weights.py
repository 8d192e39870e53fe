"""Weights from a file, put into the network on the bench."""

import streamlit as st

from pages.parts.bench import Bench

MOST_MEGABYTES = 100


def weights_field(bench: Bench) -> None:
    """Draw the box that takes a safetensors file; what fits by name and shape goes into the network."""
    key = bench.key("weights")
    st.file_uploader(
        "Load weights into this network",
        type="safetensors",
        key=key,
        max_upload_size=MOST_MEGABYTES,
        help="A safetensors file, from a run's export or from elsewhere. Tensors whose name and shape fit are taken.",
        on_change=lambda: _load(bench, st.session_state[key]),
        disabled=bench.run.frame is None,
    )


def _load(bench: Bench, file: object) -> None:
    if file is None:
        return
    content = file.getvalue()  # type: ignore[attr-defined]
    if len(content) > MOST_MEGABYTES << 20:
        bench.refuse(f"The file has {len(content) >> 20:,} MB; at most {MOST_MEGABYTES} MB are taken.")
        return
    bench.load_weights(content)
