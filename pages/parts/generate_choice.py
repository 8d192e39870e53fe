"""What a visitor has chosen to look at on the Generate screen, and what its panels say past the page."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from nets.experiment import Experiment
from nets.views.anomalies import AnomaliesView
from nets.views.decoded import DecodedView
from nets.views.quality import QualityView
from nets.views.turn import NextTurn
from pages.parts.showing import shown

MOST_NUMBERS = 1024
"""Of a code that a panel may say."""
LARGEST = 1e6


@dataclass
class Choice:
    """It lasts as long as the browser session.

    ``z`` and ``label`` are the code under the point that is dragged, ``sample`` the sample that is looked up among the
    training pictures, ``first`` and ``second`` the ends of a way, ``start`` the first picture that is made again,
    ``odd`` the class that counts as odd, ``turn`` the one that is walked through, ``asked`` how often a judge
    that was not there yet has been asked for.
    """

    z: tuple[float, ...] = ()
    label: int = 0
    sample: int | None = None
    first: int = 0
    second: int = 1
    start: int = 0
    odd: int | None = None
    turn: NextTurn | None = None
    asked: int = 0
    data: object = None
    model: object = None

    def belong_to(self, experiment: Experiment) -> None:
        """Start anew where data or network are others than those that were chosen from."""
        kinds = (experiment.data.name, experiment.data.info().class_names)
        if kinds != self.data:
            self.first, self.second, self.start, self.odd, self.turn, self.data = 0, 1, 0, None, None, kinds
        if experiment.model != self.model:
            self.z, self.label, self.sample, self.turn, self.model = (), 0, None, None, experiment.model

    def decoded(self) -> DecodedView:
        """Return the view of the code under the point."""
        return DecodedView(z=self.z, label=self.label)

    def anomalies(self) -> AnomaliesView:
        """Return the view of the errors."""
        return AnomaliesView(odd=self.odd)

    def judged(self) -> QualityView:
        """Return the view of what a judge says."""
        return QualityView(attempt=self.asked)


def said(message: bytes) -> dict[str, Any]:
    """Return what a panel says: ``{"say": "code", "z": …, "label": …}``, ``{"say": "update"}``, ``{"say": "again"}``.

    Raises:
        ValueError: if it is no such message: the sender may be anybody.
    """
    words = json.loads(message)
    if not isinstance(words, dict) or words.get("say") not in ("code", "update", "again"):
        raise ValueError("a panel says a code, or asks for an update or another look")
    if words["say"] != "code":
        return {"say": words["say"]}
    z, label = words.get("z"), words.get("label")
    if not isinstance(z, list) or len(z) > MOST_NUMBERS or not all(map(_is_number, z)):
        raise ValueError("a code is a list of numbers")
    if not isinstance(label, int) or isinstance(label, bool) or not 0 <= label <= 10_000:
        raise ValueError("a label is the number of a class")
    return {"say": "code", "z": tuple(float(value) for value in z), "label": label}


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= LARGEST


def hear(choice: Choice, message: bytes) -> bool:
    """Take a code up; return whether an update was asked for instead.

    Raises:
        ValueError: if it is no message of a panel's.
    """
    words = said(message)
    if words["say"] == "update":
        return True
    if words["say"] == "again":
        choice.asked += 1
    else:
        choice.z, choice.label = words["z"], words["label"]
    return False


def chosen(key: str, offered: Sequence[str]) -> str:
    """Return which of several is chosen; the first where none is, or one that is not offered.

    The session, and with it the link, holds nothing for the first.
    """
    if st.session_state.get(key) not in offered[1:]:
        st.session_state[key] = ""
    return st.session_state[key] or offered[0]


def choose(key: str, offered: Sequence[str], label: str, format_func: Callable[[str], str]) -> None:
    """Draw the choice of one of several; ``chosen`` says which it is."""
    widget = f"{key}_of"

    def take() -> None:
        st.session_state[key] = st.session_state[widget]

    st.segmented_control(
        label,
        tuple(offered),
        **shown(widget, chosen(key, offered), "default"),
        required=True,
        format_func=format_func,
        label_visibility="collapsed",
        on_change=take,
    )
