"""The bar at the top: Train or Pause, Step, Epoch, Stop, Reset, New seed."""

import random

import streamlit as st

from pages.parts.bench import Bench

LARGEST_SEED = 9999
"""Of the seeds that New seed picks: short enough to say aloud."""


def toolbar(bench: Bench) -> None:
    """Draw the buttons; each acts before the page is drawn again."""
    status = bench.run.status
    live = status in ("training", "queued")
    with st.container(horizontal=True, gap="xsmall", vertical_alignment="center"):
        if live:
            st.button(
                "Pause",
                key="pause",
                type="primary",
                icon=":material/pause:",
                on_click=bench.do,
                args=("pause",),
                shortcut="T",
                help="Wait; Train goes on from here",
            )
        else:
            st.button(
                "Train",
                key="train",
                type="primary",
                icon=":material/play_arrow:",
                on_click=bench.do,
                args=("play",),
                shortcut="T",
                help="Train, from here on",
            )
        _action(bench, "Step", "step", None, "One optimizer update", disabled=live)
        _action(bench, "Epoch", "epoch", None, "One pass over the training data", disabled=live)
        _action(bench, "Stop", "stop", ":material/stop:", "End the run; its weights stay", disabled=not live)
        st.button(
            "Reset",
            key="reset",
            icon=":material/replay:",
            on_click=bench.reset,
            help="Back to the same initial weights",
        )
        st.button(
            "New seed",
            key="new_seed",
            icon=":material/casino:",
            on_click=_new_seed,
            args=(bench,),
            help="Other data, other initial weights, other order",
        )


def _action(bench: Bench, label: str, action: str, icon: str | None, explanation: str, *, disabled: bool) -> None:
    st.button(label, key=action, icon=icon, on_click=bench.do, args=(action,), help=explanation, disabled=disabled)


def _new_seed(bench: Bench) -> None:
    bench.change({"train.seed": random.randint(0, LARGEST_SEED)})
