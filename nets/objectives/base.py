"""What a training rule is: the loss of a batch, and how good the network is on a part of the data."""

from typing import TYPE_CHECKING, Protocol

from nets.registry import Registry

if TYPE_CHECKING:
    from collections.abc import Callable

    from torch import Tensor

    from nets.experiment import Experiment


class Objective(Protocol):
    """One training rule, bound to an experiment. ``num_outputs`` is what it asks of the network."""

    num_outputs: int

    def targets(self, labels: "Tensor") -> "Tensor":
        """Return the labels of a whole part of the data as the rule wants them."""
        ...

    def training_loss(self, model: "Callable[[Tensor], Tensor]", x: "Tensor", targets: "Tensor") -> "Tensor":
        """Return the scalar loss of a batch, with its graph."""
        ...

    def scores(self, outputs: "Tensor") -> "Tensor":
        """Return outputs (B, K) as a map shows them: (B, 1) around zero, or a share for each class."""
        ...

    def shares(self, outputs: "Tensor") -> "Tensor":
        """Return a classifier's outputs as shares (B, num_targets), adding up to 1."""
        ...

    def evaluate(
        self, model: "Callable[[Tensor], Tensor]", x: "Tensor", targets: "Tensor", labels: "Tensor"
    ) -> dict[str, float]:
        """Return loss and metrics over a whole part of the data, without any prefix.

        ``model`` gives outputs (B, K) for examples as the part holds them.
        """
        ...


class ObjectiveType(Protocol):
    """Makes the objective of an experiment."""

    def __call__(self, experiment: "Experiment") -> Objective:
        """Return the objective bound to ``experiment``."""
        ...


OBJECTIVES: Registry[ObjectiveType] = Registry("objective")
