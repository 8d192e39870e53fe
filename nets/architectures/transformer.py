"""The transformer: steps that attend to each other."""

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from nets.activations import ACTIVATIONS
from nets.architectures.base import ActivationName, CannotBuild, InitializerName, Room, architecture
from nets.architectures.sequence import Readout, SequenceConfig, embedding_room
from nets.datasets.base import DataInfo

if TYPE_CHECKING:
    from torch import nn


@architecture
class Transformer(SequenceConfig):
    """Places, attention blocks that normalize first, a read-out. Vaswani et al. (2017)."""

    help = "Steps that attend to each other, in several ways at once"
    kind: Literal["transformer"] = "transformer"
    d_model: Annotated[int, Field(ge=1, le=1024)] = 32
    """Numbers that describe a step; those of a token, where the steps are tokens."""
    num_heads: Annotated[int, Field(ge=1, le=32)] = 4
    """Ways of attending, each over its part of the numbers."""
    num_layers: Annotated[int, Field(ge=1, le=24)] = 2
    """Blocks: attention, then two dense layers."""
    feedforward_size: Annotated[int, Field(ge=1, le=8192)] = 64
    """Neurons between the two dense layers of a block."""
    positions: Literal["learned", "sinusoidal"] = "sinusoidal"
    """How a step knows where it stands: learnt, or by waves of many lengths."""
    causal: bool = False
    """A step sees itself and those before it alone."""
    readout: Readout = "mean"
    """What the answer is read off: the last step, the mean or the maximum over all steps, or every step by itself."""
    activation: ActivationName = "gelu"
    """Between the two dense layers of a block."""
    norm: Literal["layer"] = "layer"
    """A transformer normalizes each step before attention and before the dense layers, and at the end."""
    initializer: InitializerName = "xavier_uniform"
    """How the weights start."""

    def check(self, data: DataInfo) -> None:
        """Refuse what is no sequence, heads that do not share ``d_model`` evenly, and seeing what is asked for."""
        super().check(data)
        if self.d_model % self.num_heads:
            fitting = [heads for heads in range(1, 33) if not self.d_model % heads]
            message = (
                f"{self.num_heads} heads can't share a d_model of {self.d_model} evenly; "
                f"choose from {', '.join(map(str, fitting))}, or another d_model"
            )
            raise CannotBuild("num_heads", message)
        if data.per_step and not self.causal:
            raise CannotBuild("causal", "every step would see what follows it; take true")

    def fitted(self, data: DataInfo) -> "Transformer":
        """Return these settings with a fitting read-out and view."""
        fitted = super().fitted(data)
        assert isinstance(fitted, Transformer)
        return fitted.model_copy(update={"causal": True}) if data.per_step else fitted

    def room(self, data: DataInfo, num_outputs: int) -> Room:
        """Return what blocks and output hold; attention counts as its whole table."""
        numbers, steps, inner = self.d_model, data.input_shape[0], self.feedforward_size
        room = embedding_room(data, numbers)
        if not data.vocab_size:
            room += Room(data.input_shape[1] * numbers + numbers, steps * numbers)
        room += Room(steps * numbers if self.positions == "learned" else 0, steps * numbers)
        weights = 4 * numbers * (numbers + 1) + inner * (numbers + 1) + numbers * (inner + 1) + 4 * numbers
        block = Room(weights, steps * (9 * numbers + 2 * inner + 2 * self.num_heads * steps))
        for _ in range(self.num_layers):
            room += block
        return room + Room(2 * numbers, steps * numbers) + self.head_room(data, numbers, num_outputs)

    def build(self, data: DataInfo, num_outputs: int) -> "nn.Module":
        """Return the network, (B, T, D) or tokens (B, T) → (B, num_outputs), or (B, T, num_outputs)."""
        from torch import nn

        from nets.modules.attention import AttentionBlock, Places, TransformerCore

        places = Places(data.input_shape[0], self.d_model, self.positions == "learned")
        blocks = [
            AttentionBlock(
                self.d_model,
                self.num_heads,
                self.feedforward_size,
                ACTIVATIONS.get(self.activation).build(),
                self.dropout,
                self.causal,
            )
            for _ in range(self.num_layers)
        ]
        core = TransformerCore(
            places,
            nn.Sequential(*blocks),
            nn.LayerNorm(self.d_model),
            None if data.vocab_size else nn.Linear(data.input_shape[1], self.d_model),
        )
        return self.assembled(core, data, width=self.d_model, num_outputs=num_outputs, embedding_dim=self.d_model)
