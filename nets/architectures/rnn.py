"""Recurrent networks: a cell that takes one step after the other and remembers."""

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from nets.architectures.base import CannotBuild, Norm, Room, architecture
from nets.architectures.sequence import EmbeddingSize, SequenceConfig, embedding_room, step_size
from nets.datasets.base import DataInfo

if TYPE_CHECKING:
    from torch import nn

GATES = {"rnn": 1, "gru": 3, "lstm": 4}
"""Matrices of a cell."""


@architecture
class RNN(SequenceConfig):
    """Elman (1990), the LSTM of Hochreiter and Schmidhuber (1997), the GRU of Cho et al. (2014); then a read-out."""

    help = "A cell that goes along the steps and remembers: plain, GRU or LSTM"
    kind: Literal["rnn"] = "rnn"
    cell: Literal["rnn", "gru", "lstm"] = "lstm"
    """What takes a step: the plain cell, or one with gates that keep what it remembers."""
    hidden_size: Annotated[int, Field(ge=1, le=2048)] = 32
    """Numbers that it remembers, in each direction."""
    num_layers: Annotated[int, Field(ge=1, le=8)] = 1
    """Cells on top of each other."""
    bidirectional: bool = False
    """Read the steps backwards as well."""
    nonlinearity: Literal["tanh", "relu"] = "tanh"
    """Of the plain cell."""
    forget_bias: Annotated[float, Field(ge=-10, le=10)] = 0.0
    """Of an LSTM's forget gates (Gers et al. 2000), or a GRU's update gates, at the start: the higher, the longer it
    remembers: more than the logarithm of the steps."""
    input_bias: Annotated[float, Field(ge=-10, le=10)] = 0.0
    """Of an LSTM's input gates: the lower, the less disturbs what it remembers (Tallec and Ollivier 2018)."""
    embedding_dim: EmbeddingSize = 32
    """Numbers that describe a token, where the steps are tokens."""
    norm: Norm = "none"
    """Normalization in the dense layers between what is read off and the output."""

    def check(self, data: DataInfo) -> None:
        """Refuse what is no sequence, and reading ahead where every step has an answer."""
        super().check(data)
        if data.per_step and self.bidirectional:
            raise CannotBuild("bidirectional", "read backwards, a step would know what follows it; take false")

    def fitted(self, data: DataInfo) -> "RNN":
        """Return these settings with a fitting read-out and direction."""
        fitted = super().fitted(data)
        assert isinstance(fitted, RNN)
        if not (data.per_step and self.bidirectional):
            return fitted
        return fitted.model_copy(update={"bidirectional": False})

    def width(self) -> int:
        """Return the numbers of a state."""
        return self.hidden_size * (2 if self.bidirectional else 1)

    def room(self, data: DataInfo, num_outputs: int) -> Room:
        """Return what the cells hold, gates and states of all steps."""
        steps, first = data.input_shape[0], step_size(data, self.embedding_dim)
        room = embedding_room(data, self.embedding_dim)
        directions, gates = self.width() // self.hidden_size, GATES[self.cell] * self.hidden_size
        for _ in range(self.num_layers):
            weights = gates * (first + self.hidden_size + 2)
            states = 2 * self.hidden_size if self.cell == "lstm" else self.hidden_size
            room += Room(directions * weights, directions * steps * (gates + states))
            first = self.width()
        return room + self.head_room(data, self.width(), num_outputs)

    def build(self, data: DataInfo, num_outputs: int) -> "nn.Module":
        """Return the network, (B, T, D) or tokens (B, T) → (B, num_outputs), or (B, T, num_outputs)."""
        from nets.modules.sequences import Recurrent

        core = Recurrent(
            self.cell,
            step_size(data, self.embedding_dim),
            self.hidden_size,
            self.num_layers,
            self.bidirectional,
            self.dropout,
            self.nonlinearity,
            self.forget_bias,
            self.input_bias,
        )
        return self.assembled(
            core,
            data,
            width=self.width(),
            num_outputs=num_outputs,
            embedding_dim=self.embedding_dim,
            bidirectional=self.bidirectional,
        )
