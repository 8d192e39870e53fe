"""What the concepts share that look at a kept run: which run, and what is computed of it beside the server."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import streamlit as st

from nets.concepts.jobs import Job
from nets.concepts.laboratory import Answer, Laboratory
from nets.concepts.subject import example
from nets.experiment import Experiment
from nets.problems import InvalidExperiment
from nets.runs.problems import StoreProblem
from nets.runs.store import StoredRun
from pages.parts.service import run_manager, run_store, viewer

MOST_OFFERED = 60
"""Kept runs in the list, the newest first."""
LOOK_AGAIN = 0.5
"""Seconds between two looks at what is being computed."""
EXAMPLE = ""
"""In place of a run's id: a small network that is trained for the occasion."""


@st.cache_resource(show_spinner=False)
def laboratory() -> Laboratory:
    """Return the one laboratory of this server; it starts a process when it is first asked for something."""
    return Laboratory()


@dataclass(frozen=True)
class Choice:
    """A run that can be looked at: its id, how it is called, and its settings."""

    run: str
    label: str
    experiment: Experiment


def choose_run(concept: str, *, needs_weights: bool) -> Choice:
    """Draw the list of runs and return the one that is chosen; the link's ``run`` chooses first.

    Args:
        concept: its name; prefixes the key.
        needs_weights: offer only runs that have a checkpoint.
    """
    key, taken = f"{concept}_run", f"{concept}_link"
    linked = st.query_params.get("run", EXAMPLE)
    choices = {EXAMPLE: Choice(EXAMPLE, "A small example, trained on the spot", example()), **_kept(needs_weights)}
    if linked not in choices and (found := _named(linked, needs_weights)) is not None:
        choices[linked] = found
    if st.session_state.get(taken) != linked:
        st.session_state[taken] = linked
        st.session_state[key] = linked if linked in choices else EXAMPLE
    if st.session_state.get(key) not in choices:
        st.session_state[key] = EXAMPLE

    def follow() -> None:
        st.session_state[taken] = st.session_state[key]
        if st.session_state[key]:
            st.query_params["run"] = st.session_state[key]
        elif "run" in st.query_params:
            del st.query_params["run"]

    chosen = st.selectbox("Run", list(choices), key=key, format_func=lambda run: choices[run].label, on_change=follow)
    if linked not in choices:
        st.caption("The link's run is not here, or nothing of it is kept yet; the small example is shown.")
    return choices[chosen]


def _kept(needs_weights: bool) -> dict[str, Choice]:
    try:
        runs = run_store().runs(limit=MOST_OFFERED)
    except StoreProblem:
        return {}
    found = {}
    for run in runs:
        rule = run.experiment.get("train", {}).get("objective", {}).get("kind")
        choice = _choice(run, needs_weights) if rule != "adversarial" else None
        if choice is not None:
            found[run.id] = choice
    return found


def _named(run_id: str, needs_weights: bool) -> Choice | None:
    """Return a run that is too old for the list, or so new that nobody has trained it."""
    try:
        stored = run_store().get(run_id)
    except StoreProblem:
        stored = None
    if stored is not None:
        return _choice(stored, needs_weights)
    live = run_manager().get(run_id)
    if live is None or needs_weights:
        return None
    return Choice(
        run_id, f"{live.experiment.data.name} · {live.experiment.model.kind}, not trained yet", live.experiment
    )


def _choice(run: StoredRun, needs_weights: bool) -> Choice | None:
    if needs_weights and not run_store().checkpoints(run.id):
        return None
    try:
        experiment = run.settings()
    except InvalidExperiment:
        return None
    name = run.name or f"{run.dataset} · {run.architecture}"
    return Choice(run.id, f"{name}, {datetime.fromtimestamp(run.created):%d %b %H:%M}", experiment)


def ask(concept: str, job: Job) -> Answer:
    """Return the answer to a job, which may still be to come; a new job takes the place of the one before.

    One that was left because nobody looked, or for another, is begun again; one that was stopped by hand is not.
    """
    key = f"{concept}_answer"
    held: Answer | None = st.session_state.get(key)
    is_due = held is None or held.job != job or (held.status == "stopped" and not _was_pressed(concept, held))
    if held is None or is_due:
        held = st.session_state[key] = laboratory().ask(viewer(), job)
    held.look()
    return held


def watch(concept: str, answer: Answer, draw: Callable[[Answer], None]) -> None:
    """Draw an answer, again and again until it is whole, with how far it is and a button to stop it."""
    was_over = answer.is_over

    @st.fragment(run_every=None if was_over else LOOK_AGAIN)
    def look() -> None:
        answer.look()
        _state(concept, answer)
        draw(answer)
        if answer.is_over and not was_over:
            st.rerun()

    look()


def _stop(concept: str, answer: Answer) -> None:
    st.session_state[f"{concept}_pressed"] = answer.number
    laboratory().stop(answer)


def _was_pressed(concept: str, answer: Answer) -> bool:
    return bool(st.session_state.get(f"{concept}_pressed") == answer.number)


def _state(concept: str, answer: Answer) -> None:
    if answer.status in ("waiting", "working"):
        with st.container(horizontal=True, gap="small", vertical_alignment="center"):
            before = laboratory().place(answer)
            words = (
                f"Waiting, {before} before this one" if before else "Starting" if not answer.progress else "Computing"
            )
            st.progress(min(1.0, answer.progress), words)
            st.button("Stop", key=f"{concept}_stop", icon=":material/stop:", on_click=_stop, args=(concept, answer))
        return
    if answer.reason:
        st.info(answer.reason, icon=":material/info:")
    may_try_again = answer.status in ("stopped", "failed") and not answer.end.get("refused")
    if may_try_again and st.button("Compute", key=f"{concept}_again", icon=":material/play_arrow:"):
        st.session_state.pop(f"{concept}_answer", None)
        st.rerun()
