"""Activation functions by name. Derivatives, saturation and dead units are what tells them apart."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from nets.registry import Registry

if TYPE_CHECKING:
    from torch import nn


@dataclass(frozen=True)
class Activation:
    """One activation function: the ``torch.nn`` class that computes it and a line about it."""

    name: str
    torch_class: str
    help: str

    def build(self) -> "nn.Module":
        """Return a fresh module; any shape in, the same shape out."""
        from torch import nn

        return getattr(nn, self.torch_class)()


ACTIVATIONS: Registry[Activation] = Registry("activation")

for _name, _torch_class, _help in (
    ("identity", "Identity", "No activation: stacked layers stay one linear map"),
    ("relu", "ReLU", "max(0, x): cheap and the usual first choice; units can die"),
    ("leaky_relu", "LeakyReLU", "ReLU with slope 0.01 below zero, so no unit dies"),
    ("elu", "ELU", "Smooth below zero, saturates at -1 (Clevert et al. 2015)"),
    ("selu", "SELU", "Scaled ELU that keeps mean 0 and variance 1 (Klambauer et al. 2017)"),
    ("gelu", "GELU", "x · Φ(x), the transformer's choice (Hendrycks and Gimpel 2016)"),
    ("silu", "SiLU", "x · sigmoid(x), also called swish (Ramachandran et al. 2017)"),
    ("tanh", "Tanh", "Between -1 and 1, centred at zero; saturates at both ends"),
    ("sigmoid", "Sigmoid", "Between 0 and 1; gradients shrink at least fourfold a layer"),
    ("softplus", "Softplus", "log(1 + exp x): a smooth ReLU"),
    ("hardtanh", "Hardtanh", "x clipped to -1 … 1: a cheap tanh"),
    ("mish", "Mish", "x · tanh(softplus x) (Misra 2019)"),
):
    ACTIVATIONS.add(_name, Activation(_name, _torch_class, _help))
