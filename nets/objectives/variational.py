"""Learning a distribution over codes: the evidence lower bound. Kingma and Welling (2013)."""

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field

from nets.objectives.base import EVALUATION_BATCH, ObjectiveConfig, objective
from nets.objectives.making import MakingRule
from nets.optimizers import Adam
from nets.problems import Problem
from nets.seeds import derive

if TYPE_CHECKING:
    from torch import Tensor

    from nets.datasets import DataInfo
    from nets.experiment import Experiment

ACTIVE = 0.01
"""Nats a latent number must carry to count as active. Burda et al. (2015) ask for a variance of the mean above 0.01."""


@objective
class Variational(ObjectiveConfig):
    """The evidence lower bound, with beta (Higgins et al. 2017), free bits (Kingma et al. 2016) and a warm-up."""

    help = "Codes that fill a space: every point of it decodes to an example"
    usual_optimizer = Adam()
    kind: Literal["variational"] = "variational"
    beta: Annotated[float, Field(ge=0, le=100)] = 1.0
    """Weight of what the codes cost; 1 is the lower bound itself, more makes codes simpler and pictures blurred."""
    free_bits: Annotated[float, Field(ge=0, le=10)] = 0.0
    """Nats that each latent number may cost for free, so that none goes silent."""
    warmup_epochs: Annotated[int, Field(ge=0, le=100_000)] = 0
    """Epochs in which beta grows from 0."""
    likelihood: Literal["auto", "bernoulli", "gaussian"] = "auto"
    """How inputs scatter around the decoder's: auto takes bernoulli for pictures, gaussian for anything else."""
    spread: Annotated[float, Field(ge=0.01, le=10)] = 0.3
    """Standard deviation of gaussian scatter."""

    def bind(self, experiment: "Experiment") -> "VariationalRule":
        """Return the rule for an experiment."""
        return VariationalRule(experiment, self)

    def faults(self, experiment: "Experiment", info: "DataInfo") -> Iterator[Problem]:  # noqa: ARG002
        """Refuse a loss of its own, and a likelihood that the numbers are out of bounds for."""
        if experiment.train.loss != "auto":
            message = (
                f"variational has a loss of its own, the lower bound, and takes no {experiment.train.loss}; take auto"
            )
            yield Problem("train.loss", message)
        if self.likelihood == "bernoulli" and not is_bounded(experiment):
            message = (
                "bernoulli needs pictures whose numbers go from -1 to 1 or from 0 to 1 (data.normalize half or unit) "
                "and model.output_activation auto; take gaussian"
            )
            yield Problem("train.objective.likelihood", message)

    def metrics(self, experiment: "Experiment", info: "DataInfo") -> tuple[str, ...]:  # noqa: ARG002
        """Return loss, lower bound and its parts."""
        hidden = ("auc",) if getattr(experiment.data, "hidden_class", "") else ()
        return ("loss", "elbo", "reconstruction", "kl", "active", "error", *hidden)


def is_bounded(experiment: "Experiment") -> bool:
    """Are inputs and outputs both within the same known bounds?"""
    from nets.compatibility import WITHIN

    within = WITHIN.get(getattr(experiment.data, "normalize", ""))
    return within is not None and experiment.model.output_activation in ("auto", within)


class VariationalRule(MakingRule):
    """What a code costs to send (KL, in nats), and what is left to send of the input then."""

    draws = True

    def __init__(self, experiment: "Experiment", config: Variational) -> None:
        super().__init__(experiment)
        self.config = config
        named = config.likelihood if config.likelihood != "auto" else None
        self.likelihood = named or ("bernoulli" if is_bounded(experiment) else "gaussian")
        self.is_half = getattr(experiment.data, "normalize", "") == "half"

    def code(self, model: Any, x: "Tensor") -> "Tensor":
        """Return the means (B, latent) of the codes of inputs."""
        return model.encoder(x)[:, : self.latent_dim]

    def training_loss(self, model: Any, x: "Tensor", targets: "Tensor", epoch: int = 0) -> "Tensor":
        """Return the mean over a batch of what is left to send and, weighted, what the codes cost."""
        import torch

        mu, logvar = model.encoder(x).chunk(2, dim=1)
        z = mu + torch.randn_like(mu) * (0.5 * logvar).exp()
        outputs = self.decoded(model, z, targets)
        costs = code_costs(mu, logvar).mean(dim=0)  # (B, latent) → (latent,)
        if self.config.free_bits:
            costs = costs.clamp(min=self.config.free_bits)
        beta = self.config.beta
        if self.config.warmup_epochs:
            beta = self.config.beta * min(1.0, epoch / self.config.warmup_epochs)
        return self.left_to_send(outputs, x).mean() + beta * costs.sum()

    def left_to_send(self, outputs: "Tensor", x: "Tensor") -> "Tensor":
        """Return minus the log-likelihood (B,) in nats of inputs, given what the decoder makes of their codes."""
        from torch.nn import functional

        if self.likelihood == "gaussian":
            scale = math.log(self.config.spread) + 0.5 * math.log(2 * math.pi)
            return (0.5 * ((outputs - x) / self.config.spread).square() + scale).flatten(1).sum(dim=1)
        if self.is_half:
            outputs, x = (outputs + 1) / 2, (x + 1) / 2
        return functional.binary_cross_entropy(outputs, x, reduction="none").flatten(1).sum(dim=1)

    def evaluate(self, model: Any, x: "Tensor", targets: "Tensor", labels: "Tensor") -> dict[str, float]:
        """Return the loss (free bits and warm-up aside), the lower bound and its parts; one draw for each example.

        ``active`` counts latent numbers that carry anything. The draws are the same each time.
        """
        import torch

        generator = torch.Generator().manual_seed(derive(self.seed, "evaluation"))
        left, costs, errors = [], [], []
        for start in range(0, len(x), EVALUATION_BATCH):
            piece = x[start : start + EVALUATION_BATCH]
            mu, logvar = model.encoder(piece).chunk(2, dim=1)
            z = mu + torch.randn(mu.shape, generator=generator).to(x.device) * (0.5 * logvar).exp()
            outputs = self.decoded(model, z, targets[start : start + EVALUATION_BATCH])
            left.append(self.left_to_send(outputs, piece))
            costs.append(code_costs(mu, logvar))
            outputs = self.decoded(model, mu, targets[start : start + EVALUATION_BATCH])
            errors.append((outputs - piece).square().flatten(1).mean(dim=1))
        reconstruction = torch.cat(left).mean().item()
        each = torch.cat(costs).mean(dim=0)
        kl = each.sum().item()
        found = torch.cat(errors)
        metrics = {
            "loss": reconstruction + self.config.beta * kl,
            "elbo": -reconstruction - kl,
            "reconstruction": reconstruction,
            "kl": kl,
            "active": float((each > ACTIVE).sum().item()),
        }
        metrics["error"] = found.mean().item()
        if self.hidden_label is not None:
            metrics.update(self.strangeness(found, labels))
        return metrics


def code_costs(mu: "Tensor", logvar: "Tensor") -> "Tensor":
    """Return the KL divergence (B, latent) in nats from a standard normal of each latent number."""
    return -0.5 * (1 + logvar - mu.square() - logvar.exp())
