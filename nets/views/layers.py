"""The table of layers: what each makes of the shape, what it costs."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from nets.views.base import View, view

if TYPE_CHECKING:
    from nets.training import Training


FLOAT_BYTES = 4
DEPTH = 8
"""Blocks inside of blocks that are looked into."""


@dataclass(frozen=True)
class Layer:
    """One layer: its name and torch class, one example's output shape, parameters, multiply-adds for one example."""

    name: str
    module: str
    shape: tuple[int, ...]
    parameters: int
    multiply_adds: int


@dataclass(frozen=True)
class Layers:
    """All layers in order, with totals over the network."""

    layers: tuple[Layer, ...]
    parameters: int
    multiply_adds: int
    activations: int
    """Numbers that all layers put out for one example."""


@view
class LayersView(View):
    """Output shapes, parameters and multiply-adds of every layer, counted by torchinfo."""

    changes_with_weights = False
    kind: Literal["layers"] = "layers"

    def prepare(self) -> None:
        """Import torchinfo."""
        import torchinfo  # noqa: F401

    def look(self, training: "Training") -> Layers:
        """Return the table for one example."""
        import torch
        import torchinfo

        example = torch.zeros(1, *training.experiment.data.info().input_shape, device=training.device)
        summary = torchinfo.summary(
            training.model, input_data=example, verbose=0, depth=DEPTH, cache_forward_pass=False
        )
        rows: list[Layer] = []
        for info in summary.summary_list:
            if info.depth == 1:
                shape = tuple(int(side) for side in info.output_size[1:])
                rows.append(Layer(info.var_name, info.class_name, shape, int(info.num_params), 0))
            if info.is_leaf_layer and rows:  # a block costs what is inside of it
                rows[-1] = replace(rows[-1], multiply_adds=rows[-1].multiply_adds + int(info.macs))
        outputs = int(summary.total_output_bytes // FLOAT_BYTES)
        return Layers(tuple(rows), int(summary.total_params), int(summary.total_mult_adds), outputs)
