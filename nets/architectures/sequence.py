"""What networks over sequences have in common: what goes in, what is read off, how it is put together."""

from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field

from nets.architectures.base import (
    ArchitectureConfig,
    CannotBuild,
    Dropout,
    Room,
    Width,
    dense_layers,
    dense_room,
    output_module,
)
from nets.datasets.base import DataInfo
from nets.initializers import INITIALIZERS

if TYPE_CHECKING:
    from torch import nn

Readout = Literal["last", "mean", "max", "every_step"]
EmbeddingSize = Annotated[int, Field(ge=1, le=1024)]
MAX_ONE_HOT = 1000
"""Tokens that may have a column each."""


class SequenceConfig(ArchitectureConfig):
    """Settings of a network that goes along a sequence."""

    readout: Readout = "last"
    """What the answer is read off: the last step, the mean or the maximum over all steps, or every step by itself."""
    dense_sizes: Annotated[tuple[Width, ...], Field(max_length=4)] = ()
    """Neurons of each dense layer between what is read off and the output."""
    dropout: Dropout = 0.0
    """Share of each layer's outputs set to zero while training."""

    def check(self, data: DataInfo) -> None:
        """Refuse what is no sequence, and a read-out that gives other answers than the data ask for."""
        if not data.is_sequence:
            message = f"a {self.kind} goes along the steps of series and texts, and these data have none; pick mlp"
            raise CannotBuild("kind", message)
        if data.per_step != (self.readout == "every_step"):
            if data.per_step:
                raise CannotBuild("readout", f"these data ask for an answer at every step; {self.readout} gives one")
            raise CannotBuild("readout", "these data ask for one answer; every_step gives many; take last, mean or max")
        if data.per_step and self.norm == "batch" and self.dense_sizes:
            raise CannotBuild("norm", "batch norm knows no steps; take layer norm or none")

    def fitted(self, data: DataInfo) -> "SequenceConfig":
        """Return these settings with a read-out that gives as many answers as the data ask for."""
        if data.per_step == (self.readout == "every_step"):
            return self
        return self.model_copy(update={"readout": "every_step" if data.per_step else "last"})

    def head_room(self, data: DataInfo, width: int, num_outputs: int) -> Room:
        """Return what the read-out, dense layers and the output hold."""
        room = dense_room(self.dense_sizes, first=width, norm=self.norm, num_outputs=num_outputs)
        steps = data.input_shape[0] if data.per_step else 1
        return Room(room.parameters, (room.activations + width) * steps)

    def assembled(
        self,
        core: "nn.Module",
        data: DataInfo,
        *,
        width: int,
        num_outputs: int,
        embedding_dim: int,
        bidirectional: bool = False,
    ) -> "nn.Module":
        """Return the whole network around its core, whose states are ``width`` numbers, its weights started."""
        return assembled(
            core,
            self,
            data,
            width=width,
            num_outputs=num_outputs,
            embedding_dim=embedding_dim,
            dense_sizes=self.dense_sizes,
            readout=self.readout,
            dropout=(self.dropout,) * len(self.dense_sizes),
            first_dropout=self.dropout,
            bidirectional=bidirectional,
        )


def embedding_room(data: DataInfo, size: int) -> Room:
    """Return what the table of embeddings holds, if there are tokens."""
    if not data.vocab_size:
        return Room(0, 0)
    parameters = data.vocab_size * size
    return Room(parameters, data.input_shape[0] * (size or data.vocab_size))


def embedding_module(data: DataInfo, size: int) -> "nn.Module | None":
    """Return what makes numbers of tokens: a table of ``size`` numbers each, a column each for 0; None for numbers."""
    from torch import nn

    from nets.modules.sequences import PADDING, OneHot

    if not data.vocab_size:
        return None
    return nn.Embedding(data.vocab_size, size, padding_idx=PADDING) if size else OneHot(data.vocab_size)


def step_size(data: DataInfo, embedding: int) -> int:
    """Return how many numbers a step has: D, those of an embedding, or a column for each token."""
    return (embedding or data.vocab_size) if data.vocab_size else data.input_shape[1]


def assembled(
    core: "nn.Module",
    config: ArchitectureConfig,
    data: DataInfo,
    *,
    width: int,
    num_outputs: int,
    embedding_dim: int,
    dense_sizes: tuple[int, ...],
    readout: str,
    dropout: tuple[float, ...],
    first_dropout: float = 0.0,
    bidirectional: bool = False,
) -> "nn.Module":
    """Return embedding, core, read-out, dense layers and output as one network, its weights started.

    They are made in the order in which a script makes them: each draws its first weights from the same stream.

    Args:
        core: gives states (B, T, width).
        config: whose activation, norm, output activation and initializer to take.
        data: what goes in.
        width: numbers of a state.
        num_outputs: of the output layer.
        embedding_dim: numbers that describe a token; 0 for a column each.
        dense_sizes: neurons of the dense layers.
        readout: what they see.
        dropout: share dropped after each dense layer.
        first_dropout: share dropped in front of them.
        bidirectional: does the core read both ways?
    """
    from torch import nn

    from nets.modules.sequences import SequenceNetwork, StepsReadOut

    modules, last = dense_layers(
        dense_sizes, first=width, activation=config.activation, norm=config.norm, dropout=dropout, prefix="hidden"
    )
    front: list[Any] = [nn.Dropout(first_dropout)] if first_dropout else []
    head = nn.Sequential(*front, *(module for _, module in modules))
    per_step = readout == "every_step"
    model = SequenceNetwork(
        core,
        StepsReadOut(readout, bidirectional),
        head,
        nn.Linear(last, num_outputs),
        embedding_module(data, embedding_dim),
        output_module(config.output_activation, dim=2 if per_step else 1),
    )
    INITIALIZERS.get(config.initializer).apply(model)
    return model
