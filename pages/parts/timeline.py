"""The way back: a slider over the checkpoints of a run that stands still."""

import streamlit as st

from nets.runs.checkpoints import POLICY
from pages.parts.bench import Bench


def timeline(bench: Bench, *, disabled: bool) -> None:
    """Draw the button that opens the slider."""
    with st.popover("", icon=":material/history:", key="rewind", disabled=disabled):
        _lineage(bench)
        kept = bench.checkpoints()
        if len(kept) < 2:
            st.markdown("Once the network has trained, this takes every panel back to an earlier epoch.")
            return
        steps = [checkpoint.step for checkpoint in kept]
        epochs = {checkpoint.step: checkpoint.epoch for checkpoint in kept}
        now = bench.run.rewound.step if bench.run.rewound else steps[-1]
        st.session_state["rewind_to"] = now if now in epochs else steps[-1]

        def travel() -> None:
            chosen = st.session_state["rewind_to"]
            bench.look_back(kept[steps.index(chosen)], is_last=chosen == steps[-1])

        st.select_slider(
            "Look back to epoch",
            steps,
            key="rewind_to",
            format_func=lambda step: _label(step, epochs),
            on_change=travel,
        )
        st.caption(f"{POLICY} Train goes on from an earlier one as a run of its own.")


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
