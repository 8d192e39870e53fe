"""The data card of the Text screen: which texts, how they are cut into tokens, and the user's own files."""

import io
from typing import Any

import streamlit as st

from nets.architectures import CannotBuild
from nets.datasets import DATASETS
from nets.datasets.lines import MOST_BYTES, BadText
from nets.datasets.text.base import StreamConfig, TextConfig
from nets.datasets.text.keeping import keep_texts
from nets.datasets.text.own_reading import OwnTexts, read_texts
from nets.datasets.text.uploaded_corpus import MOST_BYTES as MOST_CORPUS_BYTES
from nets.datasets.text.uploaded_corpus import take_corpus
from nets.experiment import dump
from nets.recipes import recipes
from pages.parts import fields
from pages.parts.bench import Bench
from pages.parts.data_choice import in_order, regenerate
from pages.parts.permissions import is_hidden, is_locked
from pages.parts.showing import among
from pages.parts.text_vectors import vectors_field

FIRST = ("reviews", "names", "dna", "topics")
LAST = ("own_text", "own_corpus")
LABELS = {
    "reviews": "Reviews (written for you)",
    "names": "Names in 15 languages",
    "dna": "DNA with a motif",
    "topics": "Python's documentation (to continue)",
    "own_text": "Your own texts with labels",
    "own_corpus": "Your own text (to continue)",
}
BEGINNINGS = {"reviews": "reviews-bag-of-words", "names": "names-gru", "dna": "dna-motif", "topics": "python-docs-lstm"}
"""The recipe that a set of texts begins with."""
LETTERS_OF_A_WORD = 6
"""With the space behind it, about."""
SHARES = tuple(place / 10 for place in range(1, 10))
TOKENS = ("level", "lower", "max_vocabulary", "min_count", "max_length", "seq_len")
AMOUNTS = {"num_examples": "Texts in all", "per_language": "Names each", "length": "Characters"}
"""Fields that say how much text there is, and their labels."""
UPLOADED = ("upload", "class_names", "multilabel", "num_words", "num_characters")


def names() -> tuple[str, ...]:
    """Return the sets of texts: those built in first, the user's own last."""
    found = [name for name, config in DATASETS.items() if issubclass(config, TextConfig)]
    return in_order(found, FIRST, LAST)


def data_card(bench: Bench) -> None:
    """Draw the card."""
    data = bench.experiment.data
    assert isinstance(data, TextConfig)
    if not is_hidden("data.name"):
        _picker(bench)
    wanted = st.session_state.get("wants_own_text") or data.name
    if wanted in LAST and not is_hidden("data.upload"):
        _upload(bench, wanted)
    known = type(data).model_fields
    with st.grid(2, min_column_width=100, gap="small"):
        for name, label in AMOUNTS.items():
            if name in known:
                fields.number(bench, f"data.{name}", label)
        fields.choice(
            bench,
            "data.level",
            "Tokens",
            ("word", "character"),
            explain=_levels,
            on_pick=lambda level: bench.change(changes_for_level(bench, level)),
        )
        fields.slider(bench, "data.train_share", "Train on", SHARES, "{:.0%}".format)
    with st.container(horizontal=True, gap="xsmall"):
        if not is_hidden("data.sample") and data.name not in LAST:
            regenerate(bench)
        with st.popover("Tokens", icon=":material/tune:", help="How text becomes tokens, and how many of them"):
            _tokens(bench, data)


def changes_for_level(bench: Bench, level: str) -> dict[str, Any]:
    """Return what changes with the tokens: as much text of each example as before is seen."""
    length = bench.value("data.max_length")
    if length is None or level == bench.value("data.level"):
        return {"data.level": level}
    longer = min(2000, length * LETTERS_OF_A_WORD) if level == "character" else max(8, length // LETTERS_OF_A_WORD)
    return {"data.level": level, "data.max_length": longer}


def _tokens(bench: Bench, data: TextConfig) -> None:
    known = type(data).model_fields
    if "motif" in known:
        fields.text(bench, "data.motif", "Motif", "TGACGTCA")
    fields.toggle(bench, "data.lower", "Small letters alone")
    for name in TOKENS[2:]:
        if name in known:
            fields.plain(bench, f"data.{name}")
    if not is_hidden("data.vectors"):
        vectors_field(bench)
    own = (*TOKENS, *UPLOADED, *AMOUNTS, "train_share", "sample", "motif", "vectors")
    fields.everything(bench, "data", skip=own)


def _levels(level: str) -> str:
    return {"word": "words and signs", "character": "single characters"}[level]


def _picker(bench: Bench) -> None:
    st.selectbox(
        "Texts",
        **among(names(), st.session_state.get("wants_own_text") or bench.value("data.name"), "data_name"),
        format_func=lambda name: LABELS.get(name, fields.words(name).capitalize()),
        help="\n".join(f"- **{LABELS.get(name, name)}**: {DATASETS.get(name).help}" for name in names()),
        disabled=is_locked("data.name"),
        on_change=lambda: _pick(bench, st.session_state["data_name"]),
    )


def _pick(bench: Bench, name: str) -> None:
    """Take a set with the network that its recipe begins with; the user's own only when there is one."""
    st.session_state["wants_own_text"] = name if name in LAST else ""
    if name in LAST:
        return
    if name in BEGINNINGS and not _network_fits(bench, name):
        if not bench.is_late({"data.name": name}):
            bench.open_recipe(recipes().get(BEGINNINGS[name]), asked=("data.name",))
        return
    bench.change({"data.name": name})


def _network_fits(bench: Bench, name: str) -> bool:
    """Does the network that is there take a set of texts? Of its recipe's size where there is one."""
    known = recipes().get(BEGINNINGS[name]).experiment
    info, model = known.data.info(), bench.experiment.model
    if info.per_step != bench.experiment.data.info().per_step or known.model.kind == "conv1d":
        return False
    try:
        model.fitted(info).check(info)
    except CannotBuild:
        return False
    return True


# The user's own


def _upload(bench: Bench, name: str) -> None:
    """Draw the pickers for files, whose texts are kept and trained on."""
    locked = is_locked("data.upload")
    if name == "own_corpus":
        st.file_uploader(
            "Plain text file",
            type=["txt", "md", "text", "csv", "py"],
            key="own_corpus",
            max_upload_size=MOST_CORPUS_BYTES >> 20,
            disabled=locked,
            on_change=lambda: _take_corpus(bench),
        )
        return
    st.file_uploader(
        "CSV or TSV file with texts and labels",
        type=["csv", "tsv", "tab", "txt"],
        key="own_texts",
        help="A column of texts and one of labels; several labels in a cell stand between | or ;",
        max_upload_size=MOST_BYTES // 1_000_000,
        disabled=locked,
        on_change=lambda: _take_texts(bench),
    )
    if st.session_state.get("own_texts") is None:
        return
    st.file_uploader(
        "File for testing, if there is one",
        type=["csv", "tsv", "tab", "txt"],
        key="own_tests",
        max_upload_size=MOST_BYTES // 1_000_000,
        disabled=locked,
        on_change=lambda: _take_texts(bench),
    )
    read: OwnTexts | None = st.session_state.get("own_read")
    if read is None:
        return
    found = {"text_column": ("Texts", read.layout.text), "label_column": ("Labels", read.layout.label)}
    for column, (key, (label, place)) in zip(st.columns(2, gap="small"), found.items(), strict=True):
        names_of = read.layout.names
        column.selectbox(
            label,
            **among(names_of, names_of[place], key),
            disabled=locked,
            on_change=lambda: _take_texts(bench, asks=True),
        )
    for note in read.notes:
        st.caption(note)


def _take_texts(bench: Bench, *, asks: bool = False) -> None:
    """Read what was uploaded, from the columns that somebody ``asks`` for, and train on it."""
    file, test = st.session_state["own_texts"], st.session_state.get("own_tests")
    if file is None:
        st.session_state.pop("own_read", None)
        return
    text, label = (st.session_state[name] if asks else "" for name in ("text_column", "label_column"))
    if asks and not {text, label} <= set(st.session_state["own_read"].layout.names):
        return  # a browser says the columns of the file before, which it has just learnt are gone
    tests = io.BytesIO(test.getvalue()) if test else None
    try:
        own = read_texts(io.BytesIO(file.getvalue()), file.name, tests, text_column=text, label_column=label)
        keep_texts(own)
    except (BadText, OSError) as error:
        bench.refuse(error)
        return
    st.session_state["own_read"], st.session_state["wants_own_text"] = own, ""
    _use(bench, "own_text", own.settings())
    st.toast(f"{len(own.texts):,} texts, {len(own.class_names):,} labels", icon=":material/notes:")


def _take_corpus(bench: Bench) -> None:
    file = st.session_state["own_corpus"]
    if file is None:
        return
    try:
        settings = take_corpus(io.BytesIO(file.getvalue()))
    except (BadText, OSError) as error:
        bench.refuse(error)
        return
    st.session_state["wants_own_text"] = ""
    _use(bench, "own_corpus", settings)


def _use(bench: Bench, name: str, settings: dict[str, Any]) -> None:
    """Go on with an upload; a network that does not fit it is replaced by a recurrent one."""
    config: Any = DATASETS.get(name)
    changes: dict[str, Any] = {"data.name": name}
    tells_next = issubclass(config, StreamConfig)
    if tells_next != bench.experiment.data.info().per_step:
        alike = recipes().get("python-docs-lstm" if tells_next else "reviews-lstm").experiment
        changes |= {"model": dump(alike)["model"], "train.loss": "auto"}
    bench.change({**changes, **{f"data.{field}": value for field, value in settings.items()}})
