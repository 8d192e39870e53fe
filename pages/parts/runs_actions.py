"""What can be done with the selected runs: open, export, tag, delete and bring back; and runs brought in."""

import re
from collections.abc import Callable, Sequence
from functools import partial

import streamlit as st

from nets.runs.archive import DamagedRunFile, load
from nets.runs.problems import StoreProblem
from nets.runs.store import Store, StoredRun
from pages.parts.concepts.links import finder_link, landscape_link
from pages.parts.run_files import TITLES, Parcel, formats, make, size
from pages.parts.runs_state import RunsState
from pages.parts.runs_table import LIVE, plain
from pages.parts.screens import screen_of
from pages.parts.service import run_manager

MOST_FILES = 20


def count_of(runs: Sequence[object]) -> str:
    """Return "1 run" or "3 runs"."""
    return "1 run" if len(runs) == 1 else f"{len(runs):,} runs"


def selection_bar(store: Store, state: RunsState, selected: Sequence[StoredRun]) -> None:
    """Draw what is selected and the buttons that act on it."""
    hidden = len(set(state.selected) - set(state.shown))
    with st.container(horizontal=True, gap="small", vertical_alignment="center", key="selection_bar"):
        st.markdown(f"**{count_of(selected)} selected**" + (f", {hidden} hidden by the filters" if hidden else ""))
        if len(selected) == 1:
            _open_link(selected[0])
            _export_menu(store, state, selected[0])
            _concept_links(store, selected[0])
        st.button("Delete", key="delete", icon=":material/delete:", on_click=delete, args=(store, state, selected))
        st.button("Clear selection", key="clear", icon=":material/deselect:", type="tertiary", on_click=_clear)


def _clear() -> None:
    st.session_state["runs_state"].selected = ()


def _open_link(run: StoredRun) -> None:
    screen = screen_of(run.experiment)
    if screen is not None:
        st.page_link(
            f"pages/{screen}.py",
            label="Open",
            icon=":material/open_in_new:",
            query_params={"run": run.id},
            width="content",
        )


def _concept_links(store: Store, run: StoredRun) -> None:
    """Draw the way to the run's loss landscape and to a better learning rate; a game of two has neither."""
    if run.experiment.get("train", {}).get("objective", {}).get("kind") == "adversarial":
        return
    if store.checkpoints(run.id):
        landscape_link(run.id)
    finder_link(run.id)


def _export_menu(store: Store, state: RunsState, run: StoredRun) -> None:
    """Draw the menu of formats, and the file that was asked for: it is made now, and waits to be saved.

    A deferred download would be one click less, but Streamlit drops such a file at the second page, of anybody, that
    is drawn after it was made, and the browser may not have come for it by then.
    """
    st.menu_button(
        "Export",
        formats(),
        key="export",
        icon=":material/download:",
        format_func=lambda name: TITLES.get(name, name),
        on_click=lambda: _ask_for(state, run),
    )
    parcel = state.parcel
    if parcel is None or parcel.run != run.id:
        state.parcel = None
        return
    if parcel.file is None and not parcel.problem:
        with st.spinner(f"Making {TITLES.get(parcel.format, parcel.format)} …"):
            parcel = state.parcel = make(store, run.id, parcel.format)
    if parcel.file is None:
        st.warning(plain(parcel.problem), icon=":material/info:")
        return
    st.download_button(
        f"Save {parcel.file.name} ({size(parcel.file.content)})",
        parcel.file.content,
        parcel.file.name,
        parcel.file.media_type,
        key=f"save_{parcel.format}",
        type="primary",
        icon=":material/save:",
        on_click="ignore",
    )


def _ask_for(state: RunsState, run: StoredRun) -> None:
    state.parcel = Parcel(run.id, st.session_state["export"])


# Deleted and brought back


def delete(store: Store, state: RunsState, runs: Sequence[StoredRun]) -> None:
    """Delete runs, so that they can be brought back; those that train are stopped."""
    manager = run_manager()
    for run in runs:
        if run.status in LIVE and (live := manager.get(run.id)) is not None:
            manager.do(live, "stop")
    ids = [run.id for run in runs]
    _attempt(state, lambda: store.delete(ids))
    state.deleted, state.selected = tuple(ids), ()


def undo_bar(store: Store, state: RunsState) -> None:
    """Draw what was deleted last, and the way back."""
    if not state.deleted:
        return
    with st.container(horizontal=True, gap="small", vertical_alignment="center", key="undo_bar"):
        st.markdown(f":material/delete: Deleted {count_of(state.deleted)}.")
        st.button("Undo", key="undo", icon=":material/undo:", on_click=_restore, args=(store, state))


def _restore(store: Store, state: RunsState) -> None:
    _attempt(state, lambda: store.restore(state.deleted))
    state.selected, state.deleted = state.deleted, ()


def _attempt(state: RunsState, change: Callable[[], None]) -> None:
    state.notices = []
    try:
        change()
    except StoreProblem as problem:
        state.notices = [str(problem)]


# Names, tags and notes


def editors(store: Store, state: RunsState, selected: Sequence[StoredRun], tags: Sequence[str]) -> None:
    """Draw the fields for name and notes of one run, and for the tags that all selected runs have."""
    ids = [run.id for run in selected]
    key = "_".join(ids) if len(ids) < 4 else f"{len(ids)}_{hash(tuple(ids))}"
    common = [tag for tag in selected[0].tags if all(tag in run.tags for run in selected)]

    def write_tags() -> None:
        wanted = [clean_tag(tag) for tag in st.session_state[f"tags_{key}"] if clean_tag(tag)]
        for run in selected:
            kept = [tag for tag in run.tags if tag not in common or tag in wanted]
            _attempt(state, partial(store.note, run.id, tags=list(dict.fromkeys([*kept, *wanted]))))

    st.multiselect(
        "Tags" if len(ids) == 1 else f"Tags of all {len(ids)} runs",
        sorted({*tags, *common}),
        common,
        key=f"tags_{key}",
        accept_new_options=True,
        placeholder="Type a tag and press Enter",
        on_change=write_tags,
    )
    if len(selected) == 1:
        _text_editors(store, state, selected[0])


def _text_editors(store: Store, state: RunsState, run: StoredRun) -> None:
    def write(column: str) -> None:
        value = st.session_state[f"{column}_{run.id}"].strip()
        _attempt(state, lambda: store.note(run.id, **{column: value}))

    st.text_input(
        "Name",
        run.name,
        key=f"name_{run.id}",
        max_chars=200,
        placeholder=f"{run.dataset} · {run.architecture}",
        on_change=write,
        args=("name",),
    )
    st.text_area(
        "Notes",
        run.notes,
        key=f"notes_{run.id}",
        max_chars=20_000,
        height=90,
        placeholder="What did you try, and what did you see?",
        on_change=write,
        args=("notes",),
    )


def clean_tag(tag: str) -> str:
    """Return a tag as it is kept: one line, 40 characters at most."""
    return re.sub(r"\s+", " ", tag).strip()[:40]


# Runs brought in


def upload_menu(store: Store, state: RunsState) -> None:
    """Draw the field that takes run files."""
    with st.popover("Upload", icon=":material/upload:", key="upload"):
        st.file_uploader(
            "Run files, as *Export* makes them",
            type=["zip"],
            accept_multiple_files=True,
            key=f"upload_{state.uploads}",
            on_change=_take_in,
            args=(store, state),
        )


def _take_in(store: Store, state: RunsState) -> None:
    files = st.session_state[f"upload_{state.uploads}"] or []
    if not files:
        return
    state.notices, found = [], []
    for file in files[:MOST_FILES]:
        try:
            found.append(load(store, file.getvalue()))
        except (DamagedRunFile, StoreProblem) as problem:
            state.notices.append(f"{file.name} was not taken. {problem}")
    if len(files) > MOST_FILES:
        state.notices.append(f"Only the first {MOST_FILES} files were taken.")
    state.uploads += 1
    if found:
        state.selected = tuple(found)
        st.toast(f"Uploaded {count_of(found)}.", icon=":material/upload:")
