"""Runs: every run that was kept, found again, compared, taken away and brought in."""

import streamlit as st

from nets.runs.problems import StoreProblem
from pages.parts import runs_compare
from pages.parts.entry import enter
from pages.parts.runs_actions import editors, selection_bar, undo_bar
from pages.parts.runs_list import choose_filters, runs_table
from pages.parts.runs_state import PARAMETER, put_into_link, runs_state
from pages.parts.runs_table import LIVE, plain
from pages.parts.service import run_manager, run_store

WATCH_SECONDS = 2.0
"""How often the page looks for news while a run trains."""

enter()
state = runs_state()
try:
    if keeper := run_manager().keeper:
        keeper.flush()
    store = run_store()
    runs = store.runs()
except StoreProblem as problem:
    st.error(plain(str(problem)), icon=":material/error:")
    st.stop()

by_id = {run.id: run for run in runs}
is_new_link = state.follow(st.query_params.get(PARAMETER))
if (missing := state.keep_known(by_id)) and is_new_link:
    state.notices = [f"{missing} of the link's runs are not here: they were deleted, or are kept elsewhere."]

with st.container(border=True, key="card_runs"):
    shown = choose_filters(store, state, runs)
    for notice in state.notices:
        st.warning(plain(notice), icon=":material/info:")
    undo_bar(store, state)
    if not runs:
        st.markdown(
            "**No runs yet.** Whatever you train is kept here, with its settings, its curves and its weights: to be "
            "compared, opened again, exported or shared."
        )
        st.page_link("pages/points.py", label="Train a first network", icon=":material/play_arrow:", width="content")
    else:
        runs_table(state, shown)

put_into_link(state.write(), st.query_params.to_dict())
selected = [by_id[run_id] for run_id in state.selected]
if selected:
    with st.container(border=True, key="card_selection"):
        selection_bar(store, state, selected)
    compared = selected[: runs_compare.MOST_COMPARED]
    left, right = st.columns([1.35, 1], gap="small")
    with left.container(border=True, key="card_curves", height="stretch"):
        groups = runs_compare.curves_card(store, compared)
        if len(compared) < len(selected):
            st.caption(f"The first {len(compared)} of {len(selected):,} selected runs are compared.")
    with right.container(border=True, key="card_results", height="stretch"):
        runs_compare.results_table(groups)
        if len(selected) == 1:
            runs_compare.facts(selected[0], runs)
        editors(store, state, selected, sorted({tag for run in runs for tag in run.tags}))
    with st.container(border=True, key="card_settings"):
        runs_compare.settings_table(groups)


@st.fragment(run_every=WATCH_SECONDS)
def watch() -> None:
    """Draw the page again, for its runs go on."""
    if st.session_state.get("runs_drawn") == "watched":
        st.rerun()
    st.session_state["runs_drawn"] = "watched"


st.session_state["runs_drawn"] = "page"
if any(run.status in LIVE for run in runs):
    watch()
