"""The middle of the Tables screen: the table itself, and ways to look at what a network makes of it."""

from collections.abc import Callable, Mapping

import streamlit as st

from nets.datasets.tables.base import TableConfig
from nets.datasets.tables.profile import Profile, profile_of
from nets.problems import InvalidExperiment
from nets.views import View
from nets.views.baselines import BaselinesView
from nets.views.class_scores import ClassScoresView
from nets.views.confusion import ConfusionView
from nets.views.filling import FillingView
from nets.views.forest import ForestView
from nets.views.importance import ImportanceView
from nets.views.partial_dependence import PartialDependenceView
from nets.views.predicted_rows import PredictedRowsView
from nets.views.predicted_values import PredictedValuesView
from nets.views.unusual_rows import UnusualRowsView
from pages.parts import live, table_row_payloads, table_use
from pages.parts import table_payloads as made
from pages.parts.bench import Bench
from pages.parts.components.advice import advice
from pages.parts.components.confusion import confusion
from pages.parts.components.errors import errors
from pages.parts.components.plots import plots
from pages.parts.components.scores import scores
from pages.parts.components.strange_rows import strange_rows
from pages.parts.generate_choice import choose, chosen
from pages.parts.image_payloads import confusion_payload
from pages.parts.showing import among
from pages.parts.table_folds import folds_look

LOOKS = {
    "values": "Predictions",
    "mistakes": "Mistakes",
    "threshold": "Threshold",
    "columns": "Columns",
    "folds": "Folds",
    "odd": "Anomalies",
    "use": "Use it",
    "table": "Table",
}
ICONS = {
    "values": ":material/scatter_plot:",
    "mistakes": ":material/grid_on:",
    "threshold": ":material/tune:",
    "columns": ":material/bar_chart:",
    "folds": ":material/view_week:",
    "odd": ":material/troubleshoot:",
    "use": ":material/edit_note:",
    "table": ":material/table:",
}
METRICS = {"r2": "test R²", "auc": "AUC", "error": "test error", "micro_f1": "test F1", "accuracy": "test accuracy"}
"""What says most about a network, the best first, and how the numbers strip calls it."""


def looks_for(bench: Bench) -> tuple[str, ...]:
    """Return the ways to look at this experiment, the first one to begin with."""
    data = bench.experiment.data
    task = data.info().task
    is_table = isinstance(data, TableConfig)
    if bench.experiment.train.objective.kind != "supervised":
        return ("odd", "table") if is_table else ("odd",)
    first = {"regression": ("values",), "multilabel": ("threshold",)}.get(task, ("mistakes", "threshold"))
    folds = ("folds",) if is_table and data.folds else ()
    return (*first, "columns", *folds, "use", "table") if is_table else (*first, "columns")


class Looks:
    """What the middle shows, and the views that it needs.

    Args:
        bench: whose run to look at.
    """

    def __init__(self, bench: Bench) -> None:
        self.bench = bench
        self.offered = looks_for(bench)
        self.look = chosen("table_look", self.offered)
        classes = bench.experiment.data.info().class_names
        if st.session_state.get("table_classes") != classes:  # a cell of another matrix is none of this one
            st.session_state["table_cell"], st.session_state["table_classes"] = None, classes

    def views(self) -> Mapping[str, View]:
        """Return the views of what is shown: nothing else is computed."""
        found: dict[str, View] = {}
        if self.bench.experiment.train.objective.kind == "supervised":
            found["baselines"] = BaselinesView()
        match self.look:
            case "values":
                found["predicted_values"] = PredictedValuesView()
            case "mistakes":
                found["confusion"] = ConfusionView()
                if isinstance(self.bench.experiment.data, TableConfig):
                    found["predicted_rows"] = PredictedRowsView(**(st.session_state.get("table_cell") or {}))
            case "threshold":
                found["class_scores"] = ClassScoresView()
            case "columns":
                found["importance"] = ImportanceView()
                if column := self._column():
                    found["partial_dependence"] = PartialDependenceView(column=column)
            case "odd":
                found |= {"unusual_rows": UnusualRowsView(), "forest": ForestView()}
            case "use":
                found |= table_use.views(self.bench)
            case "table" if st.session_state.get("compare_filling"):
                found["filling"] = FillingView()
        return found

    def metric(self) -> tuple[str, str]:
        """Return the metric for the numbers strip, and its label."""
        experiment = self.bench.experiment
        known = experiment.train.objective.metrics(experiment, experiment.data.info())
        return next((f"test_{name}", label) for name, label in METRICS.items() if name in known)

    def draw(self, panels: live.Panels) -> None:
        """Draw the choice of what to look at, how simpler models do, and what is chosen."""
        ways: dict[str, Callable[[live.Panels], None]] = {
            "values": self._values,
            "mistakes": self._mistakes,
            "threshold": self._threshold,
            "columns": self._columns,
            "folds": lambda panels: folds_look(self.bench),
            "odd": self._odd,
            "use": lambda panels: table_use.draw(self.bench, panels),
            "table": self._table,
        }
        choose("table_look", self.offered, "Look at", lambda name: f"{ICONS[name]} {LOOKS[name]}")
        run = self.bench.run
        advice(panels.add("compared", lambda: made.compared_payload(run), every=live.STEADY), key="compared")
        ways[self.look](panels)

    def _values(self, panels: live.Panels) -> None:
        run = self.bench.run
        plots(panels.add("values", lambda: made.values_payload(run)), key="values")

    def _mistakes(self, panels: live.Panels) -> None:
        run = self.bench.run
        cell = st.session_state.get("table_cell")

        def pick() -> None:
            picked = st.session_state["confusion"].cell
            st.session_state["table_cell"] = picked and {"actual": picked["actual"], "predicted": picked["predicted"]}

        confusion(
            panels.add("confusion", lambda: confusion_payload(run, chosen=cell)), key="confusion", on_cell_change=pick
        )
        names = self.bench.experiment.data.info().class_names
        what = f"Rows of {names[cell['actual']]} taken for {names[cell['predicted']]}" if cell else "Rows it gets wrong"
        st.caption(f"{what}, the surest first")
        rows = panels.add("rows", lambda: table_row_payloads.rows_payload(run), every=live.STEADY)
        strange_rows(rows, key="rows")

    def _threshold(self, panels: live.Panels) -> None:
        info = self.bench.experiment.data.info()
        names, is_binary = info.class_names, info.task == "binary"
        which = 1 if is_binary else 0
        if not is_binary:
            kept = st.session_state.get("scored_class")
            st.session_state["scored_class"] = kept if kept in names else names[0]
            st.segmented_control("Class", names, key="scored_class", required=True, label_visibility="collapsed")
            which = names.index(st.session_state["scored_class"])
        run, kept_as = self.bench.run, (self.bench.experiment.data.name, names[which])

        def keep() -> None:
            settled = st.session_state["scores"].settled
            if settled and settled["name"] == kept_as[1]:
                st.session_state.setdefault("thresholds", {})[kept_as] = min(max(float(settled["threshold"]), 0.0), 1.0)

        begins = st.session_state.get("thresholds", {}).get(kept_as, table_use.HALF)
        scores(
            panels.add("scores", lambda: made.scores_payload(run, which, begins)), key="scores", on_settled_change=keep
        )

    def _column(self) -> str:
        """Return the column whose influence is drawn; nothing where there is none to choose."""
        data = self.bench.experiment.data
        if not isinstance(data, TableConfig):
            return ""
        known = [name for name, kind, _ in data.features if kind in ("number", "category")]
        kept = st.session_state.get("partial_column")
        return str(kept) if kept in known else next(iter(known), "")

    def _columns(self, panels: live.Panels) -> None:
        run, data = self.bench.run, self.bench.experiment.data
        plots(panels.add("importance", lambda: made.importance_payload(run)), key="importance")
        if not isinstance(data, TableConfig) or not self._column():
            return
        known = [name for name, kind, _ in data.features if kind in ("number", "category")]
        st.selectbox("How the answer depends on", **among(known, self._column(), "partial_column"))
        plots(panels.add("partial", lambda: made.partial_payload(run)), key="partial")

    def _odd(self, panels: live.Panels) -> None:
        run = self.bench.run
        errors(panels.add("errors", lambda: table_row_payloads.strange_payload(run)), key="errors")
        st.caption("The most unusual rows; the darker a cell, the more it adds to the error")
        rows = panels.add("strange_rows", lambda: table_row_payloads.strange_rows_payload(run), every=live.STEADY)
        strange_rows(rows, key="strange_rows")

    def _table(self, panels: live.Panels) -> None:
        data = self.bench.experiment.data
        assert isinstance(data, TableConfig)
        try:
            profile = profiled(data)
        except InvalidExperiment as error:
            st.caption(str(error))
            return
        for warning in profile.warnings:
            st.warning(warning, icon=":material/warning:")
        drawn = f" · charts of {profile.sampled:,} rows drawn by chance" if profile.sampled < profile.rows else ""
        st.caption(f"{profile.rows:,} rows · {len(profile.columns)} columns{drawn}")
        plots(panels.add("profile", lambda: made.profile_payload(profile)), key="profile")
        if len(profile.numbers) > 1:
            plots(panels.add("together", lambda: made.together_payload(profile, data)), key="together")
        if sum(kind == "number" for _, kind, _ in data.features) < 2:
            return
        st.toggle(
            "Compare ways to fill gaps",
            key="compare_filling",
            help="Known cells are hidden, filled in each way, and compared with what they were",
        )
        if st.session_state["compare_filling"]:
            plots(panels.add("filling", lambda: made.filling_payload(self.bench.run)), key="filling")


def profiled(data: TableConfig) -> Profile:
    """Return the profile of a table; it is kept for the next time."""
    return _profiled(data.model_dump_json())


@st.cache_data(max_entries=8, show_spinner="The table is looked at")
def _profiled(settings: str) -> Profile:
    return profile_of(table_use.table_of(settings))
