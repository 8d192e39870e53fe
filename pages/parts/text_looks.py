"""The middle of the Text screen: the ways to look at what a network does with texts."""

from collections.abc import Callable, Mapping

import streamlit as st

from nets.architectures.conv1d import Conv1d
from nets.architectures.transformer import Transformer
from nets.experiment import Experiment
from nets.views import View
from nets.views.attention import AttentionView
from nets.views.confusion import ConfusionView
from nets.views.motifs import MotifsView
from nets.views.words import WordsView
from pages.parts import live, text_choice
from pages.parts import text_payloads as made
from pages.parts.bench import Bench
from pages.parts.components.attention import attention
from pages.parts.components.confusion import confusion
from pages.parts.components.logo import logo
from pages.parts.components.texts import texts
from pages.parts.components.typing import typing
from pages.parts.components.wordmap import wordmap
from pages.parts.components.writing import writing
from pages.parts.generate_choice import choose, chosen
from pages.parts.image_payloads import confusion_payload
from pages.parts.showing import shown
from pages.parts.text_choice import Choice
from pages.parts.timeline import way_back

LOOKS = {
    "examples": "Examples",
    "try": "Try it",
    "samples": "Samples",
    "mistakes": "Confusion",
    "attention": "Attention",
    "words": "Words",
    "motif": "Motif",
}
ICONS = {
    "examples": ":material/notes:",
    "try": ":material/edit_note:",
    "samples": ":material/edit_note:",
    "mistakes": ":material/grid_on:",
    "attention": ":material/hub:",
    "words": ":material/bubble_chart:",
    "motif": ":material/equalizer:",
}
ORDERS = {"all": "All", "wrong": "Only wrong", "hardest": "Hardest first"}
TEMPERATURES = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0, 1.2, 1.5, 2.0)
TOP_KS = (0, 1, 2, 3, 5, 10, 20, 50)


def is_language_model(experiment: Experiment) -> bool:
    """Does the network tell which token comes next?"""
    info = experiment.data.info()
    return info.per_step and info.vocab_size > 0


def looks_for(experiment: Experiment) -> tuple[str, ...]:
    """Return the ways to look at what this experiment's network does, the first one to begin with."""
    info, model = experiment.data.info(), experiment.model
    first: tuple[str, ...] = ("samples",) if is_language_model(experiment) else ("examples", "try")
    if not is_language_model(experiment) and info.task != "multilabel":
        first = (*first, "mistakes")
    if isinstance(model, Transformer):
        first = (*first, "attention")
    if isinstance(model, Conv1d):
        first = (*first, "motif")
    has_table = isinstance(model, Transformer) or bool(getattr(model, "embedding_dim", 0))
    return (*first, "words") if has_table else first


class Looks:
    """What the middle shows, and the views that it needs.

    Args:
        bench: whose run to look at.
    """

    def __init__(self, bench: Bench) -> None:
        self.bench = bench
        self.choice: Choice = st.session_state.setdefault("text_choice", Choice())
        self.choice.belong_to(bench.experiment)
        self.offered = looks_for(bench.experiment)
        self.look = chosen("reading", self.offered)
        # Taken here: what a panel says is heard outside of the session.
        self.order = str(st.session_state.setdefault("text_order", "all") or "all")
        self.temperature = float(st.session_state.setdefault("temperature", 0.8))
        self.top_k = int(st.session_state.setdefault("top_k", 0))

    def views(self) -> Mapping[str, View]:
        """Return the views of what is shown: nothing else is computed."""
        choice = self.choice
        match self.look:
            case "try":
                return {"typed": choice.typed()} if choice.text.strip() else {}
            case "samples":
                return {"writing": choice.writing(self.temperature, self.top_k)}
            case "mistakes":
                of_cell = choice.of_cell()
                return {"confusion": ConfusionView(), **({} if of_cell is None else {"examples": of_cell})}
            case "attention":
                return {"attention": AttentionView(index=choice.index)}
            case "words":
                return {"words": WordsView(word=choice.word)}
            case "motif":
                return {"motifs": MotifsView()}
        return {"examples": choice.examples(self.order)}

    def hear(self, message: bytes) -> None:
        """Take what a box says."""
        text_choice.hear(self.choice, message)

    def draw(self, panels: live.Panels) -> None:
        """Draw the choice of what to look at, with what goes with it in the same row, and below it what is chosen."""
        ways: dict[str, tuple[Callable[[], None] | None, Callable[[live.Panels], None]]] = {
            "examples": (self._orders, self._examples),
            "try": (None, self._try),
            "samples": (self._another, self._samples),
            "mistakes": (None, self._mistakes),
            "attention": (self._steps, self._attention),
            "words": (self._search, self._words),
            "motif": (None, self._motif),
        }
        beside, drawn = ways[self.look]
        with st.container(horizontal=True, gap="small", vertical_alignment="center", horizontal_alignment="distribute"):
            choose("reading", self.offered, "Look at", lambda name: f"{ICONS[name]} {LOOKS[name]}")
            if beside is not None:
                beside()
        drawn(panels)

    # Texts with classes

    def _orders(self) -> None:
        st.selectbox(
            "Order",
            tuple(ORDERS),
            key="text_order",
            format_func=ORDERS.__getitem__,
            label_visibility="collapsed",
            width=150,
            persist_state="session",
        )

    def _examples(self, panels: live.Panels) -> None:
        run = self.bench.run

        def pick() -> None:
            picked = st.session_state["examples"].pick
            if picked and "attention" in self.offered:
                self.choice.index = int(picked["index"])
                st.session_state["reading"] = "attention"

        texts(
            panels.add(
                "examples",
                lambda: made.texts_payload(
                    run, "examples", empty="Not one test text is wrong", pickable="attention" in self.offered
                ),
            ),
            key="examples",
            on_pick_change=pick,
        )
        way_back(self.bench)

    def _try(self, panels: live.Panels) -> None:
        run, choice = self.bench.run, self.choice
        typing(
            panels.add(
                "typing",
                lambda: made.typing_payload(run, choice.text, label="Your text", placeholder="Type something"),
            ),
            key="typing",
        )
        texts(
            panels.add("typed", lambda: made.texts_payload(run, "typed", empty="Type something", bars=True)),
            key="typed",
        )

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
        texts(
            panels.add("examples", lambda: made.texts_payload(run, "examples", empty="Not one text just now")),
            key="examples",
        )

    # A language model

    def _another(self) -> None:
        st.button("Other draws", key="other_draws", icon=":material/casino:", on_click=self._draw_others)

    def _draw_others(self) -> None:
        self.choice.draw += 1

    def _samples(self, panels: live.Panels) -> None:
        run, choice = self.bench.run, self.choice
        typing(
            panels.add(
                "typing",
                lambda: made.typing_payload(
                    run, choice.text, label="Prompt", placeholder="What should it go on from?", rows=1
                ),
            ),
            key="typing",
        )
        left, right = st.columns(2, gap="medium")
        with left:
            st.select_slider(
                "Temperature",
                TEMPERATURES,
                key="temperature",
                persist_state="session",
                help="How daring: 0 always takes the likeliest, 1 draws as the network says, more is wilder",
            )
        with right:
            st.select_slider(
                "Top k",
                TOP_KS,
                key="top_k",
                persist_state="session",
                format_func=lambda k: "all" if k == 0 else str(k),
                help="Only the k likeliest tokens may come next",
            )
        writing(panels.add("writing", lambda: made.writing_payload(run)), key="writing")
        way_back(self.bench)

    # Looking inside

    def _steps(self) -> None:
        with st.container(horizontal=True, gap="xsmall", width="content", vertical_alignment="center"):
            st.caption(f"Text {self.choice.index + 1}", width="content")
            st.button("", key="text_before", icon=":material/chevron_left:", on_click=self._step, args=(-1,))
            st.button("", key="text_after", icon=":material/chevron_right:", on_click=self._step, args=(1,))

    def _step(self, by: int) -> None:
        frame = self.bench.run.frame
        self.choice.index = (self.choice.index + by) % max(1, frame.test_examples if frame else 1)

    def _attention(self, panels: live.Panels) -> None:
        run = self.bench.run
        attention(panels.add("attention", lambda: made.attention_payload(run)), key="attention")

    def _search(self) -> None:
        def look() -> None:
            self.choice.word = str(st.session_state["word_sought"] or "")[:100]

        st.text_input(
            "Find a word",
            **shown("word_sought", self.choice.word),
            placeholder="Find a word",
            label_visibility="collapsed",
            width=140,
            on_change=look,
        )

    def _words(self, panels: live.Panels) -> None:
        run, choice = self.bench.run, self.choice
        wordmap(panels.add("wordmap", lambda: made.words_payload(run, choice.word)), key="wordmap")

    def _motif(self, panels: live.Panels) -> None:
        run = self.bench.run
        logo(panels.add("logo", lambda: made.motifs_payload(run)), key="logo")
