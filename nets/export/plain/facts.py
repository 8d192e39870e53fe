"""What a script must know of a run before it is written: sizes of its parts, and what its network asks for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nets.compatibility import effective_output_activation
from nets.export.base import CannotExport, Source
from nets.objectives import Objective
from nets.problems import InvalidExperiment
from nets.training.inputs import Inputs
from nets.training.parts import TRAIN_METRICS_ON, Parts, make_parts

if TYPE_CHECKING:
    from torch import nn

    from nets.datasets import Normalization
    from nets.datasets.images.base import Augment
    from nets.experiment import Experiment


@dataclass(frozen=True)
class Facts:
    """Everything about a run that decides which lines its script has.

    ``epochs`` is how many the run got through, ``max_epochs`` how many were planned. The network has no weights.
    """

    objective: Objective
    network: "nn.Module"
    train_examples: int
    valid_examples: int
    test_examples: int
    channels: int
    metric_names: tuple[str, ...]
    device: str
    epochs: int
    max_epochs: int
    has_batch_norm: bool
    has_dropout: bool
    has_kernels: bool
    has_spectral_norm: bool = False
    normalization: "Normalization | None" = None
    augment: "Augment | None" = None

    @property
    def acts_otherwise_in_training(self) -> bool:
        """Is the network another one while it learns?"""
        return self.has_batch_norm or self.has_dropout or self.has_spectral_norm

    @property
    def measured_at_most(self) -> int:
        """Examples of the largest part that metrics are taken on."""
        return max(min(self.train_examples, TRAIN_METRICS_ON), self.valid_examples, self.test_examples)


def facts_of(source: Source) -> Facts:
    """Return the facts of a run; its data are loaded for it, its network is built without weights.

    Raises:
        CannotExport: if the data can't be loaded here.
    """
    import torch
    from torch import nn

    from nets.modules.spectral import SpectralConv2d, SpectralLinear

    experiment = source.experiment
    objective = experiment.train.objective.bind(experiment)
    try:
        split = experiment.data.load(experiment.train.seed)
    except InvalidExperiment as error:
        raise CannotExport(f"the script's lines depend on the data: {error}") from None
    inputs = Inputs(experiment.data, split, torch.device("cpu"))
    parts = make_parts(experiment, split, objective.targets, torch.device("cpu"))
    network = blank_network(source, objective.num_outputs)
    modules = list(network.modules())
    return Facts(
        objective=objective,
        network=network,
        train_examples=len(parts.train),
        valid_examples=len(parts.valid) if parts.valid else 0,
        test_examples=len(parts.test),
        channels=split.train_x.shape[1],
        metric_names=_metric_names(experiment, objective, parts),
        device=_device(source),
        epochs=_epochs(source.rows, experiment.train.max_epochs),
        max_epochs=experiment.train.max_epochs,
        has_batch_norm=any(isinstance(module, nn.modules.batchnorm._BatchNorm) for module in modules),
        has_dropout=any(isinstance(module, nn.modules.dropout._DropoutNd) for module in modules),
        has_spectral_norm=any(isinstance(module, SpectralLinear | SpectralConv2d) for module in modules),
        has_kernels=any(parameter.dim() == 4 for parameter in network.parameters()),
        normalization=inputs.normalization,
        augment=inputs.augment,
    )


def blank_network(source: Source, num_outputs: int) -> "nn.Module":
    """Return the run's network on torch's meta device: its shape alone."""
    import torch

    config = source.experiment.model
    changes = {"output_activation": effective_output_activation(source.experiment), "initializer": "default"}
    with torch.device("meta"):
        return config.model_copy(update=changes).build(source.experiment.data.info(), num_outputs)


def _metric_names(experiment: "Experiment", objective: Objective, parts: Parts) -> tuple[str, ...]:
    """Return what is measured; of a classifier, found out with a network that says 0 to everything."""
    import torch

    if objective.sees_inputs:
        found = experiment.train.objective.metrics(experiment, experiment.data.info())
        measured_on = ("train", "test") if parts.valid is None else ("train", "valid", "test")
        return tuple(f"{part}_{metric}" for part in measured_on for metric in found)

    has_steps = experiment.data.info().per_step

    def zeros(x: torch.Tensor) -> torch.Tensor:
        steps = x.shape[1:2] if has_steps else ()
        return torch.zeros(len(x), *steps, objective.num_outputs)

    names: list[str] = []
    for name, part in (("train", parts.train), ("valid", parts.valid), ("test", parts.test)):
        if part is not None:
            measured = objective.evaluate(zeros, part.x, part.targets, part.labels)
            names += [f"{name}_{metric}" for metric in measured]
    return tuple(names)


def _epochs(rows: Sequence[Mapping[str, float]], planned: int) -> int:
    return int(rows[-1]["epoch"]) if rows else planned


def _device(source: Source) -> str:
    import torch

    chosen = source.versions.get("device", source.experiment.train.device)
    if chosen == "auto":
        return "cuda" if torch.cuda.is_available() else "cpu"
    return "cuda" if chosen.startswith("cuda") else "cpu"
