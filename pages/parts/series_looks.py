"""The middle of the Series screen: the ways to look at what a network does with a sequence."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import streamlit as st

from nets.experiment import Experiment
from nets.views import View
from nets.views.confusion import ConfusionView
from nets.views.forecast import ForecastView
from nets.views.horizons import HorizonsView
from nets.views.memory import MemoryView
from nets.views.vanishing import VanishingView
from pages.parts import live
from pages.parts import series_payloads as made
from pages.parts.bench import Bench
from pages.parts.components.confusion import confusion
from pages.parts.components.curves import curves
from pages.parts.components.heat import heat
from pages.parts.generate_choice import choose, chosen
from pages.parts.image_payloads import confusion_payload

LOOKS = {
    "forecast": "Forecast",
    "memory": "Memory",
    "gradient": "Gradient",
    "mistakes": "Mistakes",
}
ICONS = {
    "forecast": ":material/show_chart:",
    "memory": ":material/memory:",
    "gradient": ":material/south_west:",
    "mistakes": ":material/grid_on:",
}
HIGH = {"forecast": 350, "ahead": 270, "gradient": 590, "beside": 190}
"""Pixels of the charts."""


EXPLAINED = (
    "One step ahead: what the network says of each step, knowing all before it. Below: errors of forecasts that run "
    "free, beginning at many places of the test part, by how far ahead they tell. They are worth something below both "
    "dashed lines."
)


@dataclass
class Choice:
    """What a session has chosen to look at: which test sequence, of which data."""

    example: int = 0
    cell: Mapping[str, int] | None = None
    data: object = None

    def belong_to(self, experiment: Experiment) -> None:
        """Begin anew where the data are others."""
        if self.data != experiment.data:
            self.example, self.cell, self.data = 0, None, experiment.data


def looks_for(experiment: Experiment) -> tuple[str, ...]:
    """Return the ways to look at this experiment's network, the first one to begin with."""
    if experiment.data.info().task == "regression":
        return ("forecast", "memory", "gradient")
    return ("memory", "mistakes")


class Looks:
    """What the middle shows, and the views that it needs.

    Args:
        bench: whose run to look at.
    """

    def __init__(self, bench: Bench) -> None:
        self.bench = bench
        self.choice: Choice = st.session_state.setdefault("series_choice", Choice())
        self.choice.belong_to(bench.experiment)
        self.offered = looks_for(bench.experiment)
        self.look = chosen("series_look", self.offered)

    def views(self) -> Mapping[str, View]:
        """Return the views of what is shown: nothing else is computed."""
        match self.look:
            case "forecast":
                return {"forecast": ForecastView(), "horizons": HorizonsView()}
            case "gradient":
                return {"vanishing": VanishingView()}
            case "mistakes":
                choice = self.choice
                if choice.cell is None:
                    return {"confusion": ConfusionView()}
                actual, predicted = choice.cell["actual"], choice.cell["predicted"]
                memory = MemoryView(example=choice.example, actual=actual, predicted=predicted)
                return {"confusion": ConfusionView(), "memory": memory}
        shown: dict[str, View] = {"memory": MemoryView(example=self.choice.example)}
        return shown if self._tells_values() else {**shown, "vanishing": VanishingView()}

    def views_beside(self) -> Mapping[str, View]:
        """Return the views of the run beside it that are drawn over those of this one."""
        return {name: view for name, view in self.views().items() if name == "vanishing"}

    def metric(self) -> tuple[str, str]:
        """Return the metric for the numbers strip, and its label."""
        return ("test_r2", "test R²") if self._tells_values() else ("test_accuracy", "test accuracy")

    def _tells_values(self) -> bool:
        return self.bench.experiment.data.info().task == "regression"

    def draw(self, panels: live.Panels) -> None:
        """Draw the choice of what to look at, with what goes with it in the same row, and below it what is chosen."""
        ways: dict[str, tuple[Callable[[], None] | None, Callable[[live.Panels], None]]] = {
            "forecast": (None, self._forecast),
            "memory": (self._examples, self._memory),
            "gradient": (None, self._gradient),
            "mistakes": (None, self._mistakes),
        }
        beside, drawn = ways[self.look]
        with st.container(horizontal=True, gap="small", vertical_alignment="center", horizontal_alignment="distribute"):
            choose("series_look", self.offered, "Look at", lambda name: f"{ICONS[name]} {LOOKS[name]}")
            if beside is not None:
                beside()
        drawn(panels)

    def _forecast(self, panels: live.Panels) -> None:
        run = self.bench.run
        curves(panels.add("forecast", lambda: made.forecast_payload(run)), key="forecast", height=HIGH["forecast"])
        curves(panels.add("ahead", lambda: made.horizons_payload(run)), key="ahead", height=HIGH["ahead"])
        drivers = ", and the drivers as they were," if getattr(run.experiment.data, "drivers", ()) else ""
        st.caption(
            f"Running free, the network knows only what it has said itself{drivers} since the line.", help=EXPLAINED
        )

    def _memory(self, panels: live.Panels) -> None:
        run = self.bench.run
        if not self._tells_values():  # what was first is asked for: how much of the gradient comes so far?
            curves(
                panels.add("gradient", lambda: made.vanishing_payload(run, self.bench.beside)),
                key="gradient",
                height=HIGH["beside"],
            )
        heat(panels.add("memory", lambda: made.memory_payload(run)), key="memory")
        if not hasattr(run.views.get("memory"), "states") or run.views["memory"].states.size:
            return
        st.caption("Dense layers see the whole window at once: there is nothing that they remember from step to step.")

    def _examples(self) -> None:
        with st.container(horizontal=True, gap="xsmall", width="content", vertical_alignment="center"):
            st.caption(f"Test sequence {self.choice.example + 1}", width="content")
            st.button("", key="previous", icon=":material/chevron_left:", on_click=self._step, args=(-1,))
            st.button("", key="next", icon=":material/chevron_right:", on_click=self._step, args=(1,))

    def _step(self, by: int) -> None:
        frame = self.bench.run.frame
        count = frame.test_examples if frame else 1
        self.choice.example = (self.choice.example + by) % max(1, count)

    def _gradient(self, panels: live.Panels) -> None:
        run = self.bench.run
        curves(
            panels.add("gradient", lambda: made.vanishing_payload(run, self.bench.beside)),
            key="gradient",
            height=HIGH["gradient"],
        )
        st.caption(
            "How strongly the loss depends on each step. Where the curve falls by many powers of ten to the left, "
            "nothing is learnt of what was so long ago. *Compare* lays another cell's curve over this one."
        )

    def _mistakes(self, panels: live.Panels) -> None:
        run, choice = self.bench.run, self.choice

        def pick() -> None:
            choice.cell, choice.example = st.session_state["confusion"].cell, 0

        confusion(
            panels.add("confusion", lambda: confusion_payload(run, chosen=choice.cell)),
            key="confusion",
            on_cell_change=pick,
        )
        if choice.cell is None:
            return
        names = run.experiment.data.info().class_names
        true, said = (names[choice.cell[key]] for key in ("actual", "predicted"))
        with st.container(horizontal=True, gap="small", vertical_alignment="center", horizontal_alignment="distribute"):
            st.markdown(f"**{true}** taken for **{said}**" if true != said else f"**{true}**, known as such")
            self._examples()
        heat(panels.add("memory", lambda: made.memory_payload(run)), key="memory")
