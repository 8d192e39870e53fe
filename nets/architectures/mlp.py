"""The multilayer perceptron: dense layers, one after the other."""

import math
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field, model_validator

from nets.architectures.base import (
    ArchitectureConfig,
    Dropout,
    Room,
    Width,
    architecture,
    assemble,
    dense_layers,
    dense_room,
)
from nets.datasets.base import DataInfo

if TYPE_CHECKING:
    from torch import nn


@architecture
class MLP(ArchitectureConfig):
    """Any input is flattened; each hidden layer is weights, normalization, activation, dropout."""

    help = "Dense layers, each neuron seeing all of the layer before"
    kind: Literal["mlp"] = "mlp"
    hidden_sizes: Annotated[tuple[Width, ...], Field(max_length=12)] = (4, 2)
    """Neurons of each hidden layer; none makes a linear model."""
    dropout: Dropout | Annotated[tuple[Dropout, ...], Field(max_length=12)] = 0.0
    """Share of each hidden layer's outputs set to zero while training; one number, or one for each layer."""

    @model_validator(mode="after")
    def _a_dropout_for_each_layer(self) -> "MLP":
        if isinstance(self.dropout, tuple) and len(self.dropout) != len(self.hidden_sizes):
            raise ValueError(
                f"dropout has {len(self.dropout)} values for {len(self.hidden_sizes)} hidden layers; "
                "give one number, or one for each hidden layer"
            )
        return self

    def check(self, data: DataInfo) -> None:
        """Accept any data."""

    def layer_dropout(self) -> tuple[float, ...]:
        """Return the dropout of each hidden layer."""
        return self.dropout if isinstance(self.dropout, tuple) else (self.dropout,) * len(self.hidden_sizes)

    def room(self, data: DataInfo, num_outputs: int) -> Room:
        """Return what the dense layers hold."""
        return dense_room(self.hidden_sizes, first=math.prod(data.input_shape), norm=self.norm, num_outputs=num_outputs)

    def build(self, data: DataInfo, num_outputs: int) -> "nn.Module":
        """Return the network, (B, *input_shape) → (B, num_outputs)."""
        from torch import nn

        modules, last = dense_layers(
            self.hidden_sizes,
            first=math.prod(data.input_shape),
            activation=self.activation,
            norm=self.norm,
            dropout=self.layer_dropout(),
            prefix="hidden",
        )
        if len(data.input_shape) > 1:
            modules.insert(0, ("flatten", nn.Flatten()))
        return assemble(modules, self, last=last, num_outputs=num_outputs)
