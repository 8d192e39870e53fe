"""How good made pictures are in the eyes of a classifier that has learnt the same data."""

import subprocess
import sys
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Annotated, Literal

import numpy as np
from pydantic import Field

from nets.views.base import View, view
from nets.views.generation import decoded, drawn, labels_for, noise

if TYPE_CHECKING:
    from torch import nn

    from nets.experiment import Experiment
    from nets.training import Training

JUDGE = """
import os, sys, threading
threading.Thread(target=lambda: (sys.stdin.read(), os._exit(1)), daemon=True).start()
from nets.experiment import parse_json
from nets.runs.judges import judge_of
judge_of(parse_json(sys.argv[1]))
"""
"""Trains a judge and keeps it; ends at once where the process that has asked for it is gone."""


@dataclass(frozen=True)
class Judged:
    """What the judge says of made pictures; without one, ``state`` says why: it is "learning", or "failed".

    ``frechet`` is the Fréchet distance of its features from those of test pictures (Heusel et al. 2017), ``usual`` that
    of as many training pictures: no network comes below it but by chance. ``shares`` (K,) float32 is how much of what
    is made is taken for each class, ``balance`` its entropy from 0 to 1, ``present`` how many classes are there,
    ``confidence`` how sure the judge is. ``pictures`` (N, h, w) or (N, h, w, 3) uint8 are the first made ones,
    ``taken`` (N,) int64 what they are taken for and ``sure`` (N,) float32 how surely.
    """

    state: str
    frechet: float = 0.0
    usual: float = 0.0
    shares: np.ndarray | None = None
    balance: float = 0.0
    present: int = 0
    confidence: float = 0.0
    pictures: np.ndarray | None = None
    taken: np.ndarray | None = None
    sure: np.ndarray | None = None


@view
class QualityView(View):
    """Made pictures before a judge. It learns the same data first, in a process of its own, once for all runs."""

    kind: Literal["quality"] = "quality"
    count: Annotated[int, Field(ge=10, le=2000)] = 300
    """Pictures judged."""
    shown: Annotated[int, Field(ge=1, le=100)] = 30
    """Pictures shown with what they are taken for."""

    attempt: Annotated[int, Field(ge=0)] = 0
    """Another number looks anew, though the network is the same: the judge may have come meanwhile."""

    @property
    def every_seconds(self) -> float:
        """Hundreds of pictures are made and judged."""
        return 1.0

    def look(self, training: "Training") -> Judged:
        """Return the verdict.

        Raises:
            ValueError: if the network makes no pictures.
        """
        from nets.objectives.quality import described, quality

        made = decoded(training, noise(training, self.count, 0), labels_for(training, self.count))
        pictures = drawn(training, made[: self.shown])
        judge, state = judge_for(training.experiment)
        if judge is None:
            return Judged(state, pictures=pictures)
        judge = judge.to(training.device)
        found = quality(judge, made, training.inputs(training.parts.test.first(self.count).x))
        _, shares = described(judge, made[: self.shown])
        return Judged(
            state,
            found.frechet,
            usual_distance(judge, training, self.count),
            np.array(found.shares, dtype=np.float32),
            found.balance,
            found.present,
            found.confidence,
            pictures,
            shares.argmax(axis=1),
            shares.max(axis=1).astype(np.float32),
        )


@lru_cache(maxsize=1)
def usual_distance(judge: "nn.Module", training: "Training", count: int) -> float:
    """Return the Fréchet distance of training pictures from as many test pictures."""
    from nets.objectives.quality import quality

    train, test = (training.inputs(part.first(count).x) for part in (training.parts.train, training.parts.test))
    return quality(judge, train, test).frechet


def judge_for(experiment: "Experiment") -> "tuple[nn.Module | None, str]":
    """Return the judge of an experiment's pictures and "ready"; None and "learning" or "failed" where it is not there.

    The first call sends for it.
    """
    from nets.runs.judges import judge_experiment, judge_of
    from nets.runs.trunks import recipe_file

    judging = judge_experiment(experiment)
    if recipe_file(judging).is_file():
        return _kept(experiment.model_dump_json()), "ready"
    process = _learning(experiment.model_dump_json())
    if process.poll() is None:
        return None, "learning"
    return (judge_of(experiment), "ready") if process.returncode == 0 else (None, "failed")


@lru_cache(maxsize=1)
def _kept(experiment: str) -> "nn.Module":
    from nets.experiment import parse_json
    from nets.runs.judges import judge_of

    return judge_of(parse_json(experiment))


@lru_cache(maxsize=4)
def _learning(experiment: str) -> "subprocess.Popen[bytes]":
    """Start the process that trains a judge. It reads from a pipe that closes when this process ends."""
    return subprocess.Popen([sys.executable, "-c", JUDGE, experiment], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
