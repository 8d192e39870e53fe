"""The data card of the Generate screen: points of the plane that follow a distribution, or pictures."""

from functools import lru_cache
from typing import Any

import numpy as np
import streamlit as st

from nets.datasets import DATASETS
from nets.datasets.distributions.base import DistributionConfig
from nets.recipes import recipes
from pages.parts import fields, image_data
from pages.parts.bench import Bench
from pages.parts.components.choices import choices
from pages.parts.components.packing import pack
from pages.parts.data_choice import in_order, regenerate
from pages.parts.permissions import is_hidden, is_locked
from pages.parts.showing import shown

SORTS = {"points": "Points", "pictures": "Pictures"}
BEGINNINGS = {"points": "gan-gaussians", "pictures": "vae-digits"}
"""The recipe that a sort of data begins with."""
FIRST = ("line_shape", "ring", "gaussians", "disjoint", "grid", "spiral_shape")
LAST = ("drawn_shape",)
LABELS = {"line_shape": "line", "spiral_shape": "spiral", "drawn_shape": "drawn"}
SHOWN = 160
"""Points of a thumbnail."""
PLANE = 6.0
"""Half the side of a thumbnail's plane, in its own units."""


def is_points(bench: Bench) -> bool:
    """Are the data points of the plane?"""
    return isinstance(bench.experiment.data, DistributionConfig)


def names() -> tuple[str, ...]:
    """Return the distributions, those that people know first, what is drawn by hand last."""
    found = [name for name, config in DATASETS.items() if issubclass(config, DistributionConfig)]
    return in_order(found, FIRST, LAST)


def data_card(bench: Bench) -> None:
    """Draw the card."""
    if not is_hidden("data.name"):
        st.segmented_control(
            "Data",
            tuple(SORTS),
            **shown("sort", "points" if is_points(bench) else "pictures", "default"),
            required=True,
            format_func=SORTS.__getitem__,
            label_visibility="collapsed",
            width="stretch",
            disabled=is_locked("data.name"),
            on_change=lambda: _change_sort(bench, st.session_state["sort"]),
        )
    if not is_points(bench):
        image_data.data_card(bench)
        return
    name = bench.value("data.name")
    if not is_hidden("data.name"):
        choices(
            distributions_payload(names(), name),
            key="dataset",
            on_picked_change=lambda: _pick(bench, st.session_state["dataset"].picked),
        )
    if is_hidden("data.sample"):
        return
    with st.container(horizontal=True, gap="xsmall"):
        regenerate(bench)
        with st.popover("More", icon=":material/tune:", help="How many points, how wide they scatter"):
            fields.everything(bench, "data", skip=("sample",))


def _change_sort(bench: Bench, sort: str) -> None:
    """Go to the other sort of data, with the networks that suit it."""
    recipe = recipes().get(BEGINNINGS[sort])
    if not bench.is_late({"data.kind": recipe.experiment.data.kind}):
        bench.open_recipe(recipe, asked=("data.kind",))


def _pick(bench: Bench, name: str | None) -> None:
    if name and name != bench.value("data.name"):
        bench.change({"data.name": name})


@lru_cache(maxsize=16)
def distributions_payload(known: tuple[str, ...], selected: str) -> bytes:
    """Return the picker of distributions: every name with a thumbnail of its points."""
    items: list[dict[str, Any]] = []
    arrays = {}
    for place, name in enumerate(known):
        config = DATASETS.get(name)
        label = LABELS.get(name, name.replace("_", " "))
        items.append({"name": name, "label": label, "help": config.help, "palette": "diverging"})
        points = config().load(0).train_x[:SHOWN] * PLANE
        arrays[f"points_{place}"] = np.column_stack([points, np.ones(len(points))]).astype(np.float32)
    return pack({"label": "Data", "selected": selected, "columns": 3, "items": items}, arrays)
