"""A second run in the picture: set aside to be compared, or brought along by a recipe."""

import streamlit as st

from nets.experiment import Experiment, dump
from nets.link import flatten, write
from nets.runs.run import Run
from pages.parts.bench import Bench
from pages.parts.permissions import is_hidden, is_locked

MOST_NAMED = 3


def beside_card(bench: Bench) -> None:
    """Draw the button that sets the run aside; with one beside, what differs there and the way to be rid of it."""
    if is_hidden("beside"):
        return
    other = other_run(bench)
    if other is None:
        st.button(
            "Compare",
            key="set_aside",
            icon=":material/compare_arrows:",
            disabled=is_locked("beside") or bench.run.status in ("queued",),
            help="This run stays in the picture; a fresh one takes its place, to be trained with other settings",
            on_click=bench.set_aside,
        )
        return
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.caption(f"Beside: {difference(other.experiment, bench.experiment)} · {other.status}")
        st.button(
            "Remove",
            key="clear_beside",
            icon=":material/close:",
            disabled=is_locked("beside"),
            on_click=bench.clear_beside,
        )


def other_run(bench: Bench) -> Run | None:
    """Return the run that stands beside this one, if there is one."""
    return None if bench.beside is None or bench.beside.id == bench.run.id else bench.beside


def difference(other: Experiment, own: Experiment) -> str:
    """Return in a few words what the other experiment has that this one has not."""
    there, here = flatten(dump(other)), flatten(dump(own))
    changed = [path for path in there if path != "name" and there[path] != here.get(path, ...)]
    if not changed:
        return "the same settings"
    said = [f"{path.rpartition('.')[2].replace('_', ' ')} {write(there[path])[:24]}" for path in changed[:MOST_NAMED]]
    more = f" and {len(changed) - MOST_NAMED} more" if len(changed) > MOST_NAMED else ""
    return ", ".join(said) + more
