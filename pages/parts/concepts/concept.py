"""What every concept has, and how its page is laid out."""

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st


@dataclass(frozen=True)
class Question:
    """Something that is often asked, answered in a few sentences."""

    asked: str
    answer: str


@dataclass(frozen=True)
class Concept:
    """One concept.

    Args:
        name: in links, ``/concepts?concept=NAME``.
        title: on the screen.
        icon: a Material icon, ``:material/NAME:``.
        lead: a short paragraph.
        formula: LaTeX without dollar signs.
        source: whose formula it is.
        draw: draws what is to be moved; runs as a fragment.
        questions: what it answers.
    """

    name: str
    title: str
    icon: str
    lead: str
    formula: str
    source: str
    draw: Callable[[], None]
    questions: tuple[Question, ...] = ()


def concept_page(concept: Concept) -> None:
    """Draw a concept: paragraph and formula, the experiment, the questions that it answers."""
    with st.container(border=True, key="card_lead"):
        words, formula = st.columns([3, 2], gap="medium", vertical_alignment="center")
        words.markdown(f"##### {concept.icon} {concept.title}")
        words.markdown(concept.lead)
        words.caption(concept.source)
        if concept.formula:
            formula.latex(concept.formula)
    st.fragment(concept.draw)()
    for question in concept.questions:
        with st.expander(question.asked):
            st.markdown(question.answer)
