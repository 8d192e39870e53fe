"""The middle of the Images screen: five ways to look at what the network does with pictures."""

from collections.abc import Mapping

import streamlit as st

from nets.runs.run import Run
from nets.views import View
from nets.views.arithmetic import ArithmeticView
from nets.views.attribution import AttributionView
from nets.views.confusion import ConfusionView
from nets.views.embedding import EmbeddingView
from nets.views.feature_maps import FeatureMapsView
from nets.views.filters import FiltersView
from nets.views.gallery import Gallery, GalleryView
from nets.views.placement import PlacementView
from nets.views.predictions import PredictionsView
from nets.views.subject import Subject
from nets.views.top_classes import TopClassesView
from pages.parts import live, payloads, trying
from pages.parts.bench import Bench
from pages.parts.components.confusion import confusion
from pages.parts.components.inside import inside
from pages.parts.components.packing import pack
from pages.parts.components.pad import pad
from pages.parts.components.pictures import pictures
from pages.parts.components.scatter import scatter
from pages.parts.image_inside_payloads import inside_payload
from pages.parts.image_payloads import Sheet, confusion_payload, scatter_payload, sheet_of
from pages.parts.trying import Choice

LOOKS = {
    "predictions": "Predictions",
    "mistakes": "Mistakes",
    "inside": "Inside",
    "map": "Map",
    "try": "Try it",
}
ICONS = {
    "predictions": ":material/grid_view:",
    "mistakes": ":material/grid_on:",
    "inside": ":material/layers:",
    "map": ":material/bubble_chart:",
    "try": ":material/draw:",
}
ORDERS = {"all": "All", "wrong": "Only wrong", "hardest": "Hardest first"}
METHODS = {"pca": "PCA", "tsne": "t-SNE"}
CHOICES = {"look": tuple(LOOKS), "order": tuple(ORDERS), "method": tuple(METHODS)}
"""What may be chosen here and is in the link, so that it is still there after a reload."""
NOTHING_YET = "Draw, upload or film something: the network says what it takes it for"
PICTURES = 64
CELL_PICTURES = 24


class Looks:
    """What the middle shows, and the views that it needs.

    Args:
        bench: whose run to look at.
    """

    def __init__(self, bench: Bench) -> None:
        self.bench = bench
        self.choice: Choice = st.session_state.setdefault("image_choice", Choice())
        self.choice.belong_to(bench.experiment)
        st.session_state.setdefault("look", "predictions")
        st.session_state.setdefault("order", "all")
        st.session_state.setdefault("method", "pca")
        self.look: str = st.session_state["look"] or "predictions"
        # Taken here: views are asked for outside of the session too.
        self.order: str = st.session_state["order"] or "all"
        self.method: str = st.session_state["method"] or "pca"

    def views(self) -> Mapping[str, View]:
        """Return the views of what is shown: nothing else is computed."""
        choice = self.choice
        match self.look:
            case "mistakes":
                found: dict[str, View] = {"confusion": ConfusionView()}
                if choice.cell is not None:
                    found["predictions"] = PredictionsView(
                        count=CELL_PICTURES, actual=choice.cell["actual"], predicted=choice.cell["predicted"]
                    )
                return found
            case "inside":
                return self._of_one(Subject(index=choice.index))
            case "map":
                return {
                    "gallery": GalleryView(),
                    "embedding": EmbeddingView.model_validate({"method": self.method}),
                }
            case "try":
                return {
                    "placement": PlacementView(),
                    **(self._of_one(Subject(pixels=choice.pixels)) if choice.pixels else {}),
                }
        return {"predictions": PredictionsView.model_validate({"count": PICTURES, "order": self.order})}

    def _of_one(self, subject: Subject) -> dict[str, View]:
        found: dict[str, View] = {
            "top_classes": TopClassesView(subject=subject),
            "feature_maps": FeatureMapsView(subject=subject),
            "filters": FiltersView(),
            "attribution": AttributionView(subject=subject),
        }
        if self.choice.value is not None:
            found["arithmetic"] = ArithmeticView(subject=subject, **self.choice.value)
        return found

    def hear(self, message: bytes) -> None:
        """Take what the pad says."""
        trying.hear(self.choice, self.bench.run, message)

    def draw(self, panels: live.Panels) -> None:
        """Draw the choice of what to look at, with what goes with it in the same row, and below it what is chosen."""
        beside, drawn = {
            "predictions": (self._orders, self._predictions),
            "mistakes": (None, self._mistakes),
            "inside": (self._steps, self._layers),
            "map": (self._methods, self._map),
            "try": (None, self._try),
        }[self.look]
        with st.container(horizontal=True, gap="small", vertical_alignment="center", horizontal_alignment="distribute"):
            st.segmented_control(
                "Look at",
                tuple(LOOKS),
                key="look",
                required=True,
                format_func=lambda name: f"{ICONS[name]} {LOOKS[name]}",
                label_visibility="collapsed",
                persist_state="session",
            )
            if beside is not None:
                beside()
        drawn(panels)

    def _orders(self) -> None:
        st.selectbox(
            "Order",
            tuple(ORDERS),
            key="order",
            format_func=ORDERS.__getitem__,
            label_visibility="collapsed",
            width=150,
            persist_state="session",
        )

    def _predictions(self, panels: live.Panels) -> None:
        order = self.order
        self._grid(panels, "Not one test picture is wrong" if order == "wrong" else "")

    def _grid(self, panels: live.Panels, empty: str) -> None:
        run = self.bench.run
        pictures(
            panels.add("pictures", lambda: payloads.predictions_payload(run, empty=_empty(run, empty))),
            key="pictures",
            on_pick_change=lambda: self._look_inside(st.session_state["pictures"].pick),
        )

    def _look_inside(self, picked: Mapping[str, int] | None) -> None:
        if picked is not None:
            self.choice.index, self.choice.value = int(picked["index"]), None
            st.session_state["look"] = "inside"

    def _mistakes(self, panels: live.Panels) -> None:
        run, choice = self.bench.run, self.choice

        def pick() -> None:
            choice.cell = st.session_state["confusion"].cell

        confusion(
            panels.add("confusion", lambda: confusion_payload(run, chosen=choice.cell)),
            key="confusion",
            on_cell_change=pick,
        )
        if choice.cell is None:
            return
        names = run.experiment.data.info().class_names
        true, said = (names[choice.cell[key]] for key in ("actual", "predicted"))
        st.markdown(f"**{true}** taken for **{said}**" if true != said else f"**{true}**, known as such")
        self._grid(panels, "Not one picture just now")

    def _steps(self) -> None:
        with st.container(horizontal=True, gap="xsmall", width="content", vertical_alignment="center"):
            st.caption(f"Picture {self.choice.index + 1}", width="content")
            st.button("", key="previous", icon=":material/chevron_left:", on_click=self._step, args=(-1,))
            st.button("", key="next", icon=":material/chevron_right:", on_click=self._step, args=(1,))

    def _step(self, by: int) -> None:
        frame = self.bench.run.frame
        count = frame.test_examples if frame else 1
        self.choice.index = (self.choice.index + by) % max(1, count)

    def _layers(self, panels: live.Panels, payload: live.Payload | None = None) -> None:
        run = self.bench.run

        def pick() -> None:
            self.choice.value = st.session_state["inside"].value

        inside(
            panels.add("inside", payload or (lambda: inside_payload(run))),
            key="inside",
            on_value_change=pick,
        )

    def _methods(self) -> None:
        st.segmented_control(
            "Method",
            tuple(METHODS),
            key="method",
            required=True,
            format_func=METHODS.__getitem__,
            label_visibility="collapsed",
            persist_state="session",
        )

    def _map(self, panels: live.Panels) -> None:
        run = self.bench.run
        panels.add("scatter", lambda: scatter_payload(run))  # frames come without the pictures, which stay
        scatter(
            scatter_payload(run, sheet=self._sheet()),
            key="scatter",
            on_pick_change=lambda: self._look_inside(st.session_state["scatter"].pick),
        )

    def _sheet(self) -> Sheet | None:
        """Return the test pictures as one image, made once for a run."""
        run, choice = self.bench.run, self.choice
        found: Gallery | None = run.views.get("gallery")
        if found is not None and (choice.sheet is None or choice.sheet[0] is not found):
            choice.sheet = (found, sheet_of(found.pictures))
        return choice.sheet[1] if found is not None and choice.sheet is not None else None

    def _try(self, panels: live.Panels) -> None:
        run, choice = self.bench.run, self.choice

        def payload() -> bytes:
            """Return the layers as soon as there is a picture: drawing does not run the page again."""
            return inside_payload(run) if choice.pixels else pack({**payloads.moment(run), "empty": NOTHING_YET})

        left, right = st.columns([1, 2.2], gap="medium")
        with left:
            pad(panels.add("pad", lambda: trying.pad_payload(run)), key="pad")
        with right:
            self._layers(panels, payload)


def _empty(run: Run, words: str) -> str:
    """Return what an empty grid says: why there is no network yet, or what no picture means."""
    return words if words and run.views.get("predictions") is not None else payloads.nothing_yet(run)
