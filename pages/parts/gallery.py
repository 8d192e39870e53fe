"""The recipes' gallery: what its cards say, and what a click on one begins."""

from collections.abc import Iterable
from statistics import median

import streamlit as st

from nets.experiment import dump
from nets.recipes import Recipe, recipes
from nets.runs.problems import StoreProblem
from pages.parts.components.gallery import gallery
from pages.parts.components.packing import pack
from pages.parts.screens import screen_of
from pages.parts.service import run_manager, run_store
from pages.parts.serving import PICTURES

LEVELS = ("Easy", "Medium", "Advanced")
TITLES = {"points": "Points", "images": "Images", "series": "Series", "text": "Text", "tables": "Tables"}
TITLES |= {"generate": "Generate"}
"""Screens in the order of the filter, as they are called."""
RECENT = 500
"""Kept runs that are asked how long recipes take here."""


def recipe_gallery() -> None:
    """Draw every recipe as a card; one click opens it on its screen."""
    gallery(payload(recipes(), took_here()), key="gallery", on_open_change=_open)


def _open() -> None:
    st.session_state["gallery_wish"] = st.session_state["gallery"].open


def follow_wish() -> None:
    """Go where the last click on a card leads, if there was one."""
    wish = st.session_state.pop("gallery_wish", None)
    known = recipes()
    if not isinstance(wish, dict) or str(wish.get("name")) not in known:
        return
    recipe = known.get(str(wish["name"]))
    other = wish.get("beside")
    beside = known.get(other).experiment if other in tuple(recipe.compare) else recipe.beside
    query = {"run": run_manager().create(recipe.experiment).id}
    if beside is not None:
        query["beside"] = run_manager().create(beside).id
    st.switch_page(f"pages/{screen_of(dump(recipe.experiment))}.py", query_params=query)


def payload(shown: Iterable[Recipe], took: dict[str, float]) -> bytes:
    """Return what the gallery draws.

    Args:
        shown: the recipes.
        took: seconds that recipes have taken here, by name.
    """
    screens = {recipe.name: str(screen_of(dump(recipe.experiment))) for recipe in shown}
    order = list(TITLES)
    ordered = sorted(shown, key=lambda recipe: (order.index(screens[recipe.name]), recipe.level, recipe.name))
    pace = median([took[recipe.name] / recipe.seconds for recipe in ordered if measured(recipe, took)] or [1.0])
    items = [
        {
            "name": recipe.name,
            "teaches": recipe.teaches,
            "family": TITLES[screens[recipe.name]],
            "level": recipe.level,
            "takes": duration(took.get(recipe.name, recipe.seconds * pace)),
            "compare": [{"name": name, "teaches": line} for name, line in recipe.compare.items()],
        }
        for recipe in ordered
    ]
    base = st.get_option("server.baseUrlPath").strip("/")
    families = [title for screen, title in TITLES.items() if screen in screens.values()]
    pictures = f"{'/' if base else ''}{base}{PICTURES}"
    return pack({"pictures": pictures, "families": families, "levels": LEVELS, "items": items})


def measured(recipe: Recipe, took: dict[str, float]) -> bool:
    """Is it known how long a recipe takes here and elsewhere, and long enough to compare?"""
    return recipe.seconds >= 0.5 and recipe.name in took


def took_here() -> dict[str, float]:
    """Return how many seconds recipes have trained here, by name, as the newest run that came to its end has it."""
    try:
        kept = run_store().runs(limit=RECENT)
    except StoreProblem:
        return {}
    known = {recipe.name: dump(recipe.experiment) for recipe in recipes()}
    took: dict[str, float] = {}
    for run in kept:
        name = str(run.experiment.get("name", ""))
        if run.status == "completed" and name not in took and known.get(name) == run.experiment:
            took[name] = run.seconds
    return took


def duration(seconds: float) -> str:
    """Return a duration as one says it: about 4 s, about 3 min; nothing where it is not known."""
    if seconds <= 0:
        return ""
    if seconds < 2:
        return "a moment"
    if seconds < 90:
        return f"about {seconds:.0f} s" if seconds < 10 else f"about {round(seconds, -1):.0f} s"
    return f"about {seconds / 60:.0f} min"
