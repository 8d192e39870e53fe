"""What a link takes away: ``?hide=`` leaves controls out, ``?lock=`` shows them but lets nobody turn them.

Both list names with commas between: a button's (``step``, ``recipes``), a setting's dotted path, or a part of it, which
stands for all settings inside: ``lock=data,train.optimizer``. A teacher sends such a link to a class.
"""

import streamlit as st

HIDE, LOCK = "hide", "lock"
BUTTONS = ("train", "step", "epoch", "stop", "reset", "new_seed", "rewind", "recipes")
PARTS = (
    "data",
    "model",
    "model.activation",
    "model.hidden_sizes",
    "train",
    "train.loss",
    "train.optimizer",
    "train.optimizer.learning_rate",
    "train.schedule",
    "train.batch_size",
    "train.max_epochs",
)
MOST_CHARACTERS = 2000


def take_up(query: dict[str, str]) -> None:
    """Note what a link takes away, for as long as its visitor stays."""
    for name in (HIDE, LOCK):
        if name in query:
            st.session_state[f"link_{name}"] = query[name][:MOST_CHARACTERS]


def in_link() -> dict[str, str]:
    """Return the query parameters that go on taking away what is taken away now."""
    return {name: text for name in (HIDE, LOCK) if (text := st.session_state.get(f"link_{name}"))}


def is_hidden(name: str) -> bool:
    """Is this control left out?"""
    return _is_listed(name, HIDE)


def is_locked(name: str) -> bool:
    """Is this control shown and not to be turned?"""
    return _is_listed(name, LOCK)


def _is_listed(name: str, which: str) -> bool:
    listed = (entry.strip() for entry in st.session_state.get(f"link_{which}", "").split(","))
    return any(name == entry or name.startswith(f"{entry}.") for entry in listed if entry)
