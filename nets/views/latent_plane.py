"""The plane of codes: where the network puts pictures, and what it makes of the places between them."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Literal

import numpy as np
from pydantic import Field

from nets.views.base import View, finite, view
from nets.views.embedding import directions
from nets.views.generation import codes, decoded, drawn, latent_size, noise, same_label, steady_extent

if TYPE_CHECKING:
    from torch import Tensor

    from nets.training import Training

HELD = 0.995
"""Share of the codes that the plane holds: a few far away would make the others small."""
NOISE_EXTENT = 2.0
"""Half the side of a plane of noise of one or two numbers: nearly all of it lies inside."""


@dataclass(frozen=True)
class LatentPlane:
    """A plane through the space of codes, with the test pictures' codes on it.

    ``xy`` (N, 2) float32 are the codes' places, ``labels`` and ``indices`` (N,) int64 their classes and their places in
    the test part. A place (x, y) stands for the code ``center`` + (x, y) @ ``basis``; ``center`` (L,) and ``basis``
    (2, L) float32. The plane goes from -``extent`` to ``extent`` both ways. ``grid`` (g · g, h, w) or (g · g, h, w, 3)
    uint8 are decoded from the middles of g × g cells, top left first; ``explained`` is the share of the codes' variance
    that the plane shows, None where it is all there is. ``used`` (L,) float32 is each direction's spread of codes.
    """

    xy: np.ndarray
    labels: np.ndarray
    indices: np.ndarray
    center: np.ndarray
    basis: np.ndarray
    extent: float
    grid: np.ndarray | None
    explained: float | None
    used: np.ndarray


@view
class LatentPlaneView(View):
    """Codes of the first test pictures; of more than two numbers each, the plane in which they differ most (PCA)."""

    kind: Literal["latent_plane"] = "latent_plane"
    count: Annotated[int, Field(ge=2, le=2000)] = 600
    """Pictures, at most."""
    grid: Annotated[int, Field(ge=0, le=24)] = 15
    """Rows and columns of pictures decoded behind the codes; 0 for none."""
    label: Annotated[int, Field(ge=0, le=10_000)] = 0
    """The class of those pictures, where the network is told one; the last one where there are fewer."""

    @property
    def every_seconds(self) -> float:
        """Hundreds of pictures go through the network each way."""
        return 0.2

    def look(self, training: "Training") -> LatentPlane:
        """Return the plane.

        Raises:
            ValueError: if the network has no encoder, or the data are no pictures.
        """
        if not hasattr(training.model, "encoder"):
            return self._of_noise(training)
        return self._of_codes(training)

    def _of_codes(self, training: "Training") -> LatentPlane:
        import torch

        part = training.parts.test.first(self.count)
        found = codes(training, training.inputs(part.x)).cpu()
        center, basis, explained = plane_of(found, part.labels.cpu(), training.experiment.data.info().num_targets)
        xy = (found - center) @ basis.T
        extent = steady_extent(torch.quantile(xy.abs().amax(dim=1), HELD).item())
        return LatentPlane(
            xy.numpy(),
            part.labels.cpu().numpy(),
            torch.arange(len(xy)).numpy(),
            center.numpy(),
            basis.contiguous().numpy(),
            extent,
            self._decoded(training, center, basis, extent),
            explained,
            found.std(dim=0, correction=0).numpy(),
        )

    def _of_noise(self, training: "Training") -> LatentPlane:
        """Return a plane through the noise of a network without an encoder: the one of two samples, at their length."""
        import torch

        size = latent_size(training)
        if size <= 2:
            center, basis, extent = torch.zeros(size), torch.eye(2, size), NOISE_EXTENT
        else:
            directions_of_two = noise(training, 2, 0).cpu()
            center, basis = torch.zeros(size), torch.linalg.qr(directions_of_two.T)[0].T.contiguous()
            extent = directions_of_two.norm(dim=1).mean().item()
        nothing = torch.zeros(0)
        return LatentPlane(
            nothing.reshape(0, 2).numpy(),
            nothing.long().numpy(),
            nothing.long().numpy(),
            center.numpy(),
            basis.numpy(),
            extent,
            self._decoded(training, center, basis, extent),
            None,
            torch.ones(size).numpy(),
        )

    def _decoded(self, training: "Training", center: "Tensor", basis: "Tensor", extent: float) -> np.ndarray | None:
        if not self.grid:
            return None
        z = center + middles(self.grid, extent) @ basis
        return drawn(training, decoded(training, z, same_label(training, len(z), self.label)))


def plane_of(found: "Tensor", labels: "Tensor", classes: int) -> "tuple[Tensor, Tensor, float | None]":
    """Return centre (L,), basis (2, L) and share of variance of the plane in which codes (N, L) differ most.

    Two numbers are a plane already: centre 0, share None. One number lies along x. The principal plane is turned so
    that classes look as far as possible each in a direction of its own, always the same: it does not flip from frame
    to frame (see ``embedding.turned``).
    """
    import torch

    size = found.shape[1]
    if size <= 2:
        return torch.zeros(size), torch.eye(2, size), None
    center = found.mean(dim=0)
    centred = (found - center).double()
    values, vectors = torch.linalg.eigh(centred.T @ centred)
    plane = vectors[:, -2:].flip(1)  # (L, 2)
    anchors = directions(labels, max(1, classes), torch.zeros(len(labels), dtype=torch.float64))
    left, _, right = torch.linalg.svd((centred @ plane).T @ (anchors - anchors.mean(dim=0)))
    total = values.clamp(min=0).sum().item()
    explained = values[-2:].clamp(min=0).sum().item() / total if total else 1.0
    return center, finite((plane @ left @ right).T), explained


def middles(size: int, extent: float) -> "Tensor":
    """Return the middles of ``size`` × ``size`` cells of the plane, (size², 2) float32, top left first."""
    import torch

    ticks = ((torch.arange(size) + 0.5) / size * 2 - 1) * extent
    x, y = torch.meshgrid(ticks, -ticks, indexing="xy")
    return torch.stack([x.flatten(), y.flatten()], dim=1)  # (size, size) each → (size², 2)
