"""The loss around a trained network, over a plane through its weights, from coarse to fine.

Li, Xu, Taylor, Studer and Goldstein (2018), Visualizing the loss landscape of neural nets.
"""

import time
from collections.abc import Iterator, Mapping
from typing import Any, Literal

import numpy as np

from nets.concepts.plane import Plane, Weights, path_plane, random_plane, ranges
from nets.concepts.subject import Subject
from nets.config import Config

COARSEST = 5
SIZES = (9, 17, 33)
"""Places along each side that can be asked for; each has every place of the one before, and one between."""
PATIENCE = 120.0
"""Seconds after which no finer picture is begun."""

Directions = Literal["random", "path"]


class LandscapeJob(Config):
    """What to draw.

    Args:
        run: id of a kept run; empty for a small network that is trained now.
        directions: two random ones, or those along which the run's path is longest.
        reach: how far to go, 1 being as far as the weights are from zero, or as the path is long.
        points: places along each side.
        seed: of random directions.
    """

    kind: Literal["landscape"] = "landscape"
    run: str = ""
    directions: Directions = "random"
    reach: float = 1.0
    points: int = 17
    seed: int = 0


def landscape(subject: Subject, job: LandscapeJob, *, patience: float = PATIENCE) -> Iterator[dict[str, Any]]:
    """Compute the losses over a plane.

    Args:
        subject: the network.
        job: what to draw; ``run`` is not read here.
        patience: seconds after which no finer level is begun.

    Yields:
        ``plane``: the path with its losses, what of it the plane holds, first with both its ends alone, and whole once
        there is a coarse picture; ``progress``: places done; ``level``: the losses (points, points), a row for each y,
        NaN where they are no number; ``finished``: why it ended.

    Raises:
        InvalidExperiment: if the path has no two directions.
    """
    began = time.monotonic()
    centre = subject.marks[-1].weights
    path = [mark.weights for mark in subject.marks]
    along_path = job.directions == "path"
    plane = path_plane(centre, path) if along_path else random_plane(centre, path, job.seed)
    last = len(path) - 1
    ends = {place: subject.losses(path[place]) for place in {0, last}}
    yield _about(subject, plane, ends)
    x, y = ranges(plane, job.reach, job.points, along_path=along_path)
    losses = np.full((2, job.points, job.points), np.nan)
    known = np.zeros((job.points, job.points), dtype=bool)
    reason = ""
    for size in (size for size in (COARSEST, *SIZES) if size <= job.points):
        if time.monotonic() - began > patience:
            reason = f"A finer picture would have taken more than {patience:.0f} s."
            break
        stride = (job.points - 1) // (size - 1)
        for row in range(0, job.points, stride):
            for column in range(0, job.points, stride):
                if not known[row, column]:
                    losses[:, row, column] = subject.losses(_at(centre, plane, x[column], y[row]))
                    known[row, column] = True
            yield {"event": "progress", "done": int(known.sum()), "of": job.points**2}
        seen = losses[:, ::stride, ::stride]
        sides = {"x": x[::stride].tolist(), "y": y[::stride].tolist()}
        yield {"event": "level", "points": size, **sides, "train": seen[0].tolist(), "test": seen[1].tolist()}
        if size == COARSEST:
            yield _about(subject, plane, ends | {place: subject.losses(path[place]) for place in range(1, last)})
    subject.losses(centre)
    yield {"event": "finished", "reason": reason}


def _about(subject: Subject, plane: Plane, losses: Mapping[int, tuple[float, float]]) -> dict[str, Any]:
    """Return what is said of the plane, with those marks of the path whose losses are known, by place."""
    marks = []
    for place in sorted(losses):
        (x, y), (train, test) = plane.path[place].tolist(), losses[place]
        marks.append({"epoch": subject.marks[place].epoch, "x": x, "y": y, "train_loss": train, "test_loss": test})
    numbers = sum(tensor.numel() for tensor in subject.marks[-1].weights)
    return {
        "event": "plane",
        "path": marks,
        "share": plane.share,
        "left_out": subject.left_out,
        "dimensions": numbers,
        "sample": subject.sample,
    }


def _at(centre: Weights, plane: Plane, x: float, y: float) -> Weights:
    import torch

    moved = torch._foreach_add(list(centre), list(plane.first), alpha=float(x))
    torch._foreach_add_(moved, list(plane.second), alpha=float(y))
    return moved
