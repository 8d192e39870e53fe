"""The data card of the Tables screen: which table, what its columns are for, which rows train, what cells become."""

from typing import Any

import streamlit as st

from nets.datasets import DATASETS
from nets.datasets.base import Task
from nets.datasets.images.entries import BadUpload
from nets.datasets.tables.base import TableConfig
from nets.datasets.tables.own_table import (
    FILE,
    SHELF,
    OwnTableConfig,
    keep_table,
    kept_notes,
    read_table,
)
from nets.datasets.tables.reading import MOST_BYTES
from nets.losses import LOSSES
from pages.parts import fields
from pages.parts.bench import Bench
from pages.parts.data_choice import in_order, regenerate
from pages.parts.permissions import is_hidden, is_locked
from pages.parts.settings import BATCH_SIZES
from pages.parts.showing import among, shown

FIRST = ("iris", "wine", "breast_cancer", "diabetes", "tips", "gapminder", "labels")
LAST = ("constant_target", "own_table")
LABELS = {
    "iris": "Irises",
    "wine": "Wines",
    "breast_cancer": "Breast cancer",
    "diabetes": "Diabetes",
    "tips": "Restaurant tips",
    "gapminder": "Countries (Gapminder)",
    "labels": "Labels (generated)",
    "constant_target": "Inputs that say nothing",
    "own_table": "Your own table",
}
SHARES = tuple(place / 10 for place in range(1, 10))
HIDDEN = (0.0, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8)
MOST_STEPS = 1000
"""Of an epoch of a table that was just uploaded: the first results are to come soon."""
TYPES = ("csv", "tsv", "txt", "parquet", "xlsx", "xls", "ods")


def names() -> tuple[str, ...]:
    """Return the tables, those that people know first, the user's own last."""
    found = [name for name, config in DATASETS.items() if config.model_fields["kind"].default == "table"]
    return in_order(found, FIRST, LAST)


def data_card(bench: Bench) -> None:
    """Draw the card."""
    data = bench.experiment.data
    if not is_hidden("data.name"):
        _picker(bench)
    if data.name == "own_table" or st.session_state.get("wants_own_table"):
        _upload(bench)
    if not isinstance(data, TableConfig):
        fields.everything(bench, "data", skip=("sample",))
        return
    _columns(bench, data)
    with st.container(horizontal=True, gap="xsmall"):
        with st.popover("Prepare", icon=":material/tune:", help="Gaps, outliers, scaling, categories, text"):
            _preparation(bench, data)
        with st.popover("Split", icon=":material/call_split:", help="Which rows train and which test"):
            _split(bench, data)
        if data.name == "labels" or data.split != "time":
            regenerate(bench)


def _picker(bench: Bench) -> None:
    wants_own = st.session_state.get("wants_own_table")
    known = names()
    st.selectbox(
        "Table",
        **among(known, "own_table" if wants_own else bench.value("data.name"), "table_name"),
        format_func=lambda name: LABELS.get(name, fields.words(name).capitalize()),
        help="\n".join(f"- **{LABELS.get(name, name)}**: {DATASETS.get(name).help}" for name in known),
        disabled=is_locked("data.name"),
        on_change=lambda: _pick(bench, st.session_state["table_name"]),
    )


def _pick(bench: Bench, name: str) -> None:
    """Take a table; the user's own only when there is one, so that nothing has failed before."""
    st.session_state["wants_own_table"] = name == "own_table"
    if name != "own_table":
        bench.change({"data.name": name, **loss_for(bench, DATASETS.get(name)().info().task), **unweighted(bench)})


def loss_for(bench: Bench, task: Task) -> dict[str, Any]:
    """Return the change to the usual loss where the chosen one does not suit a task."""
    chosen = bench.value("train.loss")
    return {"train.loss": "auto"} if chosen != "auto" and LOSSES.get(chosen).encoding(task) is None else {}


def unweighted(bench: Bench) -> dict[str, Any]:
    """Return the change that makes all classes count alike, where they do not: other classes have other weights."""
    return {"train.objective.class_weights": []} if bench.value("train.objective.class_weights") else {}


def balanced(data: TableConfig) -> list[float]:
    """Return weights by which all classes count alike together; of labels, by which being true does as much as not."""
    frame = data.only(data.targets)
    if data.goal == "multilabel":
        shares = [float((frame[name].astype(str) == values[1]).mean()) for name, _, values in data.columns_to_predict]
        return [round(min(100.0, (1 - share) / max(share, 0.001)), 3) for share in shares]
    words = data.words_to_predict(frame)
    return [round(min(100.0, len(words) / (len(data.classes) * max(1, words.count(name)))), 3) for name in data.classes]


def _balance(bench: Bench, data: TableConfig) -> None:
    """Draw the switch that makes rare classes count as much as frequent ones."""
    path = "train.objective.class_weights"
    if data.goal not in ("binary", "multiclass", "multilabel") or bench.value(path) is None or is_hidden(path):
        return
    key = bench.key("balanced")
    st.toggle(
        "Rare classes count as much",
        **shown(key, bool(bench.value(path))),
        help="Each class is weighted by how rare it is while training; losses are reported without",
        disabled=is_locked(path),
        on_change=lambda: bench.change({path: balanced(data) if st.session_state[key] else []}),
    )


def _columns(bench: Bench, data: TableConfig) -> None:
    usable = [name for name, kind, _ in data.columns if kind in ("number", "category")]
    every = [name for name, _, _ in data.columns]
    if data.predict != "nothing":
        _names(bench, "target", "Predict", usable, list(data.targets))
    rest = [name for name in every if name not in data.targets]
    _names(bench, "ignore", "Ignore", rest, list(data.ignore))


def _names(bench: Bench, field: str, label: str, known: list[str], chosen: list[str]) -> None:
    """Draw the choice of several columns."""
    path = f"data.{field}"
    if is_hidden(path):
        return
    key = bench.key(path)

    def pick() -> None:  # but not columns of a table that was there before: a browser may still say those
        data, wanted = bench.experiment.data, st.session_state[key]
        if isinstance(data, TableConfig) and {*wanted} <= {name for name, _, _ in data.columns}:
            bench.change({path: wanted, **(unweighted(bench) if field == "target" else {})})

    st.multiselect(
        label,
        known,
        **shown(key, [name for name in chosen if name in known], "default"),
        placeholder="None",
        help=fields.about(bench, path),
        disabled=is_locked(path),
        on_change=pick,
    )


def _preparation(bench: Bench, data: TableConfig) -> None:
    with st.grid(2, min_column_width=130, gap="small"):
        for name in ("missing", "outliers", "scaling"):
            fields.plain(bench, f"data.prepare.{name}")
        fields.choice(
            bench,
            "data.prepare.categories",
            "Categories",
            ("one_hot", "embedding"),
            help=fields.field_info(bench, "data.prepare.categories").description,
            on_pick=lambda way: _encode(bench, way),
        )
        if data.prepare.missing == "constant":
            fields.number(bench, "data.prepare.constant")
        if any(kind == "text" for _, kind, _ in data.features) or data.prepare.text != "refuse":
            fields.plain(bench, "data.prepare.text")
            fields.number(bench, "data.prepare.hash_size")
    fields.toggle(bench, "data.prepare.indicator", "An input for what is missing")
    fields.slider(bench, "data.hide", "Hide known numbers", HIDDEN, "{:.0%}".format)
    _balance(bench, data)
    fields.choice(bench, "data.predict", "Numbers to predict are", ("auto", "classes", "values", "nothing"))


def _encode(bench: Bench, way: str) -> None:
    """Take codes or columns of 0 and 1; codes bring a network along that learns vectors for them."""
    changes = {"data.prepare.categories": way}
    if way == "embedding" and not getattr(bench.experiment.model, "embeds", False):
        changes["model.kind"] = "wide_and_deep"
    bench.change(changes)


def _split(bench: Bench, data: TableConfig) -> None:
    fields.choice(
        bench, "data.split", "Rows train", ("random", "stratified", "group", "time"), on_pick=_by(bench, data)
    )
    others = [name for name, _, _ in data.columns if name not in data.targets]
    moments = [name for name, kind, _ in data.columns if kind in ("date", "number") and name not in data.targets]
    if data.split == "group":
        fields.choice(bench, "data.group", "Rows stay together by", others)
    if data.split == "time":
        fields.choice(bench, "data.time", "In the order of", moments)
    fields.slider(bench, "data.train_share", "Train on", SHARES, "{:.0%}".format)
    with st.grid(2, min_column_width=100, gap="small"):
        fields.number(bench, "data.folds")
        fields.number(bench, "data.fold")
    if data.classes:
        fields.choice(bench, "data.hidden_class", "Class that training never sees", ("", *data.classes))


def _by(bench: Bench, data: TableConfig) -> Any:
    """Return what takes a way to split: one that goes by a column begins with a fitting one."""
    kinds = {name: kind for name, kind, _ in data.columns if name not in data.targets}

    def pick(split: str) -> None:
        changes: dict[str, Any] = {"data.split": split, "data.group": "", "data.time": ""}
        if split == "group":
            changes["data.group"] = next(
                (name for name, kind in kinds.items() if kind in ("text", "category")), next(iter(kinds))
            )
            changes["data.ignore"] = [name for name in data.ignore if name != changes["data.group"]]
        if split == "time":
            order = sorted((kind != "date", name) for name, kind in kinds.items() if kind in ("date", "number"))
            changes["data.time"] = order[0][1] if order else ""
        bench.change(changes)

    return pick


def _upload(bench: Bench) -> None:
    """Draw the picker for a file, and what was noticed when it was read."""
    if is_hidden("data.upload"):
        return
    st.file_uploader(
        "CSV, TSV, Excel or Parquet",
        type=list(TYPES),
        key="own_table",
        help="A row of names at the top, then a row for each example",
        max_upload_size=MOST_BYTES // 1_000_000,
        disabled=is_locked("data.upload"),
        on_change=lambda: _take(bench),
    )
    data = bench.experiment.data
    if not isinstance(data, OwnTableConfig) or not data.upload:
        return
    for note in kept_notes(data.upload)[:6]:
        st.caption(note)
    file = SHELF.file(data.upload)
    if file.exists():
        st.download_button(
            "As it was kept",
            file.read_bytes,
            FILE,
            key="kept_table",
            icon=":material/download:",
            help="The table that exported scripts read",
        )


def batch_for(rows: int, batch_size: int) -> int:
    """Return a batch size by which an epoch of a table has at most about 1,000 steps; at least the one there is."""
    wanted = next((size for size in BATCH_SIZES if rows <= MOST_STEPS * size), BATCH_SIZES[-1])
    return max(batch_size, wanted)


def _take(bench: Bench) -> None:
    file = st.session_state["own_table"]
    if file is None:
        return
    try:
        own = read_table(file.getvalue())
        settings = own.settings()
        keep_table(own)
    except (BadUpload, OSError) as error:
        bench.refuse(error)
        return
    st.session_state["wants_own_table"] = False
    data = OwnTableConfig.model_validate(settings).model_dump(mode="json")
    batch = bench.value("train.batch_size")
    # The upload is what was asked for, also where it follows another one: fields still say what that had.
    changes = {"data.name": "own_table", "data.upload": own.digest, "data": data}
    bench.change({**changes, "train.batch_size": batch_for(len(own.frame), batch)})
    st.toast(f"{len(own.frame):,} rows, {len(own.columns)} columns", icon=":material/table:")
