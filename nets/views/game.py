"""Networks that make points of the plane: what they make of noise, and what a discriminator says of each place."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Literal

import numpy as np
from pydantic import Field

from nets.datasets.distributions.base import DistributionConfig
from nets.views.base import View, signed_bytes, view
from nets.views.generation import decoded, labels_for, latent_size, maker, noise, same_label
from nets.views.latent_plane import middles

if TYPE_CHECKING:
    from torch import Tensor

    from nets.training import Training

EXTENT = 1.2
"""Coordinates shown go from minus this to this: distributions lie between -1 and 1."""
RARE = 0.02
"""Share of normal noise left out at each end of a mesh: its tails would reach far."""
MEASURED_ON = 1000
"""Samples that tell which modes are covered."""
THREAD = 81
"""Nodes of the mesh of one-dimensional noise."""


@dataclass(frozen=True)
class Game:
    """The plane from -1.2 to 1.2.

    ``surface`` (S, S) uint8 is the discriminator's verdict, 0 (made) over 127 to 254 (real), row 0 at the top.
    ``real`` (N, 2), ``fake`` (M, 2) float32 are points; ``pull`` (M, 2) float32 is where the generator's loss falls at
    each fake point, minus its gradient. Surface and pull are None where there is no discriminator. ``mesh`` (R, C, 2)
    float32 are the nodes of a grid over noise of one (R = 1) or two numbers, each cell as likely as the others; None of
    more. ``modes`` (K, 3) float32 are the centres of the distribution's modes, and 1 for those that are covered; None
    where it has none.
    ``is_verdict`` says that the surface goes from made to real; a critic's scores have no such ends.
    """

    surface: np.ndarray | None
    real: np.ndarray
    fake: np.ndarray
    pull: np.ndarray | None
    mesh: np.ndarray | None
    modes: np.ndarray | None
    is_verdict: bool


@view
class GameView(View):
    """The game of generator and discriminator over points in the plane, as GAN Lab draws it (Kahng et al. 2018)."""

    kind: Literal["game"] = "game"
    size: Annotated[int, Field(ge=10, le=200)] = 50
    """Rows and columns of the discriminator's surface."""
    count: Annotated[int, Field(ge=1, le=2000)] = 300
    """Real and fake points, each."""
    cells: Annotated[int, Field(ge=2, le=40)] = 14
    """Cells of the mesh, each way."""

    def look(self, training: "Training") -> Game:
        """Return the plane.

        Raises:
            ValueError: if the data are no points of the plane, or the network makes nothing.
        """
        check_plane(training)
        plays = hasattr(training.model, "discriminator")
        fake = decoded(training, noise(training, self.count, 0))
        nodes = mesh_of_noise(training, self.cells)
        mesh = None if nodes is None else decoded(training, nodes.flatten(0, 1)).reshape(*nodes.shape[:2], 2)
        return Game(
            surface_of(training, self.size) if plays else None,
            training.inputs(training.parts.train.x[: self.count]).cpu().numpy(),
            fake.cpu().numpy(),
            pull_on(training, fake) if plays else None,
            None if mesh is None else mesh.cpu().numpy(),
            covered_modes(training),
            plays and is_verdict(training),
        )


def check_plane(training: "Training") -> None:
    """Refuse what is not made in the plane.

    Raises:
        ValueError: if the data are no points of the plane, or the network makes nothing.
    """
    maker(training)
    if tuple(training.experiment.data.info().input_shape) != (2,):
        raise ValueError("these data are no points of the plane; there is nothing here that could be drawn as one")


def game_of(training: "Training") -> str:
    """Return the name of the game's loss.

    Raises:
        ValueError: if there is no game.
    """
    name = getattr(training.experiment.train.objective, "loss", None)
    if name is None:
        raise ValueError("these networks don't play against each other; there is nothing here that could be shown")
    return str(name)


def is_verdict(training: "Training") -> bool:
    """Does the discriminator say made or real? A critic only says which of two examples is the more real."""
    return game_of(training) != "wasserstein"


def surface_of(training: "Training", size: int) -> np.ndarray:
    """Return what the discriminator says at the middles of ``size`` × ``size`` cells, (size, size) uint8.

    One that is told a mode is asked about the first.
    """
    import torch

    rule: Any = training.objective
    places = middles(size, EXTENT).to(training.device)
    with torch.inference_mode():
        verdict = rule.scores(rule.judged(training.model, places, same_label(training, len(places), 0))).cpu()
    return signed_bytes(verdict[:, 0]).reshape(size, size)


def mesh_of_noise(training: "Training", cells: int) -> "Tensor | None":
    """Return nodes of an even grid over the noise, (R, C, L) float32; None where that has more than two numbers.

    Between two nodes lies always the same share of the noise: ticks are quantiles of its distribution.
    """
    import torch

    size = latent_size(training)
    if size > 2:
        return None
    count = THREAD if size == 1 else cells + 1
    if getattr(training.experiment.model, "noise", "gaussian") == "uniform":
        ticks = torch.linspace(-1, 1, count)
    else:
        ticks = torch.special.ndtri(torch.linspace(RARE, 1 - RARE, count))
    if size == 1:
        return ticks[None, :, None]
    rows, columns = torch.meshgrid(ticks, ticks, indexing="ij")
    return torch.stack([columns, rows], dim=2)  # (cells + 1, cells + 1) each → (cells + 1, cells + 1, 2)


def pull_on(training: "Training", fake: "Tensor") -> np.ndarray:
    """Return where the generator's loss falls at fake points (M, 2): minus its gradient there, (M, 2) float32."""
    from nets.objectives.explaining import pulls_at

    rule: Any = training.objective
    return np.nan_to_num(pulls_at(rule, training.model, fake.clone(), labels_for(training, len(fake))))


def covered_modes(training: "Training") -> np.ndarray | None:
    """Return the modes' centres (K, 3) float32, and 1 for those that samples cover; None where there are no modes.

    Measured on 1,000 samples, as ``nets.objectives.plane`` says.
    """
    import torch

    from nets.objectives.plane import FAIR_SHARE, NEAR

    data = training.experiment.data
    modes = data.modes() if isinstance(data, DistributionConfig) else None
    if modes is None:
        return None
    made = decoded(training, noise(training, MEASURED_ON, 0)).cpu()
    centres = torch.tensor(modes.centres, dtype=torch.float32)
    nearest = torch.cdist(made, centres).min(dim=1)
    good = nearest.indices[nearest.values <= NEAR * modes.spread]
    counts = torch.bincount(good, minlength=len(centres))
    needed = max(1.0, FAIR_SHARE * len(made) / len(centres))
    return torch.cat([centres, (counts >= needed)[:, None]], dim=1).numpy()
