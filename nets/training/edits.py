"""Changes in mid-run: other settings, another network, a single weight."""

import math
from typing import TYPE_CHECKING

from nets.experiment import Experiment
from nets.problems import InvalidExperiment, Problem
from nets.seeds import derive
from nets.training.budget import check_room
from nets.training.network import build_network
from nets.training.parts import Batches, has_buckets, make_parts
from nets.training.surgery import transplant
from nets.training.watchers import BestWeights, PlateauWatcher

if TYPE_CHECKING:
    from nets.training.training import Training


def needs_new_run(old: Experiment, new: Experiment) -> bool:
    """Do the settings differ in what a run starts from: data, seed, device, what is held out, another's weights?"""
    names = ("seed", "device", "threads", "early_stopping", "transfer")
    return old.data != new.data or any(getattr(old.train, name) != getattr(new.train, name) for name in names)


def edit(training: "Training", experiment: Experiment) -> str:
    """See ``Training.edit``."""
    old = training.experiment
    if needs_new_run(old, experiment):
        raise InvalidExperiment([Problem("", "other data, seed or device make another run; start a new one")])
    as_it_was = dict(vars(training))
    training.experiment = experiment
    try:
        return _edited(training, old)
    except InvalidExperiment:
        # An edit replaces parts and never changes the old ones, so these are still whole.
        vars(training).update(as_it_was)
        raise


def _edited(training: "Training", old: Experiment) -> str:
    experiment = training.experiment
    training.max_epochs += experiment.train.max_epochs - old.train.max_epochs
    if training.epoch:
        training.max_epochs = max(training.max_epochs, training.epoch + 1)
    message = "Settings changed"
    if _needs_other_network(old, experiment):
        message = _rebuild(training)
    else:
        training.objective = experiment.train.objective.bind(experiment)
        _renew_optimizers(training, old)
    if old.train.schedule != experiment.train.schedule:
        training.plateau = PlateauWatcher()
    if old.train.target != experiment.train.target:
        training.target_met = False
    return message


def _needs_other_network(old: Experiment, new: Experiment) -> bool:
    """Do the settings differ in what the network is made of, or in what it is compared with?"""
    averages = [bool(getattr(experiment.train.objective, "average", 0)) for experiment in (old, new)]
    rules = [experiment.train.objective.kind for experiment in (old, new)]
    return (
        old.model != new.model or old.train.loss != new.train.loss or averages[0] != averages[1] or rules[0] != rules[1]
    )


def _rebuild(training: "Training") -> str:
    settings = training.experiment.train
    training.objective = settings.objective.bind(training.experiment)
    batch = min(settings.batch_size, len(training.parts.train))
    check_room(training.experiment, training.objective.num_outputs, batch)
    old, cursor = training.model, training.batches.cursor
    training.parts = make_parts(training.experiment, training.split, training.objective.targets, training.device)
    seed = derive(settings.seed, "weights", training.step)
    training.model = build_network(training.experiment, training.objective.num_outputs, training.device, seed)
    kept = transplant(old, training.model) if training.step else None
    if kept:
        settings.objective.take_over(old, training.model)
    training.forget_optimizer()
    training.batches = Batches(training.parts.train, settings.seed, by_length=has_buckets(training.experiment))
    training.batches.start_epoch(training.epoch, settings.batch_size)
    training.batches.cursor = cursor
    training.best = BestWeights()
    training.after_build()
    training.metrics = training.measure()
    return f"Network changed: {kept}" if kept else "Network changed"


def _renew_optimizers(training: "Training", old: Experiment) -> None:
    """Change the optimizers' numbers in place where they are of the same kinds: their memory stays."""
    before = old.train.objective.bind(old).players(old.train)
    now = training.objective.players(training.experiment.train)
    if before == now:
        return
    if [player.optimizer.kind for player in before] != [player.optimizer.kind for player in now]:
        training.forget_optimizer()
        return
    for player, optimizer in zip(now, training.optimizers, strict=True):
        for group in optimizer.param_groups:
            group.update(player.optimizer.arguments())


def set_parameter(training: "Training", layer: int, to: int, source: int | None, value: float) -> str:
    """See ``Training.set_parameter``."""
    import torch
    from torch import nn

    if not math.isfinite(value):
        raise ValueError(f"got {value}; a weight must be a finite number")
    dense = [module for module in training.model.modules() if isinstance(module, nn.Linear)][layer]
    with torch.no_grad():
        if source is None:
            dense.bias[to] = value
        else:
            dense.weight[to, source] = value
    training.metrics = training.measure()
    training.good = training.weights()
    return f"A {'bias' if source is None else 'weight'} set to {value:g}"
