"""What the data cards of points share: the order in which data sets are offered, and the button that draws anew."""

from collections.abc import Sequence

import streamlit as st

from pages.parts.bench import Bench
from pages.parts.permissions import is_locked


def in_order(names: Sequence[str], first: Sequence[str], last: Sequence[str]) -> tuple[str, ...]:
    """Return names with those that people know first, what is the user's own last, and any other between."""
    known = [name for name in first if name in names]
    own = [name for name in last if name in names]
    return (*known, *(name for name in names if name not in (*first, *last)), *own)


def regenerate(bench: Bench) -> None:
    """Draw the button for the next drawing of the same data."""
    st.button(
        "Regenerate",
        key="regenerate",
        icon=":material/refresh:",
        help="Draw the same kind of data anew",
        disabled=is_locked("data.sample"),
        on_click=lambda: bench.change({"data.sample": bench.value("data.sample") + 1}),
    )
