"""Word vectors from a file: the picker for it, and how many words have one."""

import io

import streamlit as st

from nets.datasets.lines import BadText
from nets.datasets.text.base import TextConfig
from nets.datasets.text.vectors import ReadVectors, Vectors, coverage, keep_vectors, read_vectors
from nets.problems import InvalidExperiment
from pages.parts import fields
from pages.parts.bench import Bench
from pages.parts.permissions import is_locked

MOST_MEGABYTES = 400
"""Of a file that is uploaded; the command line takes larger ones."""


def vectors_field(bench: Bench) -> None:
    """Draw the picker; with vectors in use, how many words have one and the way to be rid of them."""
    data = bench.experiment.data
    assert isinstance(data, TextConfig)
    st.file_uploader(
        "Word vectors",
        type="txt",
        key="word_vectors",
        help="A text file as GloVe has it: a word and its numbers in each line, such as glove.6B.100d.txt",
        max_upload_size=MOST_MEGABYTES,
        disabled=is_locked("data.vectors"),
        on_change=lambda: _take(bench),
    )
    if data.vectors is None:
        return
    try:
        st.caption(coverage(data.vectors, data.vocabulary(bench.experiment.train.seed)))
    except InvalidExperiment as error:
        st.caption(str(error.problems[0].message))
    fields.toggle(bench, "data.vectors.freeze", "Freeze them")
    st.button("No word vectors", key="no_vectors", on_click=lambda: bench.change({"data.vectors": None}))


def _take(bench: Bench) -> None:
    file = st.session_state["word_vectors"]
    if file is None:
        return
    try:
        found = read_vectors(io.BytesIO(file.getvalue()))
        keep_vectors(found)
    except (BadText, OSError) as error:
        bench.refuse(error)
        return
    bench.change(changes_for(bench, found))


def changes_for(bench: Bench, found: ReadVectors) -> dict[str, object]:
    """Return what changes with word vectors: the embedding takes their width."""
    field = "d_model" if hasattr(bench.experiment.model, "d_model") else "embedding_dim"
    vectors = Vectors.model_validate(found.settings()).model_dump(mode="json")
    return {"data.vectors": vectors, f"model.{field}": found.vectors.shape[1]}
