"""The classifier that judges what networks make: trained once on the same data, and kept."""

from typing import TYPE_CHECKING

from nets.experiment import Experiment, dump, parse
from nets.objectives.quality import settings_of_classifier
from nets.runs.trunks import trunk_of_recipe
from nets.training.network import build_network

if TYPE_CHECKING:
    import torch
    from torch import nn

MOST_PICTURES = 10_000
"""Training pictures that a judge learns from; more would let people wait for minutes."""


def judge_experiment(experiment: Experiment) -> Experiment:
    """Return the experiment of the classifier that judges pictures like those of another experiment's data.

    Raises:
        InvalidExperiment: if the data are no pictures of classes.
    """
    data = dump(experiment)["data"]
    if len(experiment.data.info().input_shape) == 3:
        most = MOST_PICTURES // max(1, experiment.data.info().num_targets)
        data["per_class"] = min(data["per_class"] or most, most)
    settings = settings_of_classifier(data)
    settings["train"]["seed"] = experiment.train.seed
    return parse(settings)


def judge_of(experiment: Experiment, device: "torch.device | str" = "cpu") -> "nn.Module":
    """Return the judge of what a network makes, in evaluation mode; trained now unless it was before: seconds.

    It sees inputs as the experiment's network does: ``quality(judge, made, real)`` says how good they are.

    Raises:
        InvalidExperiment: if the data are no pictures of classes, or are not here.
    """
    import torch

    judging = judge_experiment(experiment)
    weights = trunk_of_recipe(judging)
    rule = judging.train.objective.bind(judging)
    network = build_network(judging, rule.num_outputs, torch.device(device), judging.train.seed)
    network.load_state_dict(weights)
    return network.eval()
