"""Pairs of settings that make no sense together: each is refused with the reason and what to pick instead."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from nets.architectures import CannotBuild
from nets.datasets import DataInfo, EmptyPart
from nets.datasets.base import split_indices
from nets.losses import AUTO, Loss, resolve
from nets.problems import Problem

if TYPE_CHECKING:
    from nets.experiment import Experiment


def incompatibilities(experiment: "Experiment") -> list[Problem]:
    """Return every pair of settings of ``experiment`` that makes no sense."""
    info = experiment.data.info()
    rule = experiment.train.objective
    problems = [*_data(experiment), *_rule(experiment), *rule.faults(experiment, info)]
    if not problems and rule.kind == "supervised":
        problems += _output(experiment, info, resolve(experiment.train.loss, info))
    problems += [*_model(experiment, info), *_target(experiment, info)]
    return [*problems, *_transfer(experiment), *_inputs(experiment), *_vectors(experiment)]


def _data(experiment: "Experiment") -> Iterator[Problem]:
    yield from experiment.data.faults()
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


def _rule(experiment: "Experiment") -> Iterator[Problem]:
    rule, fitting = experiment.train.objective.kind, experiment.model.objectives
    if rule not in fitting:
        message = (
            f"{rule} is not what a {experiment.model.kind} learns by; take {' or '.join(fitting)}, or another model"
        )
        yield Problem("train.objective.kind", message)
    if rule == "supervised":
        return
    if experiment.train.transfer:
        yield Problem("train.transfer", f"is for networks with an output layer to learn anew; {rule} takes none")
    if experiment.train.precision != "float32":
        message = f"{experiment.train.precision} is too coarse for {rule}; take float32"
        yield Problem("train.precision", message)


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
    norms = (experiment.model.norm, getattr(experiment.model, "discriminator_norm", "none"))
    if "batch" in norms and experiment.train.batch_size == 1:
        yield Problem(
            "train.batch_size", "batch norm needs at least 2 examples a step to take a mean over; take 2 or layer norm"
        )


def _target(experiment: "Experiment", info: DataInfo) -> Iterator[Problem]:
    target = experiment.train.target
    if target and not is_measured(experiment, target.metric):
        names = experiment.train.objective.metrics(experiment, info)
        usable = ", ".join(f"{part}_{name}" for name in names for part in ("train", "test"))
        yield Problem("train.target.metric", f"these data give no {target.metric}; choose from {usable}")


def _inputs(experiment: "Experiment") -> Iterator[Problem]:
    if experiment.data.info().categories and not getattr(experiment.model, "embeds", False):
        message = (
            f"embedding is for networks that learn vectors, and {experiment.model.kind} takes numbers; take one_hot"
        )
        yield Problem("data.prepare.categories", message)
    normalize = getattr(experiment.data, "normalize", "half")
    if getattr(experiment.model, "pretrained", False) and normalize != "half":
        message = f"the pretrained weights know pictures from -1 to 1, and {normalize} gives others; take half"
        yield Problem("data.normalize", message)


def _vectors(experiment: "Experiment") -> Iterator[Problem]:
    vectors = getattr(experiment.data, "vectors", None)
    if vectors is None:
        return
    field = "d_model" if hasattr(experiment.model, "d_model") else "embedding_dim"
    width = getattr(experiment.model, field, 0)
    if width != vectors.width:
        message = f"is {width}, and the word vectors have {vectors.width} numbers; take {vectors.width}"
        yield Problem(f"model.{field}", message)


def _transfer(experiment: "Experiment") -> Iterator[Problem]:
    transfer = experiment.train.transfer
    if transfer and not transfer.source and not getattr(experiment.model, "pretrained", False):
        yield Problem("train.transfer.source", "names nothing to begin with; give a kept run's id or a recipe's name")


def is_measured(experiment: "Experiment", metric: str) -> bool:
    """Is a metric, with the part in front of its name, measured in this experiment?"""
    return metric.partition("_")[2] in experiment.train.objective.metrics(experiment, experiment.data.info())


WITHIN = {"half": "tanh", "unit": "sigmoid"}
"""The output activation that keeps made pictures within the inputs' bounds, by how bytes become numbers."""


def effective_output_activation(experiment: "Experiment") -> str:
    """Return the output activation with ``auto`` resolved."""
    if experiment.model.output_activation != "auto":
        return experiment.model.output_activation
    if experiment.train.objective.kind != "supervised":
        return WITHIN.get(getattr(experiment.data, "normalize", ""), "identity")
    info = experiment.data.info()
    name = AUTO[info.task] if experiment.train.loss == "auto" else experiment.train.loss
    return "log_softmax" if name == "nll" else "identity"
