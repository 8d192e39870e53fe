"""Words on the network's health at the foot of a screen: what is wrong, what to try, where, and why."""

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from nets.architectures.mlp import MLP
from nets.health import Finding, Insides, Patience, Vitals
from nets.health.words import spoken
from nets.runs.run import Run
from nets.views import View
from nets.views.health import HealthView
from pages.parts import live
from pages.parts.bench import Bench
from pages.parts.components.health import health
from pages.parts.components.packing import pack
from pages.parts.payloads import moment

PATIENCE = "health_patience"
"""Where a visitor's session keeps what has been found in the run on the page."""
MOST = 2
"""Findings at a time, the gravest."""
CALM = 6
"""Frames between two readings: nobody reads them faster, and the epochs are gone through for each."""
ABOUT = {
    "activations": "See activations",
    "descent": "See gradient descent",
    "initialization": "See initialization",
    "losses": "See losses",
    "overfitting": "See overfitting",
}
"""What the way to a concept is called."""
OVER = ("diverged", "failed", "ready", "queued")
"""Where there is nothing to add: the bar says why a run went wrong, and before the first step nothing can be wrong."""


def watched_panels(
    bench: Bench,
    views: live.Views,
    hear: Callable[[bytes], None] | None = None,
    *,
    views_beside: Mapping[str, View] | None = None,
) -> live.Panels:
    """Return a page's panels (see ``live.Panels``) whose run is looked into as well, where it learns from answers."""
    if bench.experiment.train.objective.kind != "supervised":
        return live.Panels(bench, views, hear, views_beside=views_beside)
    asked, inside = live.asked_for(views), {"health": HealthView()}
    return live.Panels(bench, lambda: {**asked(), **inside}, hear, views_beside=views_beside)


def health_line(bench: Bench, panels: live.Panels, *, has_diagram: bool = False) -> None:
    """Draw the line; ``has_diagram`` says that the network's diagram is on the page, where layers can be shown."""
    patience: Patience = st.session_state.setdefault(PATIENCE, Patience())

    def payload() -> bytes:
        return health_payload(bench.run, patience, has_diagram=has_diagram)

    health(panels.add("health", payload, every=CALM), key="health")


def health_payload(run: Run, patience: Patience, *, has_diagram: bool = False) -> bytes:
    """Return what is wrong with a run, at most two findings; nothing of one that makes things."""
    items: list[dict[str, Any]] = []
    if run.status not in OVER and run.experiment.train.objective.kind == "supervised":
        findings = patience.findings(run.id, vitals_of(run))
        items = [_item(run, finding, has_diagram=has_diagram) for finding in findings[:MOST]]
    return pack({**moment(run), "items": items})


def vitals_of(run: Run) -> Vitals:
    """Return the numbers that a run's health is judged by; of one that is looked at as it was, those until then."""
    rows = tuple(run.history.rows)
    if rewound := run.rewound:
        rows = tuple(row for row in rows if row["epoch"] <= rewound.epoch)
    insides: Insides | None = run.views.get("health")
    return Vitals(run.experiment, rows, run.frame.step if run.frame else 0, run.status, insides)


def _item(run: Run, finding: Finding, *, has_diagram: bool) -> dict[str, Any]:
    return {
        "kind": finding.kind,
        "sees": finding.sees,
        "advice": finding.advice,
        "concept": finding.concept,
        "about": ABOUT[finding.concept],
        "layer": column_of(run, finding.layer) if has_diagram else None,
        "units": list(finding.units),
        "place": spoken(finding.layer),
    }


def column_of(run: Run, layer: str) -> int | None:
    """Return which layer of the diagram has this name, the first hidden one being 0; None where none has."""
    model = run.experiment.model
    if not isinstance(model, MLP):
        return None
    names = [*(f"hidden{place + 1}" for place in range(len(model.hidden_sizes))), "output"]
    return names.index(layer) if layer in names else None
