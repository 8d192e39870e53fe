"""Two networks that learn from each other: one makes examples, the other tells them from real ones."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from nets.objectives.base import ObjectiveConfig, objective
from nets.optimizers import Adam, OptimizerUnion
from nets.problems import Problem

if TYPE_CHECKING:
    from torch import nn

    from nets.datasets import DataInfo
    from nets.experiment import Experiment
    from nets.objectives.adversaries import AdversarialRule

Turns = Annotated[int, Field(ge=1, le=20)]
USUAL = Adam(learning_rate=0.0002, beta1=0.5)
"""Radford et al. (2015)."""


@objective
class Adversarial(ObjectiveConfig):
    """Goodfellow et al. (2014) and what came after; ``train.optimizer`` is the generator's."""

    help = "A generator against a discriminator: make examples that can't be told from real ones"
    usual_optimizer = USUAL
    kind: Literal["adversarial"] = "adversarial"
    loss: Literal["non_saturating", "bce", "least_squares", "wasserstein"] = "non_saturating"
    """The game. bce is the first formula, whose generator learns slowly while it loses; wasserstein needs its slope
    held, by the gradient penalty or by spectral norm."""
    optimizer: OptimizerUnion = USUAL
    """How the discriminator's weights move."""
    discriminator_steps: Turns = 1
    """Steps of the discriminator for each turn of the generator; each takes a batch of its own."""
    generator_steps: Turns = 1
    """Steps of the generator in its turn."""
    label_smoothing: Annotated[float, Field(ge=0, le=0.5)] = 0.0
    """How far below 1 real examples are called: keeps the discriminator from being too sure."""
    gradient_penalty: Annotated[float, Field(ge=0, le=1000)] = 0.0
    """Weight of the discriminator's slope being other than 1 between real and fake."""
    average: Annotated[float, Field(ge=0, lt=1)] = 0.0
    """Memory of a running mean of the generator's weights, which then makes the examples; 0 for none, 0.99 is usual."""

    def bind(self, experiment: "Experiment") -> "AdversarialRule":
        """Return the rule for an experiment."""
        from nets.objectives.adversaries import AdversarialRule

        return AdversarialRule(experiment, self)

    def faults(self, experiment: "Experiment", info: "DataInfo") -> Iterator[Problem]:  # noqa: ARG002
        """Refuse what has no meaning in a game: a loss to go by, its curvature, its end."""
        train = experiment.train
        if train.loss != "auto":
            message = f"the game's losses are in train.objective.loss, and {train.loss} is none of them; take auto"
            yield Problem("train.loss", message)
        for path, optimizer in (("train.optimizer", train.optimizer), ("train.objective.optimizer", self.optimizer)):
            if optimizer.takes_closure:
                message = f"{optimizer.kind} needs a loss that stays the same, and the opponent moves it; take adam"
                yield Problem(f"{path}.kind", message)
        for name in ("l1", "l2"):
            if getattr(train, name):
                yield Problem(f"train.{name}", "is not for two networks; take an optimizer with weight_decay, and 0")
        if train.early_stopping:
            message = "a game's losses don't say when to stop; take none, and a target or max_epochs"
            yield Problem("train.early_stopping", message)
        if train.schedule.kind == "plateau":
            yield Problem(
                "train.schedule.kind", "plateau waits for a loss to stop falling, and a game's don't; take cosine"
            )
        if self.loss == "wasserstein" and not (
            self.gradient_penalty or getattr(experiment.model, "spectral_norm", False)
        ):
            message = "wasserstein needs the discriminator's slope held; take 10, or 0 with model.spectral_norm"
            yield Problem("train.objective.gradient_penalty", message)
        if self.loss == "wasserstein" and self.label_smoothing:
            yield Problem("train.objective.label_smoothing", "wasserstein has no labels to smooth; take 0")

    def metrics(self, experiment: "Experiment", info: "DataInfo") -> tuple[str, ...]:  # noqa: ARG002
        """Return both losses, what the discriminator gets right and, in the plane, how the points lie."""
        names = ("loss", "discriminator_loss", "real_accuracy", "fake_accuracy")
        if experiment.data.kind != "distribution":
            return names
        return (*names, "kl", "js", *(("modes", "good") if experiment.data.modes() else ()))

    def extend(self, model: "nn.Module") -> None:
        """Put a copy of the generator beside it, for the running mean."""
        import copy

        if self.average:
            model.average = copy.deepcopy(model.generator).requires_grad_(False)

    def take_over(self, old: "nn.Module", new: "nn.Module") -> None:
        """Start a running mean that was not there before with the weights of the generator."""
        if self.average and not hasattr(old, "average"):
            new.average.load_state_dict(new.generator.state_dict())  # type: ignore[union-attr]
