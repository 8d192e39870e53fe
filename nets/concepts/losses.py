"""Losses beside their gradients, by autograd: against the prediction, with an outlier, on logits."""

from dataclasses import dataclass

import numpy as np

from nets.datasets.base import DataInfo, Task
from nets.losses import LOSSES, BoundLoss

REACH = 4.0
"""Predictions go from -REACH to REACH."""
HALVINGS = 50
"""Of the stretch in which the best constant lies."""
VALUES = (-1.6, -1.4, -1.2, -0.9, -0.8, 1.2, 1.6, 1.9)
"""What the best constant has to fit, besides the outlier."""


def names(task: Task) -> tuple[str, ...]:
    """Return the losses that take one output for ``task``: a number for regression, a score for two classes."""
    encodings = ("value",) if task == "regression" else ("signed", "zero_one")
    return tuple(loss.name for loss in LOSSES if loss.encoding(task) in encodings)


def value_and_gradient(name: str, task: Task, prediction: np.ndarray, target: float) -> tuple[np.ndarray, np.ndarray]:
    """Return loss and its gradient, each (N,) float64, for each prediction (N,) by itself.

    Args:
        name: of the loss, one of ``names(task)``.
        task: "regression", or "binary", where predictions are scores: sure of class 1 far above 0.
        prediction: (N,).
        target: the true value, or the true class, 0 or 1.
    """
    import torch

    loss = _bound(name, task)
    at = torch.tensor(prediction, dtype=torch.float64, requires_grad=True)
    if task == "regression":
        wanted = torch.full((len(prediction), 1), target, dtype=torch.float64)
    else:
        wanted = loss.targets(torch.full((len(prediction),), int(target))).double()
    values = torch.func.vmap(lambda output, aim: loss(output[None], aim[None]))(at[:, None], wanted)
    (gradient,) = torch.autograd.grad(values.sum(), at)
    return values.detach().numpy(), gradient.numpy()


def best_constant(name: str, values: tuple[float, ...]) -> float:
    """Return the one prediction for all ``values`` that has the least loss, found by following the gradient's sign.

    The loss must be convex; mse, l1 and huber are.
    """
    import torch

    loss = _bound(name, "regression")
    targets = torch.tensor(values, dtype=torch.float64)[:, None]
    low, high = min(values), max(values)
    for _ in range(HALVINGS):
        constant = torch.tensor((low + high) / 2, dtype=torch.float64, requires_grad=True)
        (slope,) = torch.autograd.grad(loss(constant.expand_as(targets), targets), constant)
        low, high = (low, constant.item()) if slope > 0 else (constant.item(), high)
    return (low + high) / 2


@dataclass(frozen=True)
class Logits:
    """Cross-entropy on the logits of one example: ``softmax`` (K,), the loss, and its ``gradient`` (K,) by autograd.

    ``by_formula`` (K,) is softmax - one-hot, what the gradient must be.
    """

    softmax: np.ndarray
    loss: float
    gradient: np.ndarray
    by_formula: np.ndarray


def cross_entropy(logits: tuple[float, ...], label: int) -> Logits:
    """Return softmax, loss and gradient for raw scores of K classes of which ``label`` is the true one."""
    import torch

    info = DataInfo("multiclass", (1,), len(logits))
    scores = torch.tensor([logits], dtype=torch.float64, requires_grad=True)
    bound = LOSSES.get("cross_entropy").bind(info)
    loss = bound(scores, torch.tensor([label]))
    (gradient,) = torch.autograd.grad(loss, scores)
    shares = bound.shares(scores.detach())[0].numpy()
    return Logits(shares, float(loss.detach()), gradient[0].numpy(), shares - np.eye(len(logits))[label])


def _bound(name: str, task: Task) -> BoundLoss:
    return LOSSES.get(name).bind(DataInfo(task, (1,), 2 if task == "binary" else 1))
