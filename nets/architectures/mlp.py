"""The multilayer perceptron: dense layers, one after the other."""

import math
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field, model_validator

from nets.architectures.base import (
    ArchitectureConfig,
    CannotBuild,
    Dropout,
    Room,
    Width,
    architecture,
    assemble,
    dense_layers,
    dense_room,
)
from nets.architectures.sequence import EmbeddingSize, assembled, embedding_room
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
    embedding_dim: EmbeddingSize = 32
    """Numbers that describe a token, where the input is tokens: the network sees their mean, a bag of words."""

    @model_validator(mode="after")
    def _a_dropout_for_each_layer(self) -> "MLP":
        if isinstance(self.dropout, tuple) and len(self.dropout) != len(self.hidden_sizes):
            raise ValueError(
                f"dropout has {len(self.dropout)} values for {len(self.hidden_sizes)} hidden layers; "
                "give one number, or one for each hidden layer"
            )
        return self

    def check(self, data: DataInfo) -> None:
        """Accept any data that ask for one answer."""
        if data.per_step:
            raise CannotBuild("kind", "these data ask for an answer at every step, and an mlp gives one; pick rnn")

    def layer_dropout(self) -> tuple[float, ...]:
        """Return the dropout of each hidden layer."""
        return self.dropout if isinstance(self.dropout, tuple) else (self.dropout,) * len(self.hidden_sizes)

    def room(self, data: DataInfo, num_outputs: int) -> Room:
        """Return what the dense layers hold."""
        if data.vocab_size:
            room = dense_room(self.hidden_sizes, first=self.embedding_dim, norm=self.norm, num_outputs=num_outputs)
            return room + embedding_room(data, self.embedding_dim)
        return dense_room(self.hidden_sizes, first=math.prod(data.input_shape), norm=self.norm, num_outputs=num_outputs)

    def build(self, data: DataInfo, num_outputs: int) -> "nn.Module":
        """Return the network, (B, *input_shape) → (B, num_outputs)."""
        from torch import nn

        if data.vocab_size:
            return self._bag_of_words(data, num_outputs)
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

    def _bag_of_words(self, data: DataInfo, num_outputs: int) -> "nn.Module":
        from nets.modules.sequences import PassThrough

        return assembled(
            PassThrough(),
            self,
            data,
            width=self.embedding_dim,
            num_outputs=num_outputs,
            embedding_dim=self.embedding_dim,
            dense_sizes=self.hidden_sizes,
            readout="mean",
            dropout=self.layer_dropout(),
        )
