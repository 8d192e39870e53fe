"""Wide and deep: a linear model remembers, a deep network generalizes. Cheng et al. (2016)."""

from collections import OrderedDict
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field

from nets.architectures.base import Dropout, Room, Width, architecture, dense_layers, dense_room, output_module
from nets.architectures.table import TableNetworkConfig
from nets.datasets.base import DataInfo
from nets.initializers import INITIALIZERS

if TYPE_CHECKING:
    from torch import nn


@architecture
class WideAndDeepConfig(TableNetworkConfig):
    """The outputs of a linear model and of dense layers are added."""

    help = "A linear model beside dense layers; categories become learned vectors"
    kind: Literal["wide_and_deep"] = "wide_and_deep"
    hidden_sizes: Annotated[tuple[Width, ...], Field(min_length=1, max_length=12)] = (32, 16)
    """Neurons of each hidden layer of the deep way."""
    dropout: Dropout = 0.0
    """Share of each hidden layer's outputs set to zero while training."""

    def room(self, data: DataInfo, num_outputs: int) -> Room:
        """Return what both ways hold."""
        first = self.width(data)
        deep = dense_room(self.hidden_sizes, first=first, norm=self.norm, num_outputs=num_outputs)
        wide = dense_room((), first=first, norm="none", num_outputs=num_outputs)
        front = self.front_room(data)
        return front + front + deep + wide

    def build(self, data: DataInfo, num_outputs: int) -> "nn.Module":
        """Return the network, (B, *input_shape) → (B, num_outputs)."""
        from torch import nn

        from nets.modules.tables import WideAndDeep

        first = self.width(data)
        # In the order in which a script builds them: weights are drawn on the way.
        wide = nn.Sequential(OrderedDict([*self.front(data), ("linear", nn.Linear(first, num_outputs))]))
        front = self.front(data)
        layers, last = dense_layers(
            self.hidden_sizes,
            first=first,
            activation=self.activation,
            norm=self.norm,
            dropout=(self.dropout,) * len(self.hidden_sizes),
            prefix="hidden",
        )
        deep = nn.Sequential(OrderedDict([*front, *layers, ("last", nn.Linear(last, num_outputs))]))
        modules: list[tuple[str, Any]] = [("output", WideAndDeep(wide, deep))]
        if (activation := output_module(self.output_activation)) is not None:
            modules.append(("output_activation", activation))
        model = nn.Sequential(OrderedDict(modules))
        INITIALIZERS.get(self.initializer).apply(model)
        return model
