"""Learning from labelled examples: classes or values."""

from typing import TYPE_CHECKING

from nets.losses import BoundLoss, resolve
from nets.objectives.base import OBJECTIVES

if TYPE_CHECKING:
    from collections.abc import Callable

    from torch import Tensor

    from nets.experiment import Experiment

EVALUATION_BATCH = 2048


class Supervised:
    """The mean of a loss between outputs (B, K) and labels."""

    def __init__(self, experiment: "Experiment") -> None:
        info = experiment.data.info()
        loss = resolve(experiment.train.loss, info)
        self.loss: BoundLoss = loss.bind(info)
        self.num_outputs = loss.num_outputs(info)
        self._is_regression = info.task == "regression"

    def targets(self, labels: "Tensor") -> "Tensor":
        """Return labels (B,) int64 or values (B, K) float32 as the loss wants them."""
        return self.loss.targets(labels)

    def training_loss(self, model: "Callable[[Tensor], Tensor]", x: "Tensor", targets: "Tensor") -> "Tensor":
        """Return the mean loss of a batch."""
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
        """Return the loss and accuracy, or for values R² (1 - residual / total sum of squares, at least -1e6)."""
        import torch

        if len(x) <= EVALUATION_BATCH:
            outputs = model(x)
        else:
            outputs = torch.cat([model(part) for part in x.split(EVALUATION_BATCH)])
        loss = self.loss(outputs, targets).item()
        if not self._is_regression:
            right = (self.loss.predicted(outputs) == labels).float().mean().item()
            return {"loss": loss, "accuracy": right}
        residual = (labels - outputs).square().sum().item()
        total = (labels - labels.mean(dim=0)).square().sum().item()
        metrics = {"loss": loss}
        if total > 1e-12:
            metrics["r2"] = max(1 - residual / total, -1e6)
        return metrics


OBJECTIVES.add("supervised", Supervised)
