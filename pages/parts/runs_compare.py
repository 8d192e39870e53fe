"""The selected runs side by side: curves, results and settings."""

import html
from collections.abc import Sequence

import pandas as pd
import streamlit as st

from nets.runs.store import Store, StoredRun
from pages.parts import comparison, run_groups
from pages.parts.comparison import Columns
from pages.parts.components.curves import curves
from pages.parts.payloads import number, percent
from pages.parts.run_groups import Group
from pages.parts.runs_state import PARAMETER
from pages.parts.runs_table import BEST, METRICS, duration, plain, words_for

MOST_COMPARED = 20
"""Runs whose curves can still be told apart."""
DIFFERENT = "background-color: rgba(0, 114, 178, 0.16); font-weight: 600"
GOOD = "background-color: rgba(0, 158, 115, 0.18); font-weight: 600"


@st.cache_data(show_spinner=False, max_entries=200)
def _columns(
    _store: Store,
    run_id: str,
    state: tuple[int, int, str],  # noqa: ARG001 - a part of the cache's key
) -> dict[str, object]:
    """Return a run's thinned epochs; ``state`` changes when there are new ones."""
    return dict(comparison.columns_of(_store.rows(run_id)))


def tables_of(store: Store, runs: Sequence[StoredRun]) -> dict[str, Columns]:
    """Return the columns of each run's epochs, by id."""
    return {run.id: _columns(store, run.id, (run.epochs, run.steps, run.status)) for run in runs}  # type: ignore[misc]


def curves_card(store: Store, runs: Sequence[StoredRun]) -> list[Group]:
    """Draw the curves of runs, and how they are to be drawn; return the runs, seeds folded or not."""
    tables = tables_of(store, runs)
    metrics = comparison.metrics_in(tables.values()) or ["loss"]
    known = {name.partition("_")[0] for table in tables.values() for name in table}
    parts = [part for part in comparison.PARTS if part in known]
    drawn = st.container()
    with st.container(horizontal=True, gap="xsmall", vertical_alignment="bottom", key="curve_controls"):
        metric = _choice("Metric", metrics, "curve_metric")
        chosen = _parts(parts)
        axis = _choice("Over", list(comparison.AXES), "curve_axis")
        smoothing = st.slider("Smoothing", 0.0, 0.99, 0.0, 0.01, key="smoothing", persist_state="session", width=110)
        log = st.toggle("Log axis", key="runs_log_axis", persist_state="session", disabled=metric == "accuracy")
        groups = run_groups.grouped(runs, fold=_fold_switch(runs))
    lines = comparison.lines(groups, tables, metric, chosen, axis, smoothing)
    with drawn:
        payload = comparison.payload(groups, lines, metric=metric, axis=axis, log=log)
        curves(payload, key="run_curves", height=330 if len(groups) < 6 else 400)
    return groups


def _fold_switch(runs: Sequence[StoredRun]) -> bool:
    """Draw the switch that folds seeds, where there are any to fold; return whether it is on."""
    if len(run_groups.grouped(runs, fold=True)) == len(runs):
        return False
    return st.toggle(
        "Fold seeds",
        key="fold_seeds",
        persist_state="session",
        help="Runs that differ in their seed alone become one curve: their mean, with the standard deviation around it",
    )


def _parts(parts: list[str]) -> list[str]:
    """Draw the choice of what the metric was measured on: training, validation, test data."""
    st.session_state.setdefault("curve_parts", ["train", "test"])
    st.session_state["curve_parts"] = [part for part in st.session_state["curve_parts"] if part in parts]
    return st.pills("On", parts, selection_mode="multi", key="curve_parts", persist_state="session")


def _choice(label: str, options: list[str], key: str) -> str:
    if st.session_state.get(key) not in options:
        st.session_state[key] = options[0]
    chosen = st.segmented_control(
        label, options, key=key, required=True, format_func=words_for, persist_state="session"
    )
    return chosen or options[0]


def results_table(groups: Sequence[Group]) -> None:
    """Draw each run's last numbers, the best of each marked."""
    known = [name for name in METRICS if any(name in run.metrics for group in groups for run in group.runs)]
    cells: dict[str, list[str]] = {}
    good = pd.DataFrame("", index=range(len(groups)), columns=["run", *map(words_for, known)])
    for name in known:
        values = [[run.metrics.get(name) for run in group.runs] for group in groups]
        show = percent if name.endswith("accuracy") else number
        texts = [run_groups.shown(value, show) for value in values]
        means = [run_groups.mean_and_spread(value)[0] for value in values]
        for place in run_groups.best_of(means, lower=run_groups.lower_is_better(name)):
            texts[place] = f"{BEST} {texts[place]}"
            good.loc[place, words_for(name)] = GOOD
        cells[words_for(name)] = texts
    frame = pd.DataFrame({"run": [group.label for group in groups], **cells})
    for name, show_it in (("epochs", lambda run: run.epochs), ("parameters", lambda run: run.parameters)):
        frame[name] = [_plain([show_it(run) for run in group.runs]) for group in groups]
    frame["took"] = [", ".join(dict.fromkeys(duration(run.seconds) for run in group.runs)) for group in groups]
    styles = good.reindex(columns=frame.columns, fill_value="")
    st.dataframe(
        frame.style.apply(lambda _: styles, axis=None),
        hide_index=True,
        column_config={name: st.column_config.TextColumn(width=_width(frame[name])) for name in frame.columns},
        alt="Results of the selected runs",
        key="results",
    )


def _width(cells: pd.Series) -> int:
    """Return the pixels that a column's longest text takes, as Streamlit finds only when the table is new."""
    return min(320, 28 + round(7.2 * max(map(len, [str(cells.name), *cells]))))


def _plain(values: Sequence[int]) -> str:
    return ", ".join(f"{value:,}" for value in dict.fromkeys(values))


def settings_table(groups: Sequence[Group]) -> None:
    """Draw every setting side by side; those that differ come first and are marked."""
    settings = run_groups.settings_of(groups)
    differing = [setting for setting in settings if setting.differs]
    only = False
    if len(groups) > 1:
        only = st.toggle(
            f"Only differences ({len(differing)})", value=True, key="only_differences", persist_state="session"
        )
    shown = differing if only else settings
    if not shown:
        st.caption("These runs have the same settings.")
        return
    frame = pd.DataFrame([(setting.path, *setting.values) for setting in shown])
    frame.columns = [str(name) for name in frame.columns]  # people name runs, and could call two of them the same
    names = dict(zip(frame.columns, ("setting", *(group.label for group in groups)), strict=True))
    marks = [DIFFERENT if setting.differs and not only else "" for setting in shown]
    styler = frame.style.apply(lambda _: pd.DataFrame(dict.fromkeys(frame.columns, marks)), axis=None)
    st.dataframe(
        styler, hide_index=True, column_config=names, alt="Settings of the selected runs", key="settings_table"
    )


def facts(run: StoredRun, everything: Sequence[StoredRun]) -> None:
    """Draw how one run went: its end, its lineage, what it ran on."""
    versions = ", ".join(f"{name} {version}" for name, version in run.versions.items())
    lines = [
        run.reason,
        "Settings were changed while it trained." if run.edited else "",
        f"{run.id} · {run.device} · {versions}",
    ]
    # Runs come from anybody's files: their texts are no Markdown, which could fetch pictures from elsewhere.
    st.html("<p class='facts'>" + "<br>".join(html.escape(line) for line in lines if line) + "</p>")
    titles = {other.id: run_groups.title(other) for other in everything}
    children = [other for other in everything if other.parent == run.id]
    if run.parent is None and not children:
        return
    with st.container(horizontal=True, gap="small", vertical_alignment="center", key="lineage"):
        if run.parent in titles:
            _lineage_link(f"from {titles[run.parent]}, step {run.parent_step or 0:,}", (run.parent, run.id))
        elif run.parent:
            st.caption(f"Began at step {run.parent_step or 0:,} of a run that is not here any more.")
        if children:
            _lineage_link(f"went on as {len(children)} more", (run.id, *(child.id for child in children)))


def _lineage_link(label: str, ids: Sequence[str]) -> None:
    st.page_link(
        "pages/runs.py",
        label=plain(label),
        icon=":material/account_tree:",
        query_params={PARAMETER: ",".join(ids)},
        width="content",
    )
