"""What the panels draw of networks that make points of the plane, and what goes wrong with any that make things."""

from typing import Any

import numpy as np

from nets.datasets.distributions.base import DistributionConfig
from nets.objectives.warnings import LATELY, warnings_of
from nets.runs.run import Run
from nets.views.game import EXTENT, Game
from nets.views.generation import steady_extent
from pages.parts.components.packing import pack
from pages.parts.generate_payloads import nothing
from pages.parts.payloads import moment

LONGEST_ARROW = 0.16
"""Of the plane's coordinates: how long the longest gradient is drawn."""
MOST_ARROWS = 120


def game_payload(run: Run, *, tool: dict[str, Any] | None = None) -> bytes:
    """Return the plane of a game: surface, points, the generator's mesh, arrows, modes."""
    found: Game | None = run.views.get("game")
    if found is None:
        return nothing(run, tool=tool)
    arrays = {"real": found.real, "fake": found.fake}
    if found.surface is not None:
        arrays["surface"] = found.surface
    if found.pull is not None:
        arrays["arrows"] = arrows_of(found.pull)[:MOST_ARROWS]
    if found.mesh is not None:
        arrays["mesh"] = found.mesh
    if found.modes is not None:
        arrays["modes"] = found.modes
    meta = {
        **moment(run),
        "empty": "",
        "alt": "The plane with real points, points that are made, and what the discriminator says of each place",
        "extent": [-EXTENT, EXTENT],
        "scale": scale_words(found.is_verdict),
        "facts": facts_of(found),
        "tool": tool,
        "walk": None,
    }
    return pack(meta, arrays)


def advice_payload(run: Run) -> bytes:
    """Return what goes wrong, by the metrics of the last epochs, and what to try."""
    experiment = run.experiment
    data = experiment.data
    modes = data.modes() if isinstance(data, DistributionConfig) else None
    found = warnings_of(
        experiment.train.objective.kind,
        run.history.rows[-LATELY:],
        num_modes=len(modes.centres) if modes else 0,
        latent_dim=getattr(experiment.model, "latent_dim", 0),
    )
    return pack({**moment(run), "items": [{"sees": warning.sees, "advice": warning.advice} for warning in found]})


def scale_words(is_verdict: bool) -> list[str]:
    """Return the names of the ends of the discriminator's scale."""
    return ["made", "real"] if is_verdict else ["lowest score", "highest"]


def arrows_of(pull: np.ndarray) -> np.ndarray:
    """Return gradients (M, 2) in units of the plane: one scale for all, which moves in steps."""
    longest = float(np.linalg.norm(pull, axis=1).max(initial=0.0))
    return (pull * (LONGEST_ARROW / steady_extent(longest))).astype(np.float32)


def facts_of(found: Game) -> str:
    """Return the line below the plane: modes that are covered, and how strong the gradient is."""
    facts = []
    if found.modes is not None:
        facts.append(f"{int(found.modes[:, 2].sum())} of {len(found.modes)} modes covered")
    if found.pull is not None:
        longest = float(np.linalg.norm(found.pull, axis=1).max(initial=0.0))
        facts.append(f"gradient at the made points up to {longest:.3g}")
    return " · ".join(facts)
