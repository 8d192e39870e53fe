"""What a browser session keeps of the Runs page: which runs are selected, what can be undone, and the link."""

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import streamlit as st

from pages.parts.run_files import Parcel

PARAMETER = "runs"
MOST_IN_A_LINK = 100
ECHO_SECONDS = 2.0
"""How long a browser may go on sending a link that has been replaced: its orders cross with the new one."""


@dataclass
class RunsState:
    """The selection by id, in the order of the clicks; ``shown`` are the ids of the table's rows as drawn last."""

    selected: tuple[str, ...] = ()
    shown: tuple[str, ...] = ()
    deleted: tuple[str, ...] = ()
    uploads: int = 0
    parcel: Parcel | None = None
    notices: list[str] = field(default_factory=list)
    link: str | None = None
    replaced: list[tuple[float, str]] = field(default_factory=list)

    def follow(self, link: str | None) -> bool:
        """Select what the address bar says, if somebody else than this page has written it; say whether that was so."""
        said = link or ""
        now = time.monotonic()
        self.replaced = [(at, old) for at, old in self.replaced if now - at < ECHO_SECONDS]
        is_echo = any(old == said for _, old in self.replaced)
        if said == self.link or is_echo or (not said and self.link is not None):
            return False
        self.link = said
        self.selected = _ids(said)
        return True

    def travel(self, link: str) -> None:
        """Select what the link says that a person went back or forward to."""
        self.link, self.replaced = link, []
        self.selected = _ids(link)

    def write(self) -> str:
        """Return what the address bar is to say."""
        ids = self.selected if len(self.selected) <= MOST_IN_A_LINK else ()
        said = ",".join(ids)
        if said != self.link:
            if self.link is not None:
                self.replaced.append((time.monotonic(), self.link))
            self.link = said
        return said

    def keep_known(self, known: Iterable[str]) -> int:
        """Drop from the selection what is not there any more; return how many that were."""
        there = set(known)
        before = len(self.selected)
        self.selected = tuple(run_id for run_id in self.selected if run_id in there)
        return before - len(self.selected)


def _ids(link: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part for part in link.split(",") if part))


def runs_state() -> RunsState:
    """Return this session's state of the Runs page."""
    state: RunsState = st.session_state.setdefault("runs_state", RunsState())
    return state


def go_back_or_forward() -> None:
    """Take up the link that a person went back or forward to."""
    query = dict(st.session_state["address"].travel or {})
    runs_state().travel(query.get(PARAMETER, ""))
    st.query_params.from_dict(query)


def put_into_link(said: str, query: Mapping[str, str]) -> None:
    """Put the selection into the address bar."""
    if query.get(PARAMETER, "") == said:
        return
    if said:
        st.query_params[PARAMETER] = said
    elif PARAMETER in query:
        del st.query_params[PARAMETER]
