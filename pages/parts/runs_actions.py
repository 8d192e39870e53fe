"""What can be done with the selected runs: open, export, tag, delete and bring back; and runs brought in."""

import re
from collections.abc import Callable, Sequence
from functools import partial

import streamlit as st

from nets.runs.archive import DamagedRunFile, file_name, load
from nets.runs.store import Store, StoredRun, StoreProblem
from pages.parts.run_files import RUN_FILE, RUN_FILE_WITH_ALL, Workshop
from pages.parts.runs_state import RunsState
from pages.parts.runs_table import LIVE, screen_of
from pages.parts.service import run_manager

TITLES = {
    "script": "Script",
    "notebook": "Notebook",
    "onnx": "ONNX",
    "safetensors": "Weights (safetensors)",
    "tensorboard": "TensorBoard logs",
    "csv": "Metrics (CSV)",
}
NEEDS_WEIGHTS = ("onnx", "safetensors")
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


def _export_menu(store: Store, state: RunsState, run: StoredRun) -> None:
    """Draw the menu of files; each is made when its button is pressed."""
    from nets.export import FORMATS
    from nets.export.base import file_stem

    workshop = _workshop()
    has_weights = bool(store.checkpoints(run.id))

    def offer(label: str, format: str, name: str, media_type: str, *, disabled: bool = False) -> None:
        st.download_button(
            label,
            workshop.deferred(run.id, format, run.changed),
            name,
            media_type,
            key=f"take_{format.replace(' ', '_')}",
            on_click=_say_problem,
            args=(state, workshop, run, format),
            disabled=disabled,
            width="stretch",
        )

    with st.popover("Export", icon=":material/download:", key="export"):
        st.caption("The run itself, to be opened in another Playground")
        offer("Run file", RUN_FILE, file_name(run), "application/zip")
        offer("Run file with every checkpoint", RUN_FILE_WITH_ALL, file_name(run), "application/zip")
        st.caption("For other programs")
        for name in sorted(FORMATS.names(), key=lambda name: [*TITLES, name].index(name)):
            found = FORMATS.get(name)
            lacks = name in NEEDS_WEIGHTS and not has_weights
            label = TITLES.get(name, name) + (": no weights were kept" if lacks else "")
            offer(label, name, file_stem(run.id) + found.suffix, found.media_type, disabled=lacks)


@st.cache_resource(show_spinner=False)
def _workshop() -> Workshop:
    from pages.parts.service import run_store

    return Workshop(run_store())


def _say_problem(state: RunsState, workshop: Workshop, run: StoredRun, format: str) -> None:
    """Say why a file can't be made; the download of one that can is under way meanwhile."""
    problem = workshop.problem(run.id, format, run.changed)
    state.notices = [problem] if problem else []


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
