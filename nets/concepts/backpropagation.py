"""Backpropagation by hand: a network of two inputs, two hidden units and one output, without autograd.

The chain rule as in Goodfellow, Bengio and Courville (2016), chapter 6.5, after Rumelhart, Hinton and Williams (1986).
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING

import numpy as np

from nets.activations import ACTIVATIONS
from nets.datasets.base import DataInfo
from nets.losses import LOSSES

if TYPE_CHECKING:
    from torch import Tensor

SLOPE_OF_SELU = 1.0507009873554805
FALL_OF_SELU = 1.6732632423543772
LOSSES_BY_HAND = ("mse", "bce")
Slope = Callable[["Tensor"], "Tensor"]


@dataclass(frozen=True)
class Weights:
    """Weights, or their gradients; float64.

    Args:
        hidden: W¹ (2, 2): a row for each hidden unit, a column for each input.
        hidden_bias: b¹ (2,).
        output: W² (2,): one for each hidden unit.
        output_bias: b² ().
    """

    hidden: np.ndarray
    hidden_bias: np.ndarray
    output: np.ndarray
    output_bias: np.ndarray

    def flat(self) -> np.ndarray:
        """Return all nine numbers, (9,)."""
        return np.concatenate([np.ravel(getattr(self, field.name)) for field in fields(self)])

    def moved(self, gradients: "Weights", learning_rate: float) -> "Weights":
        """Return W - learning rate · ∂L/∂W: one step of gradient descent."""
        return Weights(
            *(getattr(self, field.name) - learning_rate * getattr(gradients, field.name) for field in fields(self))
        )


@dataclass(frozen=True)
class Case:
    """One example and the network that sees it.

    Args:
        inputs: x (2,).
        target: y, the true value; for bce the true class, 0 or 1.
        weights: all weights.
        activation: name of the hidden units' activation, one of ``SLOPES``.
        loss: "mse" on the output as it is, or "bce" on its sigmoid.
    """

    inputs: np.ndarray
    target: float
    weights: Weights
    activation: str
    loss: str


@dataclass(frozen=True)
class Forward:
    """What goes forward: z¹ (2,), a¹ (2,), z² (), the prediction ŷ () and the loss L ()."""

    hidden_sums: np.ndarray
    hidden: np.ndarray
    output_sum: float
    prediction: float
    loss: float


@dataclass(frozen=True)
class Backward:
    """What comes back.

    Args:
        output_sum: ∂L/∂z² ().
        hidden: ∂L/∂a¹ (2,).
        slopes: f′(z¹) (2,).
        hidden_sums: ∂L/∂z¹ (2,).
        weights: ∂L/∂W and ∂L/∂b of both layers.
    """

    output_sum: float
    hidden: np.ndarray
    slopes: np.ndarray
    hidden_sums: np.ndarray
    weights: Weights


def forward(case: Case) -> Forward:
    """Return what the network computes, layer by layer: z = Wa + b, then a = f(z)."""
    import torch

    sums = case.weights.hidden @ case.inputs + case.weights.hidden_bias
    with torch.no_grad():
        hidden = ACTIVATIONS.get(case.activation).build()(torch.from_numpy(sums)).numpy()
    output = float(case.weights.output @ hidden + case.weights.output_bias)
    if case.loss == "mse":
        return Forward(sums, hidden, output, output, (output - case.target) ** 2)
    # -y ln ŷ - (1 - y) ln(1 - ŷ), written so that no logarithm of 0 is taken
    loss = max(output, 0.0) - output * case.target + math.log1p(math.exp(-abs(output)))
    return Forward(sums, hidden, output, _logistic(output), loss)


def backward(case: Case, went: Forward) -> Backward:
    """Return every gradient of the loss by the chain rule, from the output back to the first weights."""
    error = went.prediction - case.target
    output_sum = 2 * error if case.loss == "mse" else error
    hidden = output_sum * case.weights.output
    slopes = slope(case.activation, went.hidden_sums)
    sums = hidden * slopes
    gradients = Weights(np.outer(sums, case.inputs), sums, output_sum * went.hidden, np.array(output_sum))
    return Backward(output_sum, hidden, slopes, sums, gradients)


def by_autograd(case: Case) -> tuple[float, Weights]:
    """Return loss and gradients of the same network, built of the engine's own layers and differentiated by PyTorch."""
    import torch

    first, second = torch.nn.Linear(2, 2).double(), torch.nn.Linear(2, 1).double()
    parameters = (first.weight, first.bias, second.weight, second.bias)
    with torch.no_grad():
        for parameter, field in zip(parameters, fields(case.weights), strict=True):
            parameter.copy_(torch.as_tensor(getattr(case.weights, field.name)).reshape(parameter.shape))
    network = torch.nn.Sequential(first, ACTIVATIONS.get(case.activation).build(), second)
    info = DataInfo("regression" if case.loss == "mse" else "binary", (2,), 1)
    output = network(torch.from_numpy(case.inputs)[None])
    loss = LOSSES.get(case.loss).bind(info)(output, torch.tensor([[case.target]], dtype=torch.float64))
    w1, b1, w2, b2 = (gradient.numpy() for gradient in torch.autograd.grad(loss, parameters))
    return float(loss.detach()), Weights(w1, b1, w2[0], b2[0])


def after_update(case: Case, gradients: Weights, learning_rate: float) -> Case:
    """Return the case after one step of gradient descent."""
    return replace(case, weights=case.weights.moved(gradients, learning_rate))


def slope(activation: str, z: np.ndarray) -> np.ndarray:
    """Return f′(z), of the shape of ``z``, by the formula that stands in a book."""
    import torch

    return SLOPES[activation](torch.from_numpy(np.asarray(z, dtype=np.float64))).numpy()


def _logistic(z: float) -> float:
    return 1 / (1 + math.exp(-z)) if z >= 0 else math.exp(z) / (1 + math.exp(z))


def _gelu(z: "Tensor") -> "Tensor":
    import torch

    return torch.special.ndtr(z) + z * torch.exp(-z * z / 2) / math.sqrt(2 * math.pi)


def _mish(z: "Tensor") -> "Tensor":
    import torch

    bent = torch.tanh(torch.nn.functional.softplus(z))
    return bent + z * torch.sigmoid(z) * (1 - bent * bent)


SLOPES: dict[str, Slope] = {
    "identity": lambda z: z * 0 + 1,
    "relu": lambda z: (z > 0).double(),
    "leaky_relu": lambda z: (z > 0).double() * 0.99 + 0.01,
    "elu": lambda z: z.clamp(max=0).exp(),
    "selu": lambda z: SLOPE_OF_SELU * ((z > 0).double() + (z <= 0).double() * FALL_OF_SELU * z.clamp(max=0).exp()),
    "gelu": _gelu,
    "silu": lambda z: z.sigmoid() * (1 + z * (1 - z.sigmoid())),
    "tanh": lambda z: 1 - z.tanh() ** 2,
    "sigmoid": lambda z: z.sigmoid() * (1 - z.sigmoid()),
    "softplus": lambda z: z.sigmoid(),
    "hardtanh": lambda z: (z.abs() < 1).double(),
    "mish": _mish,
}
"""f′ of each activation, written out."""

SLOPE_FORMULAS: dict[str, str] = {
    "identity": "1",
    "relu": r"1 \text{ if } z > 0 \text{ else } 0",
    "leaky_relu": r"1 \text{ if } z > 0 \text{ else } 0.01",
    "elu": r"1 \text{ if } z > 0 \text{ else } e^z",
    "selu": r"1.0507 \cdot (1 \text{ if } z > 0 \text{ else } 1.6733\, e^z)",
    "gelu": r"\Phi(z) + z\, \varphi(z)",
    "silu": r"\sigma(z)\,(1 + z\,(1 - \sigma(z)))",
    "tanh": r"1 - \tanh^2 z",
    "sigmoid": r"\sigma(z)\,(1 - \sigma(z))",
    "softplus": r"\sigma(z)",
    "hardtanh": r"1 \text{ if } |z| < 1 \text{ else } 0",
    "mish": r"\tanh s + z\, \sigma(z)\,(1 - \tanh^2 s),\ s = \ln(1 + e^z)",
}
"""The same in LaTeX."""
