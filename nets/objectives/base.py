"""What a training rule is: a config that an experiment holds, and the rule that it makes for this experiment."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from nets.config import Config
from nets.problems import Problem
from nets.registry import Registry, config_registrar

if TYPE_CHECKING:
    import torch
    from torch import Tensor, nn

    from nets.datasets import DataInfo
    from nets.experiment import Experiment, TrainConfig
    from nets.optimizers import OptimizerConfig
    from nets.training.parts import Part
    from nets.training.training import Training

EVALUATION_BATCH = 256
"""Examples that go through a network at once while it is measured: more push each other's feature maps out of cache."""


@dataclass(frozen=True)
class Player:
    """One optimizer of a training: its name, its settings, and how the names of its parameters begin."""

    name: str
    optimizer: "OptimizerConfig"
    prefix: str = ""


class Objective:
    """One training rule, bound to an experiment. It holds nothing that changes while training goes on.

    ``num_outputs`` is what it asks of the network; ``draws`` says that a step needs random numbers; ``parts`` names
    what may take a step alone.
    """

    num_outputs: int = 0
    draws: bool = False
    parts: tuple[str, ...] = ()
    steps_alike: bool = False
    """Is every step the same operations, whatever the epoch and the numbers?"""
    sees_inputs: bool = True
    """Does ``evaluate`` get the network itself and inputs? Otherwise outputs of whatever the data hold."""

    def players(self, train: "TrainConfig") -> tuple[Player, ...]:
        """Return who moves weights; the first is the experiment's own optimizer."""
        return (Player("network", train.optimizer),)

    def targets(self, labels: "Tensor") -> "Tensor":
        """Return the labels of a whole part of the data as the rule wants them."""
        return labels

    def training_loss(self, model: Any, x: "Tensor", targets: "Tensor", epoch: int = 0) -> "Tensor":
        """Return the scalar loss of a batch of inputs, with its graph, after ``epoch`` whole epochs."""
        raise NotImplementedError

    def update(
        self,
        training: "Training",
        x: "Tensor",
        targets: "Tensor",
        part: str,  # noqa: ARG002
    ) -> "Tensor | float":
        """Take one step on a batch of inputs and return its loss; ``part`` is who steps alone, or nothing for all."""
        return training.descend(x, targets)

    def gradients(self, training: "Training", x: "Tensor", targets: "Tensor") -> "Tensor":
        """Set every gradient for a batch of inputs and return its loss; no weight moves."""
        return training.gradients(x, targets)

    def evaluate(self, model: Any, x: "Tensor", targets: "Tensor", labels: "Tensor") -> dict[str, float]:
        """Return loss and metrics over a whole part of the data, without any prefix; draws nothing from outside."""
        raise NotImplementedError

    def measured(self, training: "Training", part: "Part") -> dict[str, float]:
        """Return what ``evaluate`` finds on a part."""
        if self.sees_inputs:
            return self.evaluate(training.model, training.inputs(part.x), part.targets, part.labels)
        return self.evaluate(training.answers, part.x, part.targets, part.labels)

    def scores(self, outputs: "Tensor") -> "Tensor":
        """Return outputs (B, K) as a map shows them: (B, 1) around zero, or a share for each class."""
        return outputs

    def shares(self, outputs: "Tensor") -> "Tensor":
        """Return a classifier's outputs as shares (B, num_targets), adding up to 1."""
        raise NotImplementedError(f"{type(self).__name__} tells no classes apart")

    # What rules can do that make examples

    def latents(self, count: int, seed: int, device: "torch.device | str") -> "Tensor":
        """Return latent numbers (count, latent) to make examples of, the same on every device for the same seed."""
        raise NotImplementedError(f"{type(self).__name__} makes no examples")

    def sample(self, model: "nn.Module", z: "Tensor", labels: "Tensor | None" = None) -> "Tensor":
        """Return examples (B, *input_shape) of latent numbers (B, latent), in the space of the inputs."""
        raise NotImplementedError(f"{type(self).__name__} makes no examples")


class ObjectiveConfig(Config):
    """Settings of one training rule."""

    help: ClassVar[str]
    usual_optimizer: "ClassVar[OptimizerConfig | None]" = None
    """What to begin with where the rule comes with a network; None leaves what there is."""

    kind: str = ""

    def bind(self, experiment: "Experiment") -> Objective:
        """Return the rule for an experiment."""
        raise NotImplementedError

    def faults(self, experiment: "Experiment", info: "DataInfo") -> Iterator[Problem]:  # noqa: ARG002
        """Yield what makes no sense together with this rule."""
        yield from ()

    def metrics(self, experiment: "Experiment", info: "DataInfo") -> tuple[str, ...]:
        """Return the names of what is measured on a part, without any prefix."""
        raise NotImplementedError

    def extend(self, model: "nn.Module") -> None:
        """Add to a fresh network what training needs beside it."""

    def take_over(self, old: "nn.Module", new: "nn.Module") -> None:
        """See to it that what was added to ``new`` fits the weights that it has taken over from ``old``."""


OBJECTIVES: Registry[type[ObjectiveConfig]] = Registry("objective")
objective = config_registrar(OBJECTIVES, "kind")
