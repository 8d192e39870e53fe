"""Pairs of settings that make no sense together: each is refused with the reason and what to pick instead."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from nets.architectures import CannotBuild
from nets.datasets import DataInfo, EmptyPart
from nets.datasets.base import split_indices
from nets.losses import AUTO, LOSSES, Loss, resolve
from nets.problems import Problem

if TYPE_CHECKING:
    from nets.experiment import Experiment


def incompatibilities(experiment: "Experiment") -> list[Problem]:
    """Return every pair of settings of ``experiment`` that makes no sense."""
    info = experiment.data.info()
    problems = [*_data(experiment), *_loss(experiment, info)]
    if not problems:
        problems += _output(experiment, info, resolve(experiment.train.loss, info))
    problems += [*_model(experiment, info), *_target(experiment, info)]
    return [*problems, *_transfer(experiment), *_inputs(experiment)]


def _data(experiment: "Experiment") -> Iterator[Problem]:
    count = getattr(experiment.data, "num_points", None) or getattr(experiment.data, "num_examples", None)
    if (points := getattr(experiment.data, "points", None)) is not None:
        count = len(points)
        if count < 2:
            yield Problem("data.points", f"there are {count} points; draw at least 2, one to train and one to test")
            return
    if count is None:
        return
    try:
        split_indices(count, getattr(experiment.data, "train_share", 0.5), 0)
    except EmptyPart as error:
        yield Problem("data.train_share", f"{error}; move it towards the middle or take more examples")


def _loss(experiment: "Experiment", info: DataInfo) -> Iterator[Problem]:
    name = experiment.train.loss
    if name != "auto" and LOSSES.get(name).encoding(info.task) is None:
        usable = [loss.name for loss in LOSSES if loss.encoding(info.task)]
        yield Problem(
            "train.loss",
            f"{name} compares classes, and these data have values to predict; choose from {', '.join(usable)}",
        )


def _output(experiment: "Experiment", info: DataInfo, loss: Loss) -> Iterator[Problem]:
    activation = experiment.model.output_activation
    path = "model.output_activation"
    if loss.name == "nll":
        if activation not in ("auto", "log_softmax"):
            yield Problem(path, f"nll reads log-probabilities, and {activation} gives none; take log_softmax or auto")
    elif loss.takes_raw_scores and activation in ("sigmoid", "softmax", "log_softmax"):
        inside = "sigmoid" if loss.name == "bce" else "softmax"
        yield Problem(path, f"{loss.name} applies the {inside} itself, so {activation} would squash twice; take auto")
    elif activation in ("softmax", "log_softmax") and loss.num_outputs(info) == 1:
        yield Problem(path, f"{activation} of a single output is always the same; take auto")


def _model(experiment: "Experiment", info: DataInfo) -> Iterator[Problem]:
    try:
        experiment.model.check(info)
    except CannotBuild as error:
        yield Problem(f"model.{error.field}", str(error))
    if experiment.model.norm == "batch" and experiment.train.batch_size == 1:
        yield Problem(
            "train.batch_size", "batch norm needs at least 2 examples a step to take a mean over; take 2 or layer norm"
        )


def _target(experiment: "Experiment", info: DataInfo) -> Iterator[Problem]:
    target = experiment.train.target
    if target and not has_metric(info, target.metric):
        kind = "r2" if info.task == "regression" else "accuracy"
        usable = ", ".join(f"{part}_{name}" for name in ("loss", kind) for part in ("train", "test"))
        yield Problem("train.target.metric", f"these data give no {target.metric}; choose from {usable}")


def _inputs(experiment: "Experiment") -> Iterator[Problem]:
    normalize = getattr(experiment.data, "normalize", "half")
    if getattr(experiment.model, "pretrained", False) and normalize != "half":
        message = f"the pretrained weights know pictures from -1 to 1, and {normalize} gives others; take half"
        yield Problem("data.normalize", message)


def _transfer(experiment: "Experiment") -> Iterator[Problem]:
    transfer = experiment.train.transfer
    if transfer and not transfer.source and not getattr(experiment.model, "pretrained", False):
        yield Problem("train.transfer.source", "names nothing to begin with; give a kept run's id or a recipe's name")


def has_metric(info: DataInfo, metric: str) -> bool:
    """Is this metric measured on such data?"""
    return metric.endswith("_loss") or metric.endswith("_r2") == (info.task == "regression")


def effective_output_activation(experiment: "Experiment") -> str:
    """Return the output activation with ``auto`` resolved."""
    if experiment.model.output_activation != "auto":
        return experiment.model.output_activation
    info = experiment.data.info()
    name = AUTO[info.task] if experiment.train.loss == "auto" else experiment.train.loss
    return "log_softmax" if name == "nll" else "identity"
