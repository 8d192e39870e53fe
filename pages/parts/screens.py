"""Which screen shows an experiment."""

from collections.abc import Mapping
from typing import Any

OF_DATA = {
    "points": "points",
    "curve": "points",
    "images": "images",
    "series": "series",
    "text": "text",
    "table": "tables",
    "distribution": "generate",
}
"""The screen of each kind of data."""
MAKING = ("points", "images")
"""Screens whose data go to Generate where a network makes such examples itself."""


def screen_of(experiment: Mapping[str, Any]) -> str | None:
    """Return the screen that shows an experiment, as JSON has it; None where there is none."""
    screen = OF_DATA.get(str(experiment.get("data", {}).get("kind")))
    rule = experiment.get("train", {}).get("objective", {}).get("kind", "supervised")
    return "generate" if screen in MAKING and rule != "supervised" else screen
