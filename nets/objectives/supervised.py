"""Learning from labelled examples: classes or values."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from nets.f1 import accuracy_and_f1, f1_of_labels
from nets.losses import LOSSES, BoundLoss, resolve
from nets.objectives.base import EVALUATION_BATCH, Objective, ObjectiveConfig, objective
from nets.objectives.stepwise import OF_STEPS, evaluate_steps, surprise
from nets.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Callable

    from torch import Tensor

    from nets.datasets import DataInfo
    from nets.experiment import Experiment


@objective
class Supervised(ObjectiveConfig):
    """The mean of a loss between outputs and labels."""

    help = "From examples with their answers: a class, labels or a value"
    kind: Literal["supervised"] = "supervised"
    class_weights: Annotated[tuple[Annotated[float, Field(gt=0, le=1e4)], ...], Field(max_length=1000)] = ()
    """How much an example of each class counts while training, or each label where it is true; none: all alike. Losses
    are reported without."""

    def bind(self, experiment: "Experiment") -> "SupervisedRule":
        """Return the rule for an experiment."""
        return SupervisedRule(experiment)

    def faults(self, experiment: "Experiment", info: "DataInfo") -> Iterator[Problem]:
        """Refuse a loss that compares classes where there are none, and data that have no answers at all."""
        name = experiment.train.loss
        if info.num_targets < 2 and info.task in ("binary", "multiclass"):
            message = "there is nothing to tell apart in these data; take adversarial, variational or reconstruction"
            yield Problem("train.objective.kind", message)
        if info.per_step and info.task != "regression" and name not in ("auto", *OF_STEPS):
            yield Problem("train.loss", f"{name} knows no steps; choose from auto, {', '.join(OF_STEPS)}")
        elif name != "auto" and LOSSES.get(name).encoding(info.task) is None:
            usable = ", ".join(loss.name for loss in LOSSES if loss.encoding(info.task))
            found = "any number of labels an example" if info.task == "multilabel" else "values to predict"
            message = f"{name} compares classes, and these data have {found}; choose from {usable}"
            yield Problem("train.loss", message)

        yield from self._of_weights(name, info)

    def _of_weights(self, loss: str, info: "DataInfo") -> Iterator[Problem]:
        path, count = "train.objective.class_weights", len(self.class_weights)
        if not count:
            return
        usable = {"binary": ("auto", "bce", "cross_entropy", "nll"), "multilabel": ("auto", "bce")}
        usable["multiclass"] = ("auto", "cross_entropy", "nll")
        if info.per_step or info.task not in usable:
            yield Problem(path, "weighs classes, and these data have none, or one at each step; leave it empty")
        elif count != info.num_targets:
            yield Problem(path, f"has {count} weights; there are {info.num_targets} classes or labels")
        elif loss not in usable[info.task]:
            yield Problem(path, f"goes with {', '.join(usable[info.task])}, not with {loss}; leave it empty")

    def metrics(self, experiment: "Experiment", info: "DataInfo") -> tuple[str, ...]:  # noqa: ARG002
        """Return the loss, and how much is right; of a language model also bits a token and perplexity."""
        if info.per_step and info.task != "regression":
            return ("loss", "accuracy", "bits", "perplexity") if info.vocab_size else ("loss", "accuracy")
        found: dict[str, tuple[str, ...]] = {"regression": ("r2",), "multilabel": ("accuracy", "f1", "micro_f1")}
        return ("loss", *found.get(info.task, ("accuracy", "f1")))


class SupervisedRule(Objective):
    """The mean of a loss between outputs (B, K) and labels."""

    sees_inputs = False
    steps_alike = True

    def __init__(self, experiment: "Experiment") -> None:
        info = experiment.data.info()
        loss = resolve(experiment.train.loss, info)
        self.loss: BoundLoss = loss.bind(info)
        self.num_outputs = loss.num_outputs(info)
        self.num_targets = info.num_targets
        self.has_answers = info.per_step and info.task != "regression"
        self.tells_tokens = self.has_answers and info.vocab_size > 0
        self._is_regression = info.task == "regression"
        self.weights = getattr(experiment.train.objective, "class_weights", ())
        self._has_labels = info.task == "multilabel"

    def targets(self, labels: "Tensor") -> "Tensor":
        """Return labels (B,) int64 or values (B, K) float32 as the loss wants them."""
        return self.loss.targets(labels)

    def training_loss(
        self,
        model: "Callable[[Tensor], Tensor]",
        x: "Tensor",
        targets: "Tensor",
        epoch: int = 0,  # noqa: ARG002
    ) -> "Tensor":
        """Return the mean loss of a batch."""
        if self.weights:
            return self.loss.weighted(model(x), targets, self.weights)
        return self.loss(model(x), targets)

    def scores(self, outputs: "Tensor") -> "Tensor":
        """Return outputs as a map shows them: (B, 1) around zero, or a share for each class."""
        return self.loss.scores(outputs)

    def shares(self, outputs: "Tensor") -> "Tensor":
        """Return a classifier's outputs as shares, one for each class, adding up to 1."""
        return self.loss.shares(outputs)

    def evaluate(
        self, model: "Callable[[Tensor], Tensor]", x: "Tensor", targets: "Tensor", labels: "Tensor"
    ) -> dict[str, float]:
        """Return the loss, accuracy and F1, or for values R² (1 - residual / total sum of squares, at least -1e6).

        F1 is the plain mean over the classes that occur or are predicted (macro). Of several labels an example the
        accuracy is the share of labels that are right, and ``micro_f1`` that of all labels together.
        """
        import torch

        if self.has_answers:
            found = evaluate_steps(self.loss, model, x, labels)
            return {**found, **surprise(found["loss"])} if self.tells_tokens else found
        outputs = torch.cat([model(part) for part in x.split(EVALUATION_BATCH)])
        loss = self.loss(outputs, targets).item()
        if not self._is_regression:
            predicted = self.loss.predicted(outputs)
            if self._has_labels:
                right = (predicted == labels).float().mean().item()
                by_label, together = f1_of_labels(predicted, labels)
                return {"loss": loss, "accuracy": right, "f1": by_label, "micro_f1": together}
            right, f1 = accuracy_and_f1(predicted, labels, self.num_targets)
            return {"loss": loss, "accuracy": right, "f1": f1}
        residual = (labels - outputs).square().sum().item()
        total = (labels - labels.mean(dim=0)).square().sum().item()
        metrics = {"loss": loss}
        if total > 1e-12:
            metrics["r2"] = max(1 - residual / total, -1e6)
        return metrics
