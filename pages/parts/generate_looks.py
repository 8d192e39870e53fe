"""The middle of the Generate screen: the ways to look at what a network makes."""

from collections.abc import Callable, Mapping

import streamlit as st

from nets.datasets.distributions.base import DistributionConfig
from nets.experiment import Experiment
from nets.views import View
from nets.views.game import GameView
from nets.views.interpolation import InterpolationView
from nets.views.latent_plane import LatentPlaneView
from nets.views.nearest import NearestView
from nets.views.reconstructions import ReconstructionsView
from nets.views.samples import SamplesView
from nets.views.turn import NextTurn, TurnView
from pages.parts import generate_choice, live
from pages.parts import generate_payloads as made
from pages.parts.bench import Bench
from pages.parts.components.advice import advice
from pages.parts.components.errors import errors
from pages.parts.components.game import game
from pages.parts.components.judge import judge
from pages.parts.components.latent import latent
from pages.parts.components.mosaic import mosaic
from pages.parts.generate_choice import Choice, choose, chosen
from pages.parts.generate_drawing import drawing_tool, place_points
from pages.parts.generate_judge import judge_payload, judged_payload
from pages.parts.generate_odd import odd_class
from pages.parts.generate_plane import advice_payload, game_payload
from pages.parts.generate_walk import walk_payload
from pages.parts.payloads import LOSSES
from pages.parts.permissions import is_hidden, is_locked
from pages.parts.timeline import way_back

LOOKS = {
    "plane": "Plane",
    "walk": "Slow motion",
    "again": "Made again",
    "samples": "Samples",
    "latent": "Latent plane",
    "way": "Interpolate",
    "odd": "Anomalies",
    "judge": "Quality",
}
ICONS = {
    "plane": ":material/scatter_plot:",
    "walk": ":material/slow_motion_video:",
    "again": ":material/compare:",
    "samples": ":material/grid_view:",
    "latent": ":material/bubble_chart:",
    "way": ":material/linear_scale:",
    "odd": ":material/troubleshoot:",
    "judge": ":material/gavel:",
}
METRICS = {
    "auc": "AUC",
    "js": "JS divergence",
    "elbo": "ELBO",
    "error": "test error",
    "fake_accuracy": "fakes caught",
    "loss": "test loss",
}
"""What says most about a network, the best first, and how the numbers strip calls it."""
PLAYERS = {"discriminator": "D step", "generator": "G step"}
MOST_WITH_ICONS = 4
SAMPLES = 60
AGAIN = 30
HAS_ENCODER = ("autoencoder", "vae")


def looks_for(experiment: Experiment) -> tuple[str, ...]:
    """Return the ways to look at what this experiment's network makes, the first one to begin with."""
    if isinstance(experiment.data, DistributionConfig):
        return ("plane", "walk") if experiment.train.objective.kind == "adversarial" else ("plane",)
    if experiment.train.objective.kind == "adversarial":
        return ("samples", "judge", "latent", "way")
    first = ("latent", "again") if getattr(experiment.model, "latent_dim", 0) == 2 else ("again", "latent")
    return (*first, "samples", "way", "odd", "judge")


class Looks:
    """What the middle shows, and the views that it needs.

    Args:
        bench: whose run to look at.
    """

    def __init__(self, bench: Bench) -> None:
        self.bench = bench
        self.choice: Choice = st.session_state.setdefault("generate_choice", Choice())
        self.choice.belong_to(bench.experiment)
        self.offered = looks_for(bench.experiment)
        self.look = chosen("making", self.offered)

    def views(self) -> Mapping[str, View]:
        """Return the views of what is shown: nothing else is computed."""
        choice = self.choice
        match self.look:
            case "plane":
                return {"game": GameView()}
            case "walk":
                return {"turn": TurnView()}
            case "again":
                return {"reconstructions": ReconstructionsView(count=AGAIN, start=choice.start)}
            case "latent":
                return {"latent_plane": LatentPlaneView(label=choice.label), "decoded": choice.decoded()}
            case "way":
                return {"interpolation": InterpolationView(first=choice.first, second=choice.second, samples=SAMPLES)}
            case "odd":
                return {"anomalies": choice.anomalies()}
            case "judge":
                return {"quality": choice.judged()}
        found: dict[str, View] = {"samples": SamplesView(count=SAMPLES)}
        if choice.sample is not None:
            found["nearest"] = NearestView(sample=choice.sample, samples=SAMPLES)
        return found

    def metric(self) -> tuple[str, str]:
        """Return the metric for the numbers strip, and its label."""
        experiment = self.bench.experiment
        known = experiment.train.objective.metrics(experiment, experiment.data.info())
        return next((f"test_{name}", label) for name, label in METRICS.items() if name in known)

    def losses(self) -> tuple[tuple[str, str], ...]:
        """Return the losses for the numbers strip, with their labels: of a game generator's and discriminator's."""
        if self.bench.experiment.train.objective.kind != "adversarial":
            return LOSSES
        return ("train_loss", "G loss"), ("train_discriminator_loss", "D loss")

    def hear(self, message: bytes) -> None:
        """Take what a panel says."""
        if generate_choice.hear(self.choice, message):
            self.bench.manager.do(self.bench.run, "step")

    def draw(self, panels: live.Panels) -> None:
        """Draw the choice of what to look at, with what goes with it in the same row, and below it what is chosen."""
        ways: dict[str, tuple[Callable[[], None] | None, Callable[[live.Panels], None]]] = {
            "plane": (self._players, self._plane),
            "walk": (self._players, self._walk),
            "again": (self._pages, self._again),
            "samples": (self._players, self._samples),
            "latent": (None, self._latent),
            "way": (self._ends, self._way),
            "odd": (self._odd_class, self._odd),
            "judge": (self._players, self._judge),
        }
        beside, drawn = ways[self.look]
        has_room = len(self.offered) <= MOST_WITH_ICONS
        with st.container(horizontal=True, gap="small", vertical_alignment="center", horizontal_alignment="distribute"):
            choose(
                "making",
                self.offered,
                "Look at",
                lambda name: f"{ICONS[name]} {LOOKS[name]}" if has_room else LOOKS[name],
            )
            if beside is not None:
                beside()
        advice(panels.add("advice", lambda: advice_payload(self.bench.run), every=live.STEADY), key="advice")
        drawn(panels)

    # Points of the plane

    def _plane(self, panels: live.Panels) -> None:
        bench = self.bench
        tool = drawing_tool(bench)
        game(
            panels.add("game", lambda: game_payload(bench.run, tool=tool)),
            key="game",
            on_points_change=lambda: place_points(bench, st.session_state["game"].points),
        )

    def _players(self) -> None:
        """Draw the buttons for a step of one player alone."""
        if self.bench.experiment.train.objective.kind != "adversarial" or is_hidden("step"):
            return
        disabled = self.bench.run.status in ("training", "queued") or is_locked("step")
        with st.container(horizontal=True, gap="xsmall", width="content"):
            for part, label in PLAYERS.items():
                st.button(label, key=f"step_{part}", disabled=disabled, on_click=self.bench.do, args=("step", part))

    def _walk(self, panels: live.Panels) -> None:
        run, choice = self.bench.run, self.choice

        def payload() -> bytes:
            """Return the next turn; while the networks learn on, the last one stays to be walked through."""
            found: NextTurn | None = run.views.get("turn")
            if found is not None and (run.status not in ("training", "queued") or choice.turn is None):
                choice.turn = found
            return walk_payload(run, choice.turn)

        game(panels.add("game", payload), key="game")

    # Pictures

    def _samples(self, panels: live.Panels) -> None:
        run, choice = self.bench.run, self.choice

        def pick() -> None:
            picked = st.session_state["samples"].pick
            chosen = int(picked["index"]) if picked else None
            choice.sample = None if chosen == choice.sample else chosen

        mosaic(
            panels.add("samples", lambda: made.samples_payload(run, chosen=choice.sample)),
            key="samples",
            on_pick_change=pick,
        )
        way_back(self.bench)
        if choice.sample is None:
            st.caption("Pick a sample to see whether the network has made it up or learnt it by heart.")
            return
        mosaic(panels.add("nearest", lambda: made.nearest_payload(run), every=live.STEADY), key="nearest")

    def _pages(self) -> None:
        self._steps("Pictures", "start", AGAIN)

    def _again(self, panels: live.Panels) -> None:
        run = self.bench.run
        mosaic(panels.add("again", lambda: made.reconstructions_payload(run)), key="again")

    def _latent(self, panels: live.Panels) -> None:
        run = self.bench.run
        latent(panels.add("latent", lambda: made.latent_payload(run)), key="latent")

    def _ends(self) -> None:
        with st.container(horizontal=True, gap="small", width="content", vertical_alignment="center"):
            self._steps("From", "first", 1)
            self._steps("to", "second", 1)

    def _steps(self, label: str, name: str, by: int) -> None:
        """Draw the place of a chosen picture with the buttons for the one before and the next."""
        place = getattr(self.choice, name)
        words = f"{label} {place + 1}" if by == 1 else f"{label} {place + 1}–{place + by}"
        with st.container(horizontal=True, gap="xsmall", width="content", vertical_alignment="center"):
            st.caption(words, width="content")
            st.button("", key=f"{name}_before", icon=":material/chevron_left:", on_click=self._go, args=(name, -by))
            st.button("", key=f"{name}_after", icon=":material/chevron_right:", on_click=self._go, args=(name, by))

    def _go(self, name: str, by: int) -> None:
        frame = self.bench.run.frame
        count = SAMPLES if "encoder" not in self._parts() else frame.test_examples if frame else 1
        setattr(self.choice, name, (getattr(self.choice, name) + by) % max(1, count))

    def _parts(self) -> tuple[str, ...]:
        return ("encoder",) if self.bench.value("model.kind") in HAS_ENCODER else ()

    def _way(self, panels: live.Panels) -> None:
        run = self.bench.run
        mosaic(panels.add("way", lambda: made.interpolation_payload(run)), key="way")
        if self._parts():
            mosaic(panels.add("ends", lambda: made.ends_payload(run), every=live.STEADY), key="ends")

    def _odd_class(self) -> None:
        odd_class(self.bench, self.choice)

    def _odd(self, panels: live.Panels) -> None:
        run = self.bench.run
        errors(panels.add("errors", lambda: made.errors_payload(run)), key="errors")
        st.caption("The pictures with the largest errors")
        mosaic(panels.add("worst", lambda: made.worst_payload(run), every=live.STEADY), key="worst")

    def _judge(self, panels: live.Panels) -> None:
        run = self.bench.run
        judge(panels.add("judge", lambda: judge_payload(run)), key="judge")
        mosaic(panels.add("judged", lambda: judged_payload(run)), key="judged")
