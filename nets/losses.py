"""Loss functions by name: which tasks they suit, how they want their targets, how their outputs read."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from nets.datasets.base import DataInfo, Task
from nets.registry import Registry

if TYPE_CHECKING:
    from torch import Tensor

Encoding = Literal["value", "signed", "zero_one", "index", "one_hot", "multi_hot"]
"""How a loss wants its targets: float values; ±1; 0 or 1; a class index; a 0/1 column for each class,
of which one is 1, or any number."""


@dataclass(frozen=True)
class Loss:
    """One loss: the mean over a batch of a function of ``torch.nn.functional``.

    ``binary``, ``multiclass``, ``regression`` and ``multilabel`` are the encodings of the targets of that task;
    ``None`` where the loss makes no sense.
    """

    name: str
    help: str
    binary: Encoding | None
    multiclass: Encoding | None
    regression: Encoding | None
    function: str
    takes_raw_scores: bool = False
    multilabel: Encoding | None = None

    def encoding(self, task: Task) -> Encoding | None:
        """Return how targets of ``task`` are encoded; None where the loss makes no sense."""
        encodings: dict[Task, Encoding | None] = {
            "binary": self.binary,
            "multiclass": self.multiclass,
            "multilabel": self.multilabel,
            "regression": self.regression,
        }
        return encodings[task]

    def num_outputs(self, info: DataInfo) -> int:
        """Return how many outputs the network needs."""
        return 1 if self.encoding(info.task) in ("signed", "zero_one") else info.num_targets

    def bind(self, info: DataInfo) -> "BoundLoss":
        """Return the loss for these data."""
        encoding = self.encoding(info.task)
        if encoding is None:
            raise ValueError(f"{self.name} makes no sense for {info.task}")
        return BoundLoss(self, encoding, info)


@dataclass(frozen=True)
class BoundLoss:
    """A loss at work on one kind of data."""

    loss: Loss
    encoding: Encoding
    info: DataInfo

    def targets(self, labels: "Tensor") -> "Tensor":
        """Return labels (B,) int64, or values (B, K) float32, as the loss wants them."""
        from torch.nn import functional

        match self.encoding:
            case "signed":
                return (labels * 2 - 1).float()[:, None]
            case "zero_one":
                return labels.float()[:, None]
            case "one_hot":
                return functional.one_hot(labels, self.info.num_targets).float()
            case _:
                return labels

    def __call__(self, outputs: "Tensor", targets: "Tensor") -> "Tensor":
        """Return the mean loss over the batch: outputs (B, K), or (B, T, K), and encoded targets → scalar."""
        from torch.nn import functional

        if self.info.per_step and self.encoding == "index":
            return getattr(functional, self.loss.function)(outputs.flatten(0, 1), targets.flatten())  # (B · T, K)
        if self.loss.name == "hinge" and self.encoding == "signed":
            return functional.relu(1 - outputs * targets).mean()
        return getattr(functional, self.loss.function)(outputs, targets)

    def weighted(self, outputs: "Tensor", targets: "Tensor", weights: tuple[float, ...]) -> "Tensor":
        """Return the mean loss in which an example counts as much as its class; of labels, each where it is true."""
        import torch
        from torch.nn import functional

        by_class = torch.tensor(weights, device=outputs.device)
        if self.encoding == "index":
            return getattr(functional, self.loss.function)(outputs, targets, weight=by_class)
        if self.encoding == "multi_hot":
            return functional.binary_cross_entropy_with_logits(outputs, targets, pos_weight=by_class)
        each = by_class[targets.long()]
        return functional.binary_cross_entropy_with_logits(outputs, targets, weight=each / each.mean())

    def scores(self, outputs: "Tensor") -> "Tensor":
        """Return outputs (B, K) as what a map shows.

        For two classes and for values: (B, 1), -1 is class 0 and 1 class 1; values are as they are. For more classes
        or labels: (B, K) shares.
        """
        if self.info.task == "regression":
            return outputs
        shares = self.shares(outputs)
        return shares[:, 1:] - shares[:, :1] if self.info.task == "binary" else shares

    def shares(self, outputs: "Tensor") -> "Tensor":
        """Return outputs (B, K) of a classifier as one share for each class, (B, num_targets), adding up to 1.

        Several labels have each its own share, from 0 to 1.
        """
        import torch

        match self.encoding:
            case "signed":
                positive = (outputs.clamp(-1, 1) + 1) / 2
            case "zero_one":
                positive = outputs.sigmoid()
            case "index":
                return outputs.softmax(dim=2 if self.info.per_step else 1)
            case "multi_hot":
                return outputs.sigmoid()
            case _:
                shares = (outputs.sigmoid() if self.loss.takes_raw_scores else outputs.clamp(0, 1)) + 1e-6
                return shares / shares.sum(dim=1, keepdim=True)
        return torch.cat([1 - positive, positive], dim=1)

    def predicted(self, outputs: "Tensor") -> "Tensor":
        """Return the predicted class (B,) int64 of each example, (B, T) of each step.

        For several labels: 0 or 1 for each, (B, K).
        """
        if self.encoding == "multi_hot":
            return (outputs > 0).long()
        if self.encoding in ("signed", "zero_one"):
            return (outputs[:, 0] > 0).long()
        return outputs.argmax(dim=2 if self.info.per_step else 1)


LOSSES: Registry[Loss] = Registry("loss")

for _loss in (
    Loss("mse", "Squared error; for classes, distance to ±1 or to 0/1", "signed", "one_hot", "value", "mse_loss"),
    Loss("l1", "Absolute error: outliers pull less", "signed", "one_hot", "value", "l1_loss"),
    Loss("huber", "Squared near zero, absolute beyond 1 (Huber 1964)", "signed", "one_hot", "value", "huber_loss"),
    Loss("cross_entropy", "Log loss over a softmax of raw scores", "index", "index", None, "cross_entropy", True),
    Loss(
        "bce",
        "Log loss over a sigmoid of each raw score",
        "zero_one",
        "one_hot",
        None,
        "binary_cross_entropy_with_logits",
        True,
        "multi_hot",
    ),
    Loss("hinge", "Zero once the right side wins by a margin of 1", "signed", "index", None, "multi_margin_loss"),
    Loss("nll", "Log loss over log-probabilities: needs a log_softmax output", "index", "index", None, "nll_loss"),
):
    LOSSES.add(_loss.name, _loss)

AUTO: dict[Task, str] = {"binary": "bce", "multiclass": "cross_entropy", "multilabel": "bce", "regression": "mse"}
"""What ``auto`` stands for."""


def resolve(name: str, info: DataInfo) -> Loss:
    """Return the loss called ``name``; ``auto`` takes the usual one for the task."""
    usual = "cross_entropy" if info.per_step and info.task == "binary" else AUTO[info.task]
    return LOSSES.get(usual if name == "auto" else name)
