"""Learning to give back what is shown: plain, from a spoilt picture, or with few latent numbers at work."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field

from nets.losses import LOSSES
from nets.objectives.base import EVALUATION_BATCH, ObjectiveConfig, objective
from nets.objectives.making import MakingRule
from nets.optimizers import Adam
from nets.problems import Problem
from nets.seeds import derive

if TYPE_CHECKING:
    import torch
    from torch import Tensor

    from nets.datasets import DataInfo
    from nets.experiment import Experiment

LOSSES_OF_VALUES = ("mse", "l1", "huber")


@objective
class Reconstruction(ObjectiveConfig):
    """Hinton and Salakhutdinov (2006); denoising after Vincent et al. (2008)."""

    help = "Give back what is shown, through a bottleneck"
    usual_optimizer = Adam()
    kind: Literal["reconstruction"] = "reconstruction"
    noise: Literal["none", "gaussian", "mask", "salt_pepper"] = "none"
    """How inputs are spoilt before they are shown: the network learns to undo it."""
    noise_amount: Annotated[float, Field(ge=0, le=2)] = 0.5
    """Standard deviation of gaussian noise, or the share of numbers that is set to 0, or to -1 or 1."""
    sparsity: Annotated[float, Field(ge=0, le=10)] = 0.0
    """Pull of every latent number towards zero (L1): few of them speak at a time."""

    def bind(self, experiment: "Experiment") -> "ReconstructionRule":
        """Return the rule for an experiment."""
        return ReconstructionRule(experiment, self)

    def faults(self, experiment: "Experiment", info: "DataInfo") -> Iterator[Problem]:  # noqa: ARG002
        """Refuse losses that compare classes."""
        name = experiment.train.loss
        if name not in ("auto", *LOSSES_OF_VALUES):
            usable = ", ".join(("auto", *LOSSES_OF_VALUES))
            message = (
                f"{name} compares classes, and a reconstruction is compared number by number; choose from {usable}"
            )
            yield Problem("train.loss", message)
        if self.noise != "none" and self.noise != "gaussian" and self.noise_amount > 1:
            message = f"got {self.noise_amount:g}; {self.noise} takes a share of the numbers, at most 1"
            yield Problem("train.objective.noise_amount", message)

    def metrics(self, experiment: "Experiment", info: "DataInfo") -> tuple[str, ...]:  # noqa: ARG002
        """Return loss, error and, where a class is hidden, how well the error finds it."""
        return ("loss", "error", *(("auc",) if getattr(experiment.data, "hidden_class", "") else ()))


class ReconstructionRule(MakingRule):
    """A loss between inputs and what the network makes of them, spoilt or not."""

    def __init__(self, experiment: "Experiment", config: Reconstruction) -> None:
        super().__init__(experiment)
        self.config = config
        self.draws = config.noise != "none"
        name = experiment.train.loss
        self.function = LOSSES.get("mse" if name == "auto" else name).function

    def training_loss(self, model: Any, x: "Tensor", targets: "Tensor", epoch: int = 0) -> "Tensor":  # noqa: ARG002
        """Return the mean loss of a batch, with the pull on the latent numbers."""
        from torch.nn import functional

        code = model.encoder(self.spoilt(x, None))
        outputs = self.decoded(model, code, targets)
        if self.config.sparsity:
            return getattr(functional, self.function)(outputs, x) + self.config.sparsity * code.abs().mean()
        return getattr(functional, self.function)(outputs, x)

    def spoilt(self, x: "Tensor", generator: "torch.Generator | None") -> "Tensor":
        """Return inputs as the network is shown them; ``generator`` draws the noise, or torch's own."""
        import torch

        if self.config.noise == "none":
            return x
        if self.config.noise == "gaussian":
            return x + self.config.noise_amount * torch.randn(x.shape, generator=generator).to(x.device)
        chance = torch.rand(x.shape, generator=generator).to(x.device)
        if self.config.noise == "mask":
            return x * (chance >= self.config.noise_amount)
        spots = torch.where(chance < self.config.noise_amount / 2, -1.0, 1.0)
        return torch.where(chance < self.config.noise_amount, spots, x)

    def evaluate(self, model: Any, x: "Tensor", targets: "Tensor", labels: "Tensor") -> dict[str, float]:
        """Return the loss, and the mean squared error of what was not spoilt; its AUC where a class is hidden.

        The noise is the same each time.
        """
        import torch
        from torch.nn import functional

        starts = range(0, len(x), EVALUATION_BATCH)
        errors = torch.cat(
            [
                self.errors(model, x[start : start + EVALUATION_BATCH], targets[start : start + EVALUATION_BATCH])
                for start in starts
            ]
        )
        metrics = {"loss": errors.mean().item()}
        if self.config.noise != "none" or self.function != "mse_loss":
            generator, total = torch.Generator().manual_seed(derive(self.seed, "evaluation")), 0.0
            for start in starts:
                piece = x[start : start + EVALUATION_BATCH]
                code = model.encoder(self.spoilt(piece, generator))
                outputs = self.decoded(model, code, targets[start : start + EVALUATION_BATCH])
                total += getattr(functional, self.function)(outputs, piece).item() * len(piece)
            metrics["loss"] = total / len(x)
        metrics["error"] = errors.mean().item()
        if self.hidden_label is not None:
            metrics.update(self.strangeness(errors, labels))
        return metrics
