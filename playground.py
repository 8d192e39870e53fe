"""Playground: train real PyTorch networks in the browser. Start it with ``streamlit run playground.py``.

Streamlit runs this file as a script for each visitor, and imports it once as the server: that way the server has a
route for live frames and one for pictures of data, and starts the run manager before the first visitor comes.
"""

import base64
from pathlib import Path
from typing import NamedTuple

import streamlit as st

from pages.parts import serving
from pages.parts.entry import ENTERED

PARTS = Path(__file__).parent / "pages" / "parts"
ABOUT = "**Playground**: real PyTorch networks, trained where you can see them."


class Screen(NamedTuple):
    """One page: its script in ``pages``, its name in the bar, its icon, what it is for."""

    name: str
    title: str
    icon: str
    help: str


SCREENS = (
    Screen("start", "Start", ":material/rocket_launch:", "All recipes: ready experiments, each one click away."),
    Screen(
        "points",
        "Points",
        ":material/scatter_plot:",
        "Classify points in the plane, fit surfaces and curves, and edit the network in its own diagram.",
    ),
    Screen(
        "images",
        "Images",
        ":material/image:",
        "Dense layers, convolutions, residual blocks and attention read pictures, and are seen from inside.",
    ),
    Screen(
        "series",
        "Series",
        ":material/show_chart:",
        "Networks that go along a series, tell what follows, and remember.",
    ),
    Screen(
        "text",
        "Text",
        ":material/notes:",
        "Networks that read, classify and continue texts, and what they make of each word.",
    ),
    Screen(
        "tables",
        "Tables",
        ":material/table_chart:",
        "Learn from rows: your own CSV, missing values, importance of columns, anomalies.",
    ),
    Screen(
        "generate",
        "Generate",
        ":material/auto_awesome:",
        "Autoencoders, VAEs and GANs: networks that make points and pictures, and how they learn it.",
    ),
    Screen(
        "concepts",
        "Concepts",
        ":material/lightbulb:",
        "Neurons, gradients, optimizers, convolutions: each an experiment to be moved.",
    ),
    Screen("runs", "Runs", ":material/history:", "Find every kept run again, compare, export, share."),
)
"""All screens, in the order of the bar."""
AT_THE_ROOT = "points"
"""The screen of links to the bare address; without a link that leads a newcomer to the recipes."""


def show_screens() -> None:
    """Draw the bar with all screens, and the one that is chosen."""
    # Inside the page: a file that Streamlit serves is gone for a moment when clicks come faster than pages are drawn.
    icon = "data:image/png;base64," + base64.b64encode((PARTS / "icon.png").read_bytes()).decode()
    st.set_page_config(page_title="Playground", page_icon=icon, layout="wide", menu_items={"About": ABOUT})
    st.logo(icon, size="medium")
    st.html(PARTS / "style.css")

    is_newcomer = ENTERED not in st.session_state and not st.query_params
    st.session_state[ENTERED] = True
    pages = {
        screen.name: st.Page(
            f"pages/{screen.name}.py",
            title=screen.title,
            icon=screen.icon,
            default=screen.name == AT_THE_ROOT,
            help=screen.help,
        )
        for screen in SCREENS
    }
    chosen = st.navigation(list(pages.values()), position="top")
    if is_newcomer and chosen is pages[AT_THE_ROOT]:
        st.switch_page(pages["start"])
    chosen.run()


if __name__ == "__main__":
    show_screens()
else:
    app = st.App(__file__, routes=serving.ROUTES, lifespan=serving.with_runs)
