"""The vision transformer: a picture as a row of squares that attend to each other."""

from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field

from nets.activations import ACTIVATIONS
from nets.architectures.base import (
    ActivationName,
    ArchitectureConfig,
    CannotBuild,
    Dropout,
    InitializerName,
    Room,
    architecture,
    assemble,
    dense_room,
)
from nets.datasets.base import DataInfo
from nets.initializers import INITIALIZERS

if TYPE_CHECKING:
    from torch import nn


@architecture
class ViT(ArchitectureConfig):
    """Squares of the picture, their learnt places, encoder layers, a read-out. Dosovitskiy et al. (2020)."""

    help = "A picture cut into squares that attend to each other"
    kind: Literal["vit"] = "vit"
    patch: Annotated[int, Field(ge=1, le=64)] = 4
    """Height and width of a square, in pixels."""
    d_model: Annotated[int, Field(ge=1, le=1024)] = 64
    """Numbers that describe a square."""
    num_heads: Annotated[int, Field(ge=1, le=32)] = 4
    """Ways of attending, each over its part of the numbers."""
    num_layers: Annotated[int, Field(ge=1, le=48)] = 4
    """Encoder layers: attention, then two dense layers."""
    feed_forward: Annotated[int, Field(ge=1, le=8)] = 2
    """How many times wider a layer is between its two dense layers."""
    readout: Literal["token", "mean"] = "token"
    """What the class is read off: a token of its own in front of the squares, or the mean over the squares."""
    activation: ActivationName = "gelu"
    """Between the two dense layers of each encoder layer."""
    norm: Literal["layer"] = "layer"
    """A transformer normalizes each square before attention and before the dense layers, and at the end."""
    initializer: InitializerName = "xavier_uniform"
    """How the weights start, those of attention too."""
    dropout: Dropout = 0.0
    """Share of attention and of each layer's outputs set to zero while training."""

    def check(self, data: DataInfo) -> None:
        """Refuse what is no picture, squares that do not fill it, and heads that do not share ``d_model`` evenly."""
        if len(data.input_shape) != 3:
            raise CannotBuild("kind", "a vit cuts pictures into squares, and these data are none; pick mlp")
        _, height, width = data.input_shape
        if height % self.patch or width % self.patch:
            fitting = [side for side in range(1, 65) if not height % side and not width % side]
            raise CannotBuild(
                "patch",
                f"squares of {self.patch}×{self.patch} do not fill pictures of {height}×{width}; "
                f"choose from {', '.join(map(str, fitting))}",
            )
        if self.d_model % self.num_heads:
            fitting = [heads for heads in range(1, 33) if not self.d_model % heads]
            raise CannotBuild(
                "num_heads",
                f"{self.num_heads} heads can't share a d_model of {self.d_model} evenly; "
                f"choose from {', '.join(map(str, fitting))}, or another d_model",
            )

    def _squares(self, data: DataInfo) -> int:
        return (data.input_shape[1] // self.patch) * (data.input_shape[2] // self.patch)

    def room(self, data: DataInfo, num_outputs: int) -> Room:
        """Return what squares, encoder layers and output hold; attention counts as its whole table."""
        numbers, squares = self.d_model, self._squares(data)
        tokens = squares + (self.readout == "token")
        room = Room(data.input_shape[0] * self.patch**2 * numbers + numbers, squares * numbers)
        room += Room(tokens * numbers, tokens * numbers * (2 if self.dropout else 1))
        inner = self.feed_forward * numbers
        weights = 4 * numbers * (numbers + 1) + inner * (numbers + 1) + numbers * (inner + 1) + 4 * numbers
        layer = Room(weights, tokens * (9 * numbers + 2 * inner + 2 * self.num_heads * tokens))
        for _ in range(self.num_layers):
            room += layer
        room += Room(2 * numbers, (tokens + 1) * numbers)
        return room + dense_room((), first=numbers, norm="none", num_outputs=num_outputs)

    def build(self, data: DataInfo, num_outputs: int) -> "nn.Module":
        """Return the network, (B, C, H, W) → (B, num_outputs)."""
        from torch import nn

        from nets.modules.patches import EncoderBlock, Patches, Positions, ReadOut

        has_token = self.readout == "token"
        modules: list[tuple[str, Any]] = [
            ("patches", Patches(data.input_shape[0], self.d_model, self.patch)),
            ("positions", Positions(self._squares(data), self.d_model, has_token)),
        ]
        if self.dropout:
            modules.append(("drop", nn.Dropout(self.dropout)))
        inner = self.feed_forward * self.d_model
        for place in range(1, self.num_layers + 1):
            activation = ACTIVATIONS.get(self.activation).build()
            modules.append(
                (f"block{place}", EncoderBlock(self.d_model, self.num_heads, inner, activation, self.dropout))
            )
        modules += [("norm", nn.LayerNorm(self.d_model)), ("readout", ReadOut(has_token))]
        model = assemble(modules, self, last=self.d_model, num_outputs=num_outputs)
        self._start_attention(model)
        return model

    def _start_attention(self, model: "nn.Module") -> None:
        """Start what makes queries, keys and values too: torch keeps the three in one matrix of another name."""
        from torch import nn

        initializer = INITIALIZERS.get(self.initializer)
        if initializer.function is None:
            return
        for module in model.modules():
            if isinstance(module, nn.MultiheadAttention):
                getattr(nn.init, initializer.function)(module.in_proj_weight, **dict(initializer.arguments))
                nn.init.zeros_(module.in_proj_bias)
