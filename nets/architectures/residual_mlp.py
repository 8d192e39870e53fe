"""Dense layers with ways around them. Gorishniy et al. (2021), "Revisiting Deep Learning Models for Tabular Data"."""

from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field

from nets.activations import ACTIVATIONS
from nets.architectures.base import Dropout, Norm, Room, architecture, assemble
from nets.architectures.table import TableNetworkConfig
from nets.datasets.base import DataInfo

if TYPE_CHECKING:
    from torch import nn


@architecture
class ResidualMLP(TableNetworkConfig):
    """Rows are brought to one width; each block adds what it computes to what it was given."""

    help = "Dense blocks with ways around them; categories become learned vectors"
    kind: Literal["residual_mlp"] = "residual_mlp"
    norm: Norm = "layer"
    """Normalization at the start of each block."""
    num_blocks: Annotated[int, Field(ge=1, le=16)] = 2
    """Blocks of two layers each."""
    width_of_blocks: Annotated[int, Field(ge=1, le=1024)] = 32
    """Numbers between blocks."""
    inner_width: Annotated[int, Field(ge=1, le=2048)] = 64
    """Neurons inside a block."""
    dropout: Dropout = 0.0
    """Share of a block's inner outputs set to zero while training."""

    def room(self, data: DataInfo, num_outputs: int) -> Room:
        """Return what the blocks hold."""
        width, inner = self.width_of_blocks, self.inner_width
        norm = 0 if self.norm == "none" else 2 * width
        block = Room(2 * width * inner + width + inner + norm, 3 * inner + 3 * width)
        room = self.front_room(data) + Room((self.width(data) + 1) * width, width)
        for _ in range(self.num_blocks):
            room += block
        return room + Room((width + 1) * num_outputs, num_outputs)

    def build(self, data: DataInfo, num_outputs: int) -> "nn.Module":
        """Return the network, (B, *input_shape) → (B, num_outputs)."""
        from torch import nn

        from nets.modules.tables import DenseBlock

        width = self.width_of_blocks
        modules: list[tuple[str, Any]] = [*self.front(data), ("project", nn.Linear(self.width(data), width))]
        for place in range(1, self.num_blocks + 1):
            activation = ACTIVATIONS.get(self.activation).build()
            modules.append((f"block{place}", DenseBlock(width, self.inner_width, activation, self.norm, self.dropout)))
        return assemble(modules, self, last=width, num_outputs=num_outputs)
