"""The list of runs: the row of filters, and the table with its selection."""

from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st

from nets.runs.store import Store, StoredRun
from pages.parts.components.address import address
from pages.parts.runs_actions import upload_menu
from pages.parts.runs_state import RunsState, go_back_or_forward
from pages.parts.runs_table import (
    METRICS,
    Filters,
    choices,
    ordered,
    orders,
    positions,
    reselected,
    table,
    words_for,
)

TABLE = "runs_table"
TABLE_HEIGHT, ROW_HEIGHT = 362, 30
FIELD_WIDTH = 155
"""Two beside each other on a phone."""
USUAL = ("run", "status", "data", "network", "seed", "epochs", *METRICS[:3], "best", "took", "when", "tags", "notes")
"""Columns that are shown; the table's own menu brings the others."""


def choose_filters(store: Store, state: RunsState, runs: Sequence[StoredRun]) -> list[StoredRun]:
    """Draw the row of filters; return the runs that pass, in the order asked for."""
    with st.container(horizontal=True, gap="xsmall", vertical_alignment="bottom", key="filters"):
        text = st.text_input(
            "Search",
            key="runs_search",
            icon=":material/search:",
            placeholder="Name, note, tag …",
            persist_state="session",
            width=FIELD_WIDTH,
        )
        datasets = _pick("Data", choices(runs, lambda run: run.dataset), "runs_data")
        architectures = _pick("Network", choices(runs, lambda run: run.architecture), "runs_network")
        statuses = _pick("Status", choices(runs, lambda run: run.status), "runs_status")
        known = orders(runs)
        if st.session_state.get("runs_order") not in known:
            st.session_state["runs_order"] = "newest"
        order = st.selectbox(
            "Sort",
            list(known),
            key="runs_order",
            format_func=lambda name: known[name].words,
            persist_state="session",
            width=FIELD_WIDTH,
        )
        upload_menu(store, state)
        address("runs", go_back_or_forward)
    wanted = Filters(text.strip(), datasets, architectures, statuses)
    return ordered([run for run in runs if wanted.take(run)], known[order])


def _pick(label: str, options: Sequence[str], key: str) -> list[str]:
    chosen = st.session_state.get(key, [])
    if gone := set(chosen) - set(options):
        st.session_state[key] = [name for name in chosen if name not in gone]
    return st.multiselect(label, options, key=key, placeholder="All", persist_state="session", width=FIELD_WIDTH)


def runs_table(state: RunsState, shown: Sequence[StoredRun]) -> None:
    """Draw the table; its selection becomes that of the page, and the other way round."""
    state.shown = tuple(run.id for run in shown)
    rows = positions(state.shown, state.selected)
    if _rows_in_table() != rows:
        st.session_state[TABLE] = {"selection": {"rows": rows}}
    frame = _cells(shown, hash(tuple((run.id, run.changed) for run in shown)))
    st.dataframe(
        frame,
        key=TABLE,
        height=min(TABLE_HEIGHT, 2 + ROW_HEIGHT * (1 + max(1, len(shown)))),
        row_height=ROW_HEIGHT,
        hide_index=True,
        column_order=[name for name in USUAL if name in frame],
        column_config=_columns(),
        selection_mode="multi-row",
        on_select=lambda: _take_selection(state),
        placeholder="–",
        alt="Runs",
    )
    if not shown:
        st.caption("No run passes these filters.")
    elif not state.selected:
        st.caption("Tick runs to see their curves and settings, to compare, tag, export or delete them.")


@st.cache_data(show_spinner=False, max_entries=8)
def _cells(_shown: Sequence[StoredRun], state: int) -> pd.DataFrame:  # noqa: ARG001 - the cache's key
    """Return the table of runs; ``state`` changes when they do. Thousands take a tenth of a second."""
    return table(_shown)


def _rows_in_table() -> list[int]:
    known = st.session_state.get(TABLE)
    return sorted(known["selection"]["rows"]) if known else []


def _take_selection(state: RunsState) -> None:
    state.selected = reselected(state.selected, state.shown, _rows_in_table())


def _columns() -> dict[str, Any]:
    config = st.column_config
    numbers = {name: config.NumberColumn(words_for(name), width=92, format="%.4f") for name in METRICS}
    shares = {
        name: config.NumberColumn(words_for(name), width=108, format="percent")
        for name in METRICS
        if name.endswith("accuracy")
    }
    best = "The best of the runs shown that learn the same data with the same loss"
    return {
        **numbers,
        **shares,
        "run": config.TextColumn(width=150),
        "status": config.TextColumn(width=112),
        "data": config.TextColumn(width=108),
        "network": config.TextColumn(width=76),
        "seed": config.NumberColumn(width=56, format="%d"),
        "epochs": config.NumberColumn(width=68, format="localized"),
        "best": config.TextColumn(width=128, help=best),
        "took": config.TextColumn(width=78, help="Training alone"),
        "when": config.DatetimeColumn(width=124, format="distance", help="When it began"),
        "tags": config.ListColumn(width=130),
        "seconds": config.NumberColumn(format="%.2f", help="Of training alone"),
        "parameters": config.NumberColumn(format="localized"),
        "steps": config.NumberColumn(format="localized"),
    }
