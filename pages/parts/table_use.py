"""Using a network on rows: a form for one, and a second table to score and download."""

import json
from collections.abc import Mapping
from typing import Any

import numpy as np
import streamlit as st

from nets.datasets import DATASETS
from nets.datasets.images.entries import BadUpload
from nets.datasets.tables.base import TableConfig
from nets.datasets.tables.fitting import missing_from
from nets.datasets.tables.own_table import keep_table, kept_table, read_table
from nets.datasets.tables.profile import SAMPLE
from nets.datasets.tables.reading import MOST_BYTES
from nets.problems import InvalidExperiment
from nets.views import View
from nets.views.scored_rows import ScoredRows, ScoredRowsView
from pages.parts import live
from pages.parts import table_payloads as made
from pages.parts.bench import Bench
from pages.parts.components.advice import advice
from pages.parts.components.plots import plots
from pages.parts.table_data import TYPES

MOST_FIELDS = 40
STEPS = 100
EVERY = 0.5
"""Seconds between two looks whether a second table has its answers."""
HALF = 0.5
"""Where every threshold begins."""


def views(bench: Bench) -> dict[str, View]:
    """Return the views of the row in the form, and of the second table where there is one."""
    found: dict[str, View] = {"typed_row": ScoredRowsView(row=json.dumps(row_of(bench)))}
    if upload := st.session_state.get("scored_table"):
        found["scored_table"] = ScoredRowsView(upload=upload)
    return found


def row_of(bench: Bench) -> dict[str, Any]:
    """Return the row that stands in the form: what was typed, and else the usual value of each column."""
    data = bench.experiment.data
    assert isinstance(data, TableConfig)
    typed = st.session_state.get("typed_rows", {}).get(data.name, {})
    return {name: typed.get(name, value) for name, value in usual_row(data.model_dump_json()).items()}


def table_of(settings: str) -> TableConfig:
    """Return the table that JSON settings describe: caches know strings apart."""
    config = DATASETS.get(json.loads(settings)["name"]).model_validate_json(settings)
    assert isinstance(config, TableConfig)
    return config


@st.cache_data(max_entries=16, show_spinner=False)
def usual_row(settings: str) -> dict[str, Any]:
    """Return the middle number and the most frequent word of each column that the network sees."""
    data = table_of(settings)
    frame = data.sampled(SAMPLE).frame
    row: dict[str, Any] = {}
    for name, kind, _ in data.features:
        known = frame[name].dropna()
        if not len(known):
            row[name] = None
        elif kind == "number":
            row[name] = float(f"{known.median():.6g}")
        else:
            row[name] = f"{known.iloc[0]:%Y-%m-%d}" if kind == "date" else str(known.value_counts().index[0])
    return row


@st.cache_data(max_entries=16, show_spinner=False)
def bounds(settings: str) -> Mapping[str, tuple[float, float]]:
    """Return the least and the largest number of each column of numbers; a long table's are those of a sample."""
    data = table_of(settings)
    frame = data.sampled(SAMPLE).frame
    names = [name for name, kind, _ in data.features if kind == "number"]
    return {name: (float(frame[name].min()), float(frame[name].max())) for name in names}


def draw(bench: Bench, panels: live.Panels) -> None:
    """Draw the form with the answer beside it, and below it the second table."""
    run, data = bench.run, bench.experiment.data
    assert isinstance(data, TableConfig)
    form, answer = st.columns([1.3, 1], gap="medium")
    with form:
        _form(data, row_of(bench))
    with answer:
        if made.run_is_values(run):
            advice(panels.add("answer", lambda: made.answer_payload(run)), key="answer")
        else:
            plots(panels.add("answer", lambda: made.answer_payload(run)), key="answer")
        _second_table(bench)


def _form(data: TableConfig, row: Mapping[str, Any]) -> None:
    st.caption("Change a cell: the prediction moves")
    ranges = bounds(data.model_dump_json())
    with st.grid(2, min_column_width=150, gap="small"):
        for name, kind, values in data.features[:MOST_FIELDS]:
            key = f"cell.{data.name}.{name}"
            typing: dict[str, Any] = {"key": key, "on_change": _typed, "args": (data.name, name, key)}
            if kind == "number":
                low, high = ranges[name]
                st.session_state[key] = row[name]
                st.number_input(name, step=float(f"{max(high - low, 1e-6) / STEPS:.1g}"), format="%g", **typing)
            elif kind == "category":
                known = [value for value in values if value]
                st.session_state[key] = row[name] if row[name] in known else known[0]
                st.selectbox(name, known, **typing)
            else:
                st.session_state[key] = row[name] or ""
                st.text_input(name, **typing)


def _typed(table: str, name: str, key: str) -> None:
    rows = st.session_state.setdefault("typed_rows", {})
    rows.setdefault(table, {})[name] = st.session_state[key]


def _second_table(bench: Bench) -> None:
    st.file_uploader(
        "Predict a whole table",
        type=list(TYPES),
        key="score_file",
        help="A table with the same columns; the one to predict may be missing",
        max_upload_size=MOST_BYTES // 1_000_000,
        on_change=lambda: _take(bench),
    )
    upload = st.session_state.get("scored_table")
    if not upload:
        return
    is_awaited = _answers(bench, upload) is None

    @st.fragment(run_every=EVERY if is_awaited else None)
    def answers() -> None:
        found = _answers(bench, upload)
        if found is None:
            st.caption("Its rows go through the network.")
        elif is_awaited:
            st.rerun()
        else:
            _download(bench, upload, found)

    answers()


def _answers(bench: Bench, upload: str) -> ScoredRows | None:
    """Return what the network says of an uploaded table; None before it has."""
    found: ScoredRows | None = bench.run.views.get("scored_table")
    return found if found is not None and found.upload == upload else None


def _download(bench: Bench, upload: str, found: ScoredRows) -> None:
    """Draw what was noticed, and the button that gives the rows with their answers."""
    for note in found.notes:
        st.caption(note)
    data = bench.experiment.data
    kept = {
        name: value for (table, name), value in st.session_state.get("thresholds", {}).items() if table == data.name
    }
    st.download_button(
        f"Download {len(found.answers):,} row{'s' if len(found.answers) != 1 else ''} with predictions",
        lambda: scored_csv(
            upload, found, is_values=made.run_is_values(bench.run), task=data.info().task, thresholds=kept
        ),
        "predictions.csv",
        key="scored_csv",
        icon=":material/download:",
        help="Answers follow the thresholds that were moved under *Threshold*" if kept else None,
    )


def _take(bench: Bench) -> None:
    file = st.session_state["score_file"]
    data = bench.experiment.data
    st.session_state["scored_table"] = ""
    bench.refuse()  # what was said of the table before is none of this one
    if file is None or not isinstance(data, TableConfig):
        return
    try:
        own = read_table(file.getvalue(), to_score=True)
        missing_from(own.frame, data.features)
        keep_table(own)
    except (BadUpload, OSError) as error:
        bench.refuse(error)
        return
    except ValueError as error:
        bench.refuse(f"{str(error)[:1].upper()}{str(error)[1:]}.")
        return
    st.session_state["scored_table"] = own.digest


def scored_csv(
    upload: str, found: ScoredRows, *, is_values: bool, task: str, thresholds: Mapping[str, float] | None = None
) -> bytes:
    """Return an uploaded table with the network's answers as further columns, as CSV in UTF-8.

    Args:
        upload: which table.
        found: the answers for its rows.
        is_values: are they numbers, or else shares of classes or labels?
        task: of the run; it decides what is said beside the shares.
        thresholds: by class or label, from which share on a row is said to be of it, where that is not a half.

    Raises:
        InvalidExperiment: if the table is no longer here.
    """
    frame = kept_table(upload).copy()
    if len(frame) != len(found.answers):
        raise InvalidExperiment([])
    names = [f"predicted {name}" if is_values else f"share of {name}" for name in found.names]
    for place, name in enumerate(names):
        frame[name] = found.answers[:, place]
    least = np.array([(thresholds or {}).get(name, HALF) for name in found.names])
    if task == "multilabel":
        for place, name in enumerate(found.names):
            frame[f"predicted {name}"] = (found.answers[:, place] >= least[place]).astype(int)
    elif task == "binary":
        frame["predicted"] = np.array(found.names, dtype=object)[(found.answers[:, -1] >= least[-1]).astype(int)]
    elif task == "multiclass":
        frame["predicted"] = np.array(found.names, dtype=object)[found.answers.argmax(axis=1)]
    content: bytes = frame.to_csv(index=False).encode()
    return content
