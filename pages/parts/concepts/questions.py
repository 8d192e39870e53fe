"""Questions: all that are answered anywhere here, to be searched, each beside what shows it."""

from collections.abc import Iterable

import streamlit as st

from nets.recipes import recipes
from pages.parts.concepts.concept import Concept
from pages.parts.concepts.general_questions import GENERAL, RECIPES, Entry
from pages.parts.gallery import follow_wish

WISH = "gallery_wish"


def draw() -> None:
    """Draw the search field, and each question with its answer and the ways to what shows it."""
    from pages.parts.concepts.catalogue import CONCEPTS

    follow_wish()
    entries = all_questions(CONCEPTS.values())
    with st.container(border=True, key="card_questions_search"):
        text = st.text_input(
            "Search questions and answers", key="questions_search", placeholder="gradient, epoch, dropout …"
        )
        shown = found(entries, text)
        st.caption(f"{len(shown)} of {len(entries)} questions")
    if not shown:
        st.info(f"No question or answer has '{text.strip()[:60]}' in it. Try a shorter word.", icon=":material/info:")
    half = (len(shown) + 1) // 2
    for column, part in zip(st.columns(2, gap="medium"), (shown[:half], shown[half:]), strict=True):
        with column:
            for entry in part:
                concept = CONCEPTS.get(entry.concept)
                with st.expander(entry.asked, icon=concept.icon if concept else None):
                    st.markdown(entry.answer)
                    _ways(entry, concept)


def _ways(entry: Entry, concept: Concept | None) -> None:
    """Draw the ways to the experiment that shows it and to a recipe on its screen."""
    with st.container(horizontal=True, vertical_alignment="center"):
        if concept is not None and st.button(
            f"Experiment: {concept.title}", key=f"questions_see_{entry.asked}", icon=concept.icon, type="tertiary"
        ):
            st.query_params["concept"] = concept.name
            st.rerun()
        if entry.recipe in recipes():
            st.button(
                f"Train it live: {entry.recipe}",
                key=f"questions_train_{entry.asked}",
                icon=":material/play_arrow:",
                help=recipes().get(entry.recipe).teaches,
                on_click=_wish,
                args=(entry.recipe,),
                type="tertiary",
            )


def _wish(recipe: str) -> None:
    st.session_state[WISH] = {"name": recipe}


def all_questions(concepts: Iterable[Concept]) -> list[Entry]:
    """Return the general questions, and those of every concept; what is asked in both places comes once."""
    entries = {
        question.asked.lower(): Entry(question.asked, question.answer, concept.name, RECIPES.get(concept.name, ""))
        for concept in concepts
        for question in concept.questions
    }
    general = {entry.asked.lower(): entry for entry in GENERAL if entry.asked.lower() not in entries}
    return [*general.values(), *entries.values()]


def found(entries: Iterable[Entry], text: str) -> list[Entry]:
    """Return the entries that have every word of a text in question or answer."""
    words = text.lower().split()
    return [entry for entry in entries if all(word in f"{entry.asked} {entry.answer}".lower() for word in words)]


CONCEPT = Concept(
    "questions",
    "Questions",
    ":material/help:",
    "What is often asked, with a short answer, the experiment on this page that shows it, and a recipe to train live.",
    "",
    "Goodfellow, Bengio and Courville (2016), Deep Learning; each experiment names its own sources",
    draw,
)
