"""A trained network to look at from all sides: a kept run with its checkpoints, or one that is trained here."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from nets.concepts.plane import Weights
from nets.experiment import Experiment, parse
from nets.problems import InvalidExperiment, Problem

if TYPE_CHECKING:
    from collections.abc import Mapping

    from torch import Tensor

    from nets.training import Training

Item = TypeVar("Item")
MOST_MARKS = 40
"""Checkpoints of a path at most, the first and the last always."""
SAMPLE, SMALLEST_SAMPLE = 512, 64
"""Examples of each part that a loss is taken on at most; a large network's on fewer, down to so many."""
MOST_ACTIVATIONS = 10_000_000
"""That one look at the loss may cost, as long as it takes no fewer examples than the smallest sample."""
EXAMPLE = {
    "version": 1,
    "name": "landscape",
    "data": {"kind": "points", "name": "circle"},
    "model": {"kind": "mlp", "hidden_sizes": [6, 6], "activation": "tanh"},
    "train": {"optimizer": {"kind": "adam", "learning_rate": 0.02}, "batch_size": 50, "max_epochs": 30},
}
"""What is looked at where nothing has been trained yet: learnt in well under a second."""


@dataclass(frozen=True)
class Mark:
    """A network on its path: after how many epochs, and the weights that learn."""

    epoch: int
    weights: Weights


@dataclass(frozen=True)
class Subject:
    """A network, what it learnt from, and the path it came; the last mark is where it is.

    Losses are taken on up to ``sample`` examples of each part. ``left_out`` counts the checkpoints whose network had
    other layers.
    """

    training: "Training"
    marks: Sequence[Mark]
    sample: int
    left_out: int = 0

    def losses(self, weights: Weights) -> tuple[float, float]:
        """Return the loss of the training and of the test part, on up to ``sample`` examples each, with weights.

        They are left in place.
        """
        import torch

        training = self.training
        parts = (training.parts.train.first(self.sample), training.parts.test.first(self.sample))
        with torch.no_grad():
            torch._foreach_copy_(_learning(training), list(weights))
        with torch.inference_mode():
            train, test = (training.objective.measured(training, part)["loss"] for part in parts)
        return train, test


def example() -> Experiment:
    """Return the experiment of ``EXAMPLE``."""
    return parse(EXAMPLE)


def subject_of_run(folder: Path) -> Subject:
    """Return a kept run as its last checkpoint has it.

    Raises:
        InvalidExperiment: if it has no checkpoint, a damaged one, or no single loss.
    """
    from nets.runs.checkpoints import checkpoints, load, read
    from nets.training.state import WEIGHTS, DamagedState

    kept = checkpoints(folder)
    if not kept:
        raise InvalidExperiment([Problem("run", "it has no checkpoint: train it a little, or take another run")])
    try:
        training = load(kept[-1].path)
        check(training.experiment)
        marks = []
        for checkpoint in _thinned(kept):
            tensors, _ = read(checkpoint.path)
            marks.append((checkpoint.epoch, _fitting(training, tensors, WEIGHTS)))
    except (DamagedState, OSError) as error:
        raise InvalidExperiment([Problem("run", f"its checkpoints can't be opened: {error}")]) from None
    fitting = [Mark(epoch, weights) for epoch, weights in marks if weights is not None]
    return Subject(training, fitting, sample_size(training), len(marks) - len(fitting))


def subject_of_experiment(experiment: Experiment) -> Subject:
    """Return a network that is trained now, with a mark for each epoch.

    Raises:
        InvalidExperiment: if the experiment can't be run here, or has no single loss.
    """
    from nets.runs.trunks import trunk_of
    from nets.training import Controls, EpochDone, Training

    check(experiment)
    training = Training(experiment, trunk=trunk_of(experiment))
    marks = [
        Mark(event.epoch, tuple(weights.detach().clone() for weights in _learning(training)))
        for event in training.events(Controls())
        if isinstance(event, EpochDone)
    ]
    return Subject(training, _thinned(marks), sample_size(training))


def check(experiment: Experiment) -> None:
    """Refuse a game of several players.

    Raises:
        InvalidExperiment: with the reason.
    """
    players = experiment.train.objective.bind(experiment).players(experiment.train)
    if len(players) > 1:
        message = (
            "generator and discriminator each have a loss of their own that depends on the other, so there is no one "
            "loss to draw or to lower; take a run with one loss"
        )
        raise InvalidExperiment([Problem("train.objective.kind", message)])


def sample_size(training: "Training", most: int = SAMPLE) -> int:
    """Return on how many examples to take a loss that is looked at hundreds of times."""
    experiment = training.experiment
    room = experiment.model.room(experiment.data.info(), training.objective.num_outputs)
    return max(SMALLEST_SAMPLE, min(most, MOST_ACTIVATIONS // max(1, room.activations)))


def _learning(training: "Training") -> "list[Tensor]":
    return [parameter for parameter in training.model.parameters() if parameter.requires_grad]


def _fitting(training: "Training", tensors: "Mapping[str, Tensor]", prefix: str) -> Weights | None:
    """Return a checkpoint's weights that learn; None if its network had other layers."""
    named = [(name, own) for name, own in training.model.named_parameters() if own.requires_grad]
    found = [tensors.get(prefix + name) for name, _ in named]
    pairs = list(zip(found, (own for _, own in named), strict=True))
    if any(tensor is None or tensor.shape != own.shape for tensor, own in pairs):
        return None
    return tuple(tensor.to(own.device) for tensor, own in pairs if tensor is not None)


def _thinned(items: Sequence[Item]) -> list[Item]:
    """Return at most ``MOST_MARKS`` of them, evenly, the first and the last always."""
    if len(items) <= MOST_MARKS:
        return list(items)
    return [items[round(place * (len(items) - 1) / (MOST_MARKS - 1))] for place in range(MOST_MARKS)]
