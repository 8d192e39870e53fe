"""The link to hand on: the whole experiment, and what those who follow it may turn."""

from collections.abc import Sequence
from urllib.parse import urlencode, urlsplit

import streamlit as st

from pages.parts.bench import Bench
from pages.parts.fields import words
from pages.parts.permissions import BUTTONS, HIDE, LOCK, PARTS


def share(bench: Bench) -> None:
    """Draw the popover with the link."""
    with st.popover("Share", icon=":material/share:"):
        hidden = _chosen("Hide", HIDE, "Leave these out for those who follow the link")
        locked = _chosen("Lock", LOCK, "Show these, but let nobody turn them")
        st.code(link(bench, hidden, locked), language=None, wrap_lines=True)
        st.caption("It carries the whole experiment: each visitor trains a run of their own, with the same numbers.")


def link(bench: Bench, hidden: Sequence[str] = (), locked: Sequence[str] = ()) -> str:
    """Return the address that shows this experiment to anybody, less what is hidden or locked."""
    query = bench.settings_link()
    query |= {name: ",".join(names) for name, names in ((HIDE, hidden), (LOCK, locked)) if names}
    address = urlsplit(st.context.url or "")
    return address._replace(query=urlencode(query, safe=","), fragment="").geturl()


def _chosen(label: str, which: str, explanation: str) -> list[str]:
    return st.multiselect(
        label, (*BUTTONS, *PARTS), key=f"share_{which}", format_func=_name, help=explanation, persist_state="session"
    )


def _name(name: str) -> str:
    return words(name).replace("train.", "training: ").replace("model.", "network: ")
