"""How the last hidden layer arranges the examples, brought down to a plane."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Literal

import numpy as np
from pydantic import Field

from nets.views.base import View, finite, view
from nets.views.passages import check_classes, chunk_size, passages

if TYPE_CHECKING:
    from torch import Tensor

    from nets.training import Training

MOST_NUMBERS = 8_000_000
"""Activations looked at, at most: of very wide layers fewer examples are shown."""
TSNE_EXAMPLES = 300
TSNE_STEPS = 500
TIE = 0.1
"""What brightness counts where classes alone leave open how a picture of the plane is to be turned."""


@dataclass(frozen=True)
class Embedding:
    """``xy`` (N, 2) float32 in -1 … 1, the place of each example; the larger of both directions fills it.

    ``labels`` and ``predicted`` (N,) int64 are classes, ``indices`` (N,) int64 places in the test part. ``explained``
    is the share of the layer's variance that the plane shows; None of t-SNE, which keeps neighbours and no distances.
    ``layer`` is the one whose input this is, ``width`` how many numbers that has.
    """

    xy: np.ndarray
    labels: np.ndarray
    predicted: np.ndarray
    indices: np.ndarray
    explained: float | None
    layer: str
    width: int


@view
class EmbeddingView(View):
    """The first test examples as points: those that the network finds alike lie close to each other.

    PCA shows the plane in which they differ most. T-SNE (van der Maaten and Hinton 2008) starts from it and moves
    neighbours together. Both are turned and mirrored so that the classes look as far as possible each in a direction of
    its own, always the same: the picture moves with the weights and does not flip.
    """

    kind: Literal["embedding"] = "embedding"
    count: Annotated[int, Field(ge=2, le=2000)] = 500
    """Examples shown, at most; t-SNE shows no more than 300."""
    method: Literal["pca", "tsne"] = "pca"
    """How the plane is found; t-SNE takes half a second."""

    @property
    def every_seconds(self) -> float:
        """T-SNE takes as long as a hundred steps of a small network."""
        return 1.0 if self.method == "pca" else 8.0

    def prepare(self) -> None:
        """Import t-SNE where it is asked for."""
        if self.method == "tsne":
            import sklearn.manifold  # noqa: F401

    def look(self, training: "Training") -> Embedding:
        """Return the points.

        Raises:
            ValueError: if the data have no classes.
        """
        import torch

        info = training.experiment.data.info()
        check_classes(training)
        count = self.count if self.method == "pca" else min(self.count, TSNE_EXAMPLES)
        layer, hidden, shares = hidden_of(training, count)
        part = training.parts.test.first(len(hidden))
        labels = part.labels.cpu()
        plane, explained = principal_plane(hidden)
        if self.method == "tsne":
            plane = neighbours_together(hidden, plane, training.threads)
        anchors = directions(labels, info.num_targets, part.x.cpu().flatten(1).double().mean(dim=1))
        xy = finite(turned(plane, anchors))
        return Embedding(
            (xy / xy.abs().max().clamp(min=1e-30)).numpy(),
            labels.numpy().copy(),
            shares.argmax(dim=1).numpy(),
            torch.arange(len(labels)).numpy(),
            explained if self.method == "pca" else None,
            layer,
            hidden.shape[1],
        )


def hidden_of(training: "Training", count: int) -> "tuple[str, Tensor, Tensor]":
    """Return the last layer's name, what it is given (N, D) float64 for the first test examples, and shares (N, K).

    D numbers an example; activations are scaled to at most 1, so that no square overflows.
    """
    import torch

    layer = [name for name, module in training.model.named_children() if any(True for _ in module.parameters())][-1]
    kept: list[Tensor] = []
    outputs: list[Tensor] = []
    examples = training.parts.test.x[:count]
    with torch.inference_mode():
        for x in examples.split(chunk_size(training)):
            for passage in passages(training.model, training.inputs(x)):
                if passage.name == layer:
                    kept.append(passage.before.flatten(1).cpu().clone())
                last = passage.after
            outputs.append(training.objective.shares(last).cpu())
            if sum(chunk.numel() for chunk in kept) > MOST_NUMBERS:
                break
        hidden = finite(torch.cat(kept)).double()
        return layer, hidden / hidden.abs().max().clamp(min=1e-30), torch.cat(outputs).nan_to_num(0)


def principal_plane(points: "Tensor") -> "tuple[Tensor, float]":
    """Return points (N, D) in the plane of their first two principal components, (N, 2), and its share of variance."""
    import torch

    centred = points - points.mean(dim=0)
    count, width = centred.shape
    if width <= count:
        values, vectors = torch.linalg.eigh(centred.T @ centred)
        plane = centred @ vectors[:, -2:].flip(1)
    else:  # as many examples as there are decide, not the many numbers of each
        values, vectors = torch.linalg.eigh(centred @ centred.T)
        plane = (vectors[:, -2:] * values[-2:].clamp(min=0).sqrt()).flip(1)
    total = values.clamp(min=0).sum().item()
    plane = torch.nn.functional.pad(plane, (0, 2 - plane.shape[1]))
    return plane, values[-2:].clamp(min=0).sum().item() / total if total else 1.0


def neighbours_together(points: "Tensor", plane: "Tensor", threads: int) -> "Tensor":
    """Return t-SNE of points (N, D), started from their plane (N, 2); the same for the same points."""
    import torch
    from sklearn.manifold import TSNE
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    spread = plane[:, 0].std().item() if len(plane) > 4 else 0.0
    if spread < 1e-12:  # too few, or all in one place
        return plane
    start = (plane / spread * 1e-4).float().numpy()
    perplexity = min(30.0, (len(points) - 1) / 3)
    with threadpool_limits(limits=threads):
        found = TSNE(init=start, perplexity=perplexity, max_iter=TSNE_STEPS, random_state=0).fit_transform(points)
    return torch.from_numpy(found).double()


def directions(labels: "Tensor", classes: int, brightness: "Tensor") -> "Tensor":
    """Return where each example should lie if it could, (N, 2): its class's place on a circle.

    Examples brighter than others lie a little higher: two classes alone leave up and down open.
    """
    import torch

    angles = labels * (2 * torch.pi / classes)
    height = (brightness - brightness.mean()) / brightness.std(correction=0).clamp(min=1e-12)
    return torch.stack([angles.cos().double(), angles.sin().double() + TIE * height], dim=1)


def turned(points: "Tensor", anchors: "Tensor") -> "Tensor":
    """Return points (N, 2) about their middle, turned and mirrored to lie as near to the anchors (N, 2) as they can.

    Orthogonal Procrustes (Schönemann 1966): however points come turned or mirrored, the outcome is the same.
    """
    import torch

    centred = points - points.mean(dim=0)
    left, _, right = torch.linalg.svd(centred.T @ (anchors - anchors.mean(dim=0)))
    return centred @ left @ right
