"""The data card of the Series screen: which series, how it is cut into windows, and the user's own out of a file."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import numpy as np
import streamlit as st

from nets.datasets import DATASETS
from nets.datasets.lines import BadText
from nets.datasets.series.base import SeriesConfig
from nets.datasets.series.first_symbol import FirstSymbol
from nets.datasets.series.own import MOST_CHOSEN, OwnSeriesConfig, keep_series, kept_names
from nets.datasets.series.own_reading import MOST_BYTES, read_series
from nets.problems import InvalidExperiment
from pages.parts import fields
from pages.parts.bench import Bench
from pages.parts.components.choices import choices
from pages.parts.components.packing import pack
from pages.parts.data_choice import in_order, regenerate
from pages.parts.permissions import is_hidden, is_locked
from pages.parts.showing import shown

FIRST = ("sines", "damped", "chirp", "square", "seasonal", "random_walk", "mackey_glass", "lorenz", "eeg")
LAST = ("first_symbol", "own_series")
LABELS = {
    "own_series": "your own",
    "first_symbol": "symbols",
    "eeg": "EEG",
    "mackey_glass": "Mackey",
    "random_walk": "walk",
}
SHOWN = 110
"""Steps of a thumbnail."""
LENGTHS = (10, 20, 30, 40, 50, 75, 100, 150, 200)
MAIN = ("window", "horizon")


def names() -> tuple[str, ...]:
    """Return the series, those that people know first, the user's own last."""
    found = [name for name, config in DATASETS.items() if config.model_fields["kind"].default == "series"]
    return in_order(found, FIRST, LAST)


def data_card(bench: Bench) -> None:
    """Draw the card."""
    data = bench.experiment.data
    if not is_hidden("data.name"):
        chosen = "own_series" if st.session_state.get("wants_own_series") else bench.value("data.name")
        choices(
            series_payload(names(), chosen),
            key="dataset",
            on_picked_change=lambda: _pick(bench, st.session_state["dataset"].picked),
        )
    if isinstance(data, OwnSeriesConfig) or st.session_state.get("wants_own_series"):
        _upload(bench)
    if isinstance(data, FirstSymbol):
        fields.slider(bench, "data.length", "Symbols in a row", LENGTHS)
    else:
        with st.grid(2, min_column_width=100, gap="small"):
            for name in MAIN:
                fields.plain(bench, f"data.{name}")
    if is_hidden("data.sample"):
        return
    with st.container(horizontal=True, gap="xsmall"):
        if not isinstance(data, OwnSeriesConfig) and data.name != "eeg":
            regenerate(bench)
        with st.popover("More", icon=":material/tune:", help="How long it is, how it is scaled and split"):
            if "periods" in type(data).model_fields:
                fields.text(bench, "data.periods", "Periods of the waves", "25, 11")
            fields.everything(bench, "data", skip=("sample", "upload", "length", *MAIN))


def _pick(bench: Bench, name: str | None) -> None:
    """Take a series; the user's own only when there is one, so that nothing has failed before."""
    if not name:
        return
    st.session_state["wants_own_series"] = name == "own_series" and bench.value("data.name") != name
    if name not in ("own_series", bench.value("data.name")):
        bench.change({"data.name": name, **_of_task(bench, name)})


def _of_task(bench: Bench, name: str) -> dict[str, Any]:
    """Return what changes between values to tell ahead and classes."""
    if DATASETS.get(name)().info().task == bench.experiment.data.info().task:
        return {}
    return {"train.loss": "auto", "model.output_activation": "auto"}


def _upload(bench: Bench) -> None:
    """Draw the picker for a file, whose numbers are kept and trained on, and of its columns."""
    if is_hidden("data.upload"):
        return
    st.file_uploader(
        "CSV or TSV with a row for each time",
        type=["csv", "tsv", "txt"],
        key="own_csv",
        help="Columns of numbers, the oldest row first; a first row with names is taken as such",
        max_upload_size=MOST_BYTES >> 20,
        disabled=is_locked("data.upload"),
        on_change=lambda: _take(bench),
    )
    data = bench.experiment.data
    if isinstance(data, OwnSeriesConfig):
        if remarks := st.session_state.get("own_series_remarks", {}).get(data.upload):
            st.caption(remarks)
        _columns(bench, data)


def _take(bench: Bench) -> None:
    file = st.session_state["own_csv"]
    if file is None:
        return
    try:
        own = read_series(file)
        keep_series(own)
    except (BadText, OSError) as error:
        bench.refuse(error)
        return
    said = [f"{len(own.values):,} rows.", *own.said()]
    st.session_state["own_series_remarks"] = {own.digest: " ".join(said)}
    st.session_state["wants_own_series"] = False
    changes = {"data.name": "own_series", **_of_task(bench, "own_series")}
    bench.change({**changes, "data.upload": own.digest, "data.columns": [own.names[0]], "data.drivers": []})


def _columns(bench: Bench, data: OwnSeriesConfig) -> None:
    try:
        known = kept_names(data.upload)
    except InvalidExperiment:
        return
    told, drivers = bench.key("data.columns"), bench.key("data.drivers")

    def tell() -> None:
        chosen = st.session_state[told]
        kept = [name for name in data.drivers if name not in chosen]
        bench.change({"data.columns": chosen, **({"data.drivers": kept} if kept != list(data.drivers) else {})})

    _names_of(told, "Told ahead", "What is told ahead, and seen; the first one is drawn", known, data.columns, tell)
    others = tuple(name for name in known if name not in data.columns)
    if others or data.drivers:
        _names_of(
            drivers,
            "Drivers",
            "Seen and not told ahead, as the weather is for a demand. A forecast that runs free gets them as they were",
            others,
            data.drivers,
            lambda: bench.change({"data.drivers": st.session_state[drivers]}),
        )


def _names_of(
    key: str,
    label: str,
    explained: str,
    known: tuple[str, ...],
    chosen: tuple[str, ...],
    on_change: Callable[[], None],
) -> None:
    """Draw a choice of columns, the key's last part of which is their field's."""
    path = "data." + key.rpartition(".")[2]
    if is_hidden(path):
        return
    st.multiselect(
        label,
        known,
        **shown(key, [name for name in chosen if name in known], "default"),
        max_selections=MOST_CHOSEN,
        help=explained,
        disabled=is_locked(path),
        on_change=on_change,
    )


@lru_cache(maxsize=32)
def series_payload(known: tuple[str, ...], selected: str) -> bytes:
    """Return the picker of series: every name with the beginning of it."""
    items: list[dict[str, Any]] = []
    arrays = {}
    for place, name in enumerate(known):
        label = LABELS.get(name, name.replace("_", " "))
        items.append({"name": name, "label": label, "help": DATASETS.get(name).help, "palette": "curve"})
        arrays[f"points_{place}"] = _thumbnail(name)
    return pack({"label": "Data", "selected": selected, "columns": 4, "items": items}, arrays)


def _thumbnail(name: str) -> np.ndarray:
    """Return the first steps of a series, both axes from -1 to 1: (n, 2) float32."""
    config = DATASETS.get(name)()
    if isinstance(config, OwnSeriesConfig):
        y = np.repeat([0.0, 0.4, -0.3, 0.7, 0.1, 0.9], 8)
    elif isinstance(config, SeriesConfig):
        y = config.values(0)[:SHOWN, 0]
    else:
        y = np.repeat(config.load(0).train_x[1].argmax(axis=1)[:14].astype(float), 8)
    low, high = y.min(), y.max()
    y = (y - low) / ((high - low) or 1.0) * 1.7 - 0.85
    return np.column_stack([np.linspace(-1, 1, len(y)), y]).astype(np.float32)
