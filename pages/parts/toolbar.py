"""The bar at the top: Train or Pause, Step, Epoch, Stop, Reset, New seed."""

import random
from typing import Any

import streamlit as st

from nets.recipes import recipes
from pages.parts.bench import Bench
from pages.parts.components.address import address
from pages.parts.permissions import is_hidden, is_locked
from pages.parts.timeline import timeline

LARGEST_SEED = 9999
"""Of the seeds that New seed picks: short enough to say aloud."""
PLAY_WIDTH = 96
"""Pixels of Train and of Pause: the buttons after them stay where they are."""


def toolbar(bench: Bench) -> None:
    """Draw the buttons; each acts before the page is drawn again.

    They have no tooltips: Streamlit draws a button with one twice, and a touch of it would show the words first.
    """
    live = bench.run.status in ("training", "queued")
    with st.container(horizontal=True, gap="xsmall", vertical_alignment="center"):
        main: dict[str, Any] = {"type": "primary", "shortcut": "T", "width": PLAY_WIDTH}
        if live:
            _action(bench, "Pause", "pause", icon=":material/pause:", **main)
        else:
            _action(bench, "Train", "train", action="play", icon=":material/play_arrow:", **main)
        _action(bench, "Step", "step", disabled=live)
        _action(bench, "Epoch", "epoch", disabled=live)
        _action(bench, "Stop", "stop", icon=":material/stop:", disabled=not live)
        _button("Reset", "reset", icon=":material/replay:", on_click=bench.reset)
        _button("New seed", "new_seed", icon=":material/casino:", on_click=_new_seed, args=(bench,))
        if not is_hidden("rewind"):
            timeline(bench, disabled=live or is_locked("rewind"))
        if not is_hidden("recipes"):
            _recipes(bench)
        address(bench.screen, lambda: bench.travel(st.session_state["address"].travel))


def _action(bench: Bench, label: str, key: str, *, action: str = "", **arguments: Any) -> None:
    _button(label, key, on_click=bench.do, args=(action or key,), **arguments)


def _button(label: str, key: str, *, disabled: bool = False, **arguments: Any) -> None:
    """Draw a button, unless the link has hidden it; Pause goes with Train."""
    name = "train" if key == "pause" else key
    if not is_hidden(name):
        st.button(label, key=key, disabled=disabled or is_locked(name), **arguments)


def _recipes(bench: Bench) -> None:
    """Draw the menu of the recipes that this screen can show, if there are any."""
    fitting = {recipe.name: recipe for recipe in recipes() if bench.belongs(recipe.experiment)}
    if not fitting:
        return
    st.menu_button(
        "Recipes",
        tuple(fitting),
        key="recipes",
        icon=":material/menu_book:",
        disabled=is_locked("recipes"),
        format_func=lambda name: f"**{name}** · {fitting[name].teaches}",
        on_click=lambda: bench.open_recipe(fitting[st.session_state["recipes"]]),
    )


def _new_seed(bench: Bench) -> None:
    bench.change({"train.seed": random.randint(0, LARGEST_SEED)})
