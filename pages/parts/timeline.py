"""The way back: a slider over the checkpoints of a run that stands still."""

import streamlit as st

from nets.runs.checkpoints import POLICY, Checkpoint
from pages.parts.bench import Bench
from pages.parts.concepts.links import landscape_link
from pages.parts.permissions import is_hidden, is_locked
from pages.parts.showing import shown


def timeline(bench: Bench, *, disabled: bool) -> None:
    """Draw the button that opens the slider."""
    with st.popover("", icon=":material/history:", key="rewind", disabled=disabled):
        _lineage(bench)
        kept = bench.checkpoints()
        if len(kept) < 2:
            st.markdown("Once the network has trained, this takes every panel back to an earlier epoch.")
            return
        _slider(bench, kept, "rewind_to")
        st.caption(f"{POLICY} Train goes on from an earlier one as a run of its own.")
        if bench.experiment.train.objective.kind != "adversarial":
            landscape_link(bench.run.id)


def way_back(bench: Bench) -> None:
    """Draw the slider by itself, where there is anything to go back to; while the run trains it waits."""
    kept = bench.checkpoints()
    if len(kept) > 1 and not is_hidden("rewind"):
        is_live = bench.run.status in ("training", "queued")
        _slider(bench, kept, "back_to", disabled=is_live or is_locked("rewind"))


def _slider(bench: Bench, kept: list[Checkpoint], key: str, *, disabled: bool = False) -> None:
    steps = [checkpoint.step for checkpoint in kept]
    epochs = {checkpoint.step: checkpoint.epoch for checkpoint in kept}
    now = bench.run.rewound.step if bench.run.rewound else steps[-1]

    def travel() -> None:
        chosen = st.session_state[key]
        bench.look_back(kept[steps.index(chosen)], is_last=chosen == steps[-1])

    st.select_slider(
        "Look back to epoch",
        steps,
        **shown(key, now if now in epochs else steps[-1]),
        format_func=lambda step: _label(step, epochs),
        disabled=disabled,
        on_change=travel,
        help="Everything as it was after an epoch. While the network trains this waits; pause to go back.",
    )


def _lineage(bench: Bench) -> None:
    """Say where a forked run comes from, with the way to both curves over each other."""
    if bench.run.parent is None:
        return
    parent, step = bench.run.parent
    st.markdown(
        f"Forked from run `{parent}` after step {step:,}. [Compare the two](runs?runs={parent},{bench.run.id})."
    )


def _label(step: int, epochs: dict[int, int]) -> str:
    """Return an epoch's name, with the step where a checkpoint is inside an epoch that has another one."""
    epoch = epochs[step]
    twice = sum(other == epoch for other in epochs.values()) > 1
    return f"{epoch:,} (step {step:,})" if twice else f"{epoch:,}"
