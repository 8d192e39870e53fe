"""Playground: train real PyTorch networks in the browser. Start it with ``streamlit run playground.py``.

Streamlit runs this file as a script for each visitor, and imports it once as the server: that way the server has a
route for live frames and one for pictures of data, and starts the run manager before the first visitor comes.
"""

import base64
from pathlib import Path

import streamlit as st

from pages.parts import data_pictures, frames
from pages.parts.entry import ENTERED

PARTS = Path(__file__).parent / "pages" / "parts"
ABOUT = "**Playground**: real PyTorch networks, trained where you can see them."


def show_screens() -> None:
    """Draw the bar with all screens, and the one that is chosen."""
    # Inside the page: a file that Streamlit serves is gone for a moment when clicks come faster than pages are drawn.
    icon = "data:image/png;base64," + base64.b64encode((PARTS / "icon.png").read_bytes()).decode()
    st.set_page_config(page_title="Playground", page_icon=icon, layout="wide", menu_items={"About": ABOUT})
    st.logo(icon, size="medium")
    st.html(PARTS / "style.css")

    is_newcomer = ENTERED not in st.session_state and not st.query_params
    st.session_state[ENTERED] = True
    start = st.Page(
        "pages/start.py",
        title="Start",
        icon=":material/rocket_launch:",
        help="All recipes: ready experiments, each one click away.",
    )
    screen = st.navigation(
        [
            start,
            st.Page(
                "pages/points.py",
                title="Points",
                icon=":material/scatter_plot:",
                default=True,
                help="Classify points in the plane, fit surfaces and curves, and edit the network in its own diagram.",
            ),
            st.Page(
                "pages/images.py",
                title="Images",
                icon=":material/image:",
                help="Teach dense and convolutional networks to read handwritten digits, and watch their predictions.",
            ),
            st.Page(
                "pages/tables.py",
                title="Tables",
                icon=":material/table_chart:",
                help="Learn from rows: your own CSV, missing values, importance of columns, anomalies.",
            ),
            st.Page(
                "pages/generate.py",
                title="Generate",
                icon=":material/auto_awesome:",
                help="Autoencoders, VAEs and GANs: networks that make points and pictures, and how they learn it.",
            ),
            st.Page(
                "pages/series.py",
                title="Series",
                icon=":material/show_chart:",
                help="Networks that go along a series, tell what follows, and remember.",
            ),
            st.Page(
                "pages/text.py",
                title="Text",
                icon=":material/notes:",
                help="Networks that read, classify and continue texts, and what they make of each word.",
            ),
            st.Page(
                "pages/runs.py",
                title="Runs",
                icon=":material/history:",
                help="Find every kept run again, compare, export, share.",
            ),
        ],
        position="top",
    )
    if (
        is_newcomer and not screen.url_path
    ):  # links to the root are those of Points; without one it leads to the recipes
        st.switch_page(start)
    screen.run()


if __name__ == "__main__":
    show_screens()
else:
    app = st.App(__file__, routes=[*frames.ROUTES, *data_pictures.ROUTES], lifespan=frames.with_runs)
