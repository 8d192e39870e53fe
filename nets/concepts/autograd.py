"""Tensors and autograd: what an expression comes to, step by step, and every gradient as PyTorch's autograd has it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from nets.concepts.expressions import MAX_POWER, ExpressionError, Node

if TYPE_CHECKING:
    from torch import Tensor

MAX_RESULT = 256
"""Numbers in the result of any step."""
ELEMENTWISE = ("+", "−", "×", "÷", "**")
"""Operators that stretch what is smaller: broadcasting."""

BINARY: dict[str, Callable[["Tensor", "Tensor"], "Tensor"]] = {
    "+": lambda a, b: a + b,
    "−": lambda a, b: a - b,
    "×": lambda a, b: a * b,
    "÷": lambda a, b: a / b,
    "**": lambda a, b: a**b,
    "@": lambda a, b: a @ b,
}
UNARY: dict[str, Callable[["Tensor"], "Tensor"]] = {
    "negative": lambda a: -a,
    **{
        name: lambda a, name=name: getattr(a, name)()  # type: ignore[misc]
        for name in ("sum", "mean", "exp", "log", "tanh", "sigmoid", "relu", "sin", "cos", "sqrt", "abs")
    },
    "max": lambda a: a.amax(),
}
ALONG: dict[str, Callable[["Tensor", int], "Tensor"]] = {
    "sum": lambda a, axis: a.sum(axis),
    "mean": lambda a, axis: a.mean(axis),
    "max": lambda a, axis: a.amax(axis),
}


@dataclass(frozen=True)
class Step:
    """One tensor on the way to the result.

    Args:
        label: what made it: a name, a number, an operator or a function.
        inputs: places of the steps that it was made of.
        value: float64, of any shape.
        gradient: of the result, summed if it is not one number, with respect to this; None for numbers.
        stretched: for each input the axes of the result along which it was repeated; empty without broadcasting.
    """

    label: str
    inputs: tuple[int, ...]
    value: np.ndarray
    gradient: np.ndarray | None
    stretched: tuple[tuple[int, ...], ...] = ()

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of the value."""
        return self.value.shape


@dataclass(frozen=True)
class Result:
    """What an expression comes to: every step, inputs before what is made of them, the result last."""

    steps: tuple[Step, ...]
    names: dict[str, int]
    """The places of x, y … among the steps."""

    @property
    def value(self) -> np.ndarray:
        """What it comes to."""
        return self.steps[-1].value

    @property
    def is_summed(self) -> bool:
        """Is the result more than one number, so that the gradients are those of its sum?"""
        return self.value.size > 1

    @property
    def total(self) -> float:
        """The one number whose gradients these are."""
        return float(self.value.sum())

    def gradient(self, name: str) -> np.ndarray:
        """Return the gradient with respect to a name, of the shape of its value."""
        gradient = self.steps[self.names[name]].gradient
        assert gradient is not None
        return gradient


def compute(expression: Node, values: Mapping[str, np.ndarray]) -> Result:
    """Return value, steps and gradients of an expression.

    Args:
        expression: as ``expressions.parse`` has read it.
        values: for each name in it, float64 of any shape.

    Raises:
        ExpressionError: if shapes don't fit, or a result is too large or not finite.
    """
    import torch

    walk = _Walk({name: torch.tensor(value, dtype=torch.float64) for name, value in values.items()})
    walk.visit(expression)
    learnt = [tensor for tensor in walk.tensors if tensor.requires_grad]
    found = torch.autograd.grad(walk.tensors[-1].sum(), learnt, allow_unused=True) if learnt else ()
    gradients = {id(tensor): gradient for tensor, gradient in zip(learnt, found, strict=True)}
    steps = []
    for label, inputs, tensor, stretched in zip(walk.labels, walk.inputs, walk.tensors, walk.stretched, strict=True):
        gradient = gradients.get(id(tensor))
        known = None if gradient is None else gradient.numpy()
        steps.append(Step(label, inputs, tensor.detach().numpy(), known, stretched))
    return Result(tuple(steps), walk.names)


def nudged(expression: Node, values: Mapping[str, np.ndarray], name: str, by: float) -> tuple[float, float]:
    """Return how much the result (its sum) changes when ``by`` is added to every number of ``name``.

    The first is what happens, the second what the gradient promises: the sum of the gradient times ``by``.

    Raises:
        ExpressionError: if it can't be computed there.
    """
    before = compute(expression, values)
    after = compute(expression, {**values, name: values[name] + by})
    return after.total - before.total, float(before.gradient(name).sum()) * by


class _Walk:
    """The steps of one computation, gathered inputs first."""

    def __init__(self, values: "dict[str, Tensor]") -> None:
        self.values = values
        self.names: dict[str, int] = {}
        self.labels: list[str] = []
        self.inputs: list[tuple[int, ...]] = []
        self.tensors: list[Tensor] = []
        self.stretched: list[tuple[tuple[int, ...], ...]] = []

    def visit(self, node: Node) -> int:
        """Compute a node after its inputs, and return its place."""
        import torch

        if node.op in self.names:
            return self.names[node.op]
        if node.op in self.values:
            self.names[node.op] = len(self.tensors)
            return self._add(node.op, (), self.values[node.op].requires_grad_())
        if node.op == "number":
            return self._add(f"{node.number:g}", (), torch.tensor(node.number, dtype=torch.float64))
        inputs = tuple(self.visit(inner) for inner in node.inputs)
        operands = [self.tensors[place] for place in inputs]
        result = _applied(node, operands)
        label = node.op if not node.sizes else f"{node.op} {', '.join(map(str, node.sizes))}"
        stretched: tuple[tuple[int, ...], ...] = ()
        if node.op in ELEMENTWISE and operands[0].shape != operands[1].shape:
            stretched = tuple(_repeated(tuple(operand.shape), tuple(result.shape)) for operand in operands)
        return self._add(label, inputs, result, stretched)

    def _add(
        self, label: str, inputs: tuple[int, ...], tensor: "Tensor", stretched: tuple[tuple[int, ...], ...] = ()
    ) -> int:
        self.labels.append(label)
        self.inputs.append(inputs)
        self.tensors.append(tensor)
        self.stretched.append(stretched)
        return len(self.tensors) - 1


def _applied(node: Node, operands: "list[Tensor]") -> "Tensor":
    import torch

    shapes = [tuple(operand.shape) for operand in operands]
    if node.op == "**" and float(operands[1].detach().abs().max()) > MAX_POWER:
        most = float(operands[1].detach().abs().max())
        raise ExpressionError(f"An exponent is as large as {most:g}; it may go from -{MAX_POWER} to {MAX_POWER}.")
    try:
        if node.op == "reshape":
            result = operands[0].reshape(node.sizes)
        elif node.sizes:
            result = ALONG[node.op](operands[0], _axis(node, shapes[0]))
        else:
            result = BINARY[node.op](*operands) if len(operands) == 2 else UNARY[node.op](*operands)
    except RuntimeError:
        raise ExpressionError(_misfit(node, shapes)) from None
    if result.numel() > MAX_RESULT:
        raise ExpressionError(f"{node.op} makes {result.numel()} numbers; a step may have up to {MAX_RESULT}.")
    if not bool(torch.isfinite(result.detach()).all()):
        raise ExpressionError(
            f"{node.op} gives what is no finite number here; log needs numbers above 0, sqrt none below 0, ÷ no 0 "
            "beneath, exp nothing large, and only whole powers of what is below 0 can be taken."
        )
    return result


def _axis(node: Node, shape: tuple[int, ...]) -> int:
    (axis,) = node.sizes
    if not -len(shape) <= axis < len(shape):
        may = f"from 0 to {len(shape) - 1}" if shape else "left out: one number has no axes"
        raise ExpressionError(f"{node.op} got axis {axis} of a tensor of shape {shape}; it may be {may}.")
    return axis


def _misfit(node: Node, shapes: list[tuple[int, ...]]) -> str:
    if node.op == "reshape":
        return f"reshape can't make {node.sizes} of shape {shapes[0]}; the number of numbers must stay the same."
    first, second = shapes
    if node.op == "@":
        return f"{first} @ {second} can't be; the last size on the left must be the first of the two last on the right."
    return (
        f"{first} {node.op} {second} can't be; from the right, two sizes must be equal, or one of them 1, "
        "which is then stretched."
    )


def _repeated(shape: tuple[int, ...], whole: tuple[int, ...]) -> tuple[int, ...]:
    """Return the axes of ``whole`` along which ``shape`` was repeated, those that it lacks included."""
    lacking = len(whole) - len(shape)
    return tuple(
        axis for axis, size in enumerate(whole) if axis < lacking or (shape[axis - lacking] == 1 and size != 1)
    )
