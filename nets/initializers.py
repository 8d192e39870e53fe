"""How weights start, by name. Biases start at zero, but for PyTorch's default."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nets.registry import Registry

if TYPE_CHECKING:
    from torch import nn


@dataclass(frozen=True)
class Initializer:
    """One way to start weights: the function of ``torch.nn.init``, its arguments, and a line about it."""

    name: str
    function: str | None
    arguments: tuple[tuple[str, float | str], ...]
    help: str

    def apply(self, model: "nn.Module") -> None:
        """Start every weight matrix or kernel of ``model`` in place, drawing from torch's global generator.

        Normalization layers keep their ones and zeros: a scale drawn at random would undo what they are for. A table
        of embeddings keeps torch's start. What has weights of other names starts them itself, in ``start``.
        """
        if self.function is None:
            return
        from torch import nn

        initialize: Callable[..., object] = getattr(nn.init, self.function)
        arguments = dict(self.arguments)
        for module in model.modules():
            weight = getattr(module, "weight", None)
            if weight is None or weight.dim() < 2 or isinstance(module, nn.Embedding):
                continue
            initialize(weight, **arguments)
            if isinstance(module.bias, nn.Parameter):
                nn.init.zeros_(module.bias)
        for module in model.modules():
            if callable(start := getattr(module, "start", None)):
                start(lambda matrix: initialize(matrix, **arguments))


INITIALIZERS: Registry[Initializer] = Registry("initializer")

for _name, _function, _arguments, _help in (
    ("default", None, (), "What PyTorch does: uniform within 1/√(inputs), biases too"),
    ("xavier_uniform", "xavier_uniform_", (), "Keeps variance through tanh layers (Glorot and Bengio 2010)"),
    ("xavier_normal", "xavier_normal_", (), "The same with a normal distribution"),
    ("kaiming_uniform", "kaiming_uniform_", (("nonlinearity", "relu"),), "For ReLU layers (He et al. 2015)"),
    ("kaiming_normal", "kaiming_normal_", (("nonlinearity", "relu"),), "The same with a normal distribution"),
    ("orthogonal", "orthogonal_", (), "Rotations: lengths survive depth (Saxe et al. 2013)"),
    ("normal", "normal_", (("std", 0.1),), "Normal with standard deviation 0.1"),
    ("uniform", "uniform_", (("a", -0.5), ("b", 0.5)), "Uniform between -0.5 and 0.5, as TensorFlow Playground"),
    ("zeros", "zeros_", (), "All zero: every unit of a layer stays the same, so little is learnt"),
):
    INITIALIZERS.add(_name, Initializer(_name, _function, _arguments, _help))
