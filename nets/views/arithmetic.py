"""How one number inside a network comes about, digit by digit."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Literal

import numpy as np
from pydantic import Field

from nets.views.base import View, finite, view
from nets.views.subject import Subject
from nets.views.sums import Sum, sum_of, take_apart

if TYPE_CHECKING:
    from torch import Tensor, nn

    from nets.training import Training

MOST_NUMBERS = 3 * 1024
"""Numbers of a patch that are sent at most, all shown channels together."""
MOST_SUMS = 256
"""Channels whose sums are sent at most."""
LARGEST_MAP = 32 * 32
"""Places of a map above which a dense layer's inputs are listed instead of laid out as maps."""


@dataclass(frozen=True)
class Arithmetic:
    """One output of a layer: ``operation`` is convolution, dense, max or mean; ``module`` the layer's torch class.

    ``output_shape`` is the layer's for one example, ``place`` the channel, row and column in it, ``input_shape``
    (C, H, W) what it was given. ``rows`` (h,) and ``columns`` (w,) int64 are the places in the input that it sees;
    those outside of it are ``padded`` (h, w) bool.

    ``channels`` (R,) int64 are input channels, ``sums`` (R,) float32 what each adds, ``rest`` what all others add
    together. Of the first M of them ``patch``, ``kernel`` and ``products`` (M, h, w) float32 are given: all channels
    in order where these are few, else those that add most, up or down. A pool's kernel is what it weighs by: 1 for the
    largest and 0 for the others, or the same for all.

    ``total`` is all sums and the ``bias``; ``output`` is what the layer gave, the same but for rounding. ``layers`` are
    the names of all layers that can be asked for.
    """

    layer: str
    module: str
    operation: str
    output_shape: tuple[int, ...]
    place: tuple[int, int, int]
    input_shape: tuple[int, ...]
    rows: np.ndarray
    columns: np.ndarray
    padded: np.ndarray
    channels: np.ndarray
    sums: np.ndarray
    rest: float
    patch: np.ndarray
    kernel: np.ndarray
    products: np.ndarray
    bias: float
    total: float
    output: float
    layers: tuple[str, ...]


@view
class ArithmeticView(View):
    """The sum behind one output value of a convolution, a dense layer or a pool, for one picture."""

    kind: Literal["arithmetic"] = "arithmetic"
    subject: Subject = Subject()
    """Which picture."""
    layer: Annotated[str, Field(max_length=200)] = ""
    """Name of the layer; empty takes the first."""
    channel: Annotated[int, Field(ge=0)] = 0
    """Which of its feature maps, or of its neurons."""
    row: Annotated[int, Field(ge=0)] = 0
    """Row in the feature map; of a dense layer that sees tokens, which token."""
    column: Annotated[int, Field(ge=0)] = 0
    """Column in the feature map."""
    most: Annotated[int, Field(ge=1, le=64)] = 8
    """Input channels that are spelled out, at most."""

    def look(self, training: "Training") -> Arithmetic:
        """Return the sum.

        Raises:
            ValueError: if there is no such picture, layer or place.
        """
        import torch

        names = computing(training.model)
        name = self.layer or (names[0] if names else "")
        if name not in names:
            raise ValueError(f"there is no layer {name!r} to take apart; choose from {', '.join(names)}")
        layer = training.model.get_submodule(name)
        with torch.inference_mode():
            heard = listen(training.model, name, self.subject.inputs(training))
            index = self._index(heard)
            if any(at >= side for at, side in zip(index, heard.outputs.shape, strict=True)):
                raise ValueError(
                    f"{name} has no output at channel {self.channel}, row {self.row}, column {self.column}; "
                    f"its outputs are {' × '.join(map(str, heard.shape))}, counted from 0"
                )
            found = take_apart(layer, heard.inputs[index[0]], index[1:])
            return self._told(name, layer, heard, found, names)

    def _index(self, heard: "Heard") -> tuple[int, int, int, int]:
        which, row = (self.row, 0) if heard.is_dense else (0, self.row)
        return which, self.channel, row, self.column

    def _told(self, name: str, layer: "nn.Module", heard: "Heard", found: Sum, layers: tuple[str, ...]) -> Arithmetic:
        import torch

        products = found.patch * found.kernel
        sums = products.sum(dim=(1, 2))
        few = len(sums) <= self.most
        order = torch.arange(len(sums)) if few else sums.abs().argsort(descending=True, stable=True)
        listed = order[:MOST_SUMS]
        spelled = listed[: max(1, min(self.most, MOST_NUMBERS // products[0].numel()))]
        return Arithmetic(
            name,
            type(layer).__name__,
            found.operation,
            heard.shape,
            (self.channel, self.row, self.column),
            tuple(heard.inputs.shape[1:]),
            found.rows.numpy(),
            found.columns.numpy(),
            found.padded.numpy(),
            (listed + found.first).numpy(),
            _sent(sums[listed]),
            finite(sums[order[MOST_SUMS:]].sum()).item(),
            _sent(found.patch[spelled]),
            _sent(found.kernel[spelled]),
            _sent(products[spelled]),
            finite(torch.tensor(found.bias)).item(),
            finite(sums.sum() + found.bias).item(),
            finite(heard.outputs[self._index(heard)]).item(),
            layers,
        )


@dataclass(frozen=True)
class Heard:
    """What a layer got for one picture, (n, C, H, W), and gave, (n, K, h, w), on the processor; n counts tokens.

    ``shape`` is that of the output as it was.
    """

    inputs: "Tensor"
    outputs: "Tensor"
    shape: tuple[int, ...]
    is_dense: bool


def computing(model: "nn.Module") -> tuple[str, ...]:
    """Return the names of all layers whose outputs can be taken apart, blocks opened; attention is none of them."""
    from torch import nn

    attention = tuple(f"{name}." for name, module in model.named_modules() if isinstance(module, nn.MultiheadAttention))
    return tuple(name for name, module in model.named_modules() if sum_of(module) and not name.startswith(attention))


def listen(model: "nn.Module", name: str, x: "Tensor") -> Heard:
    """Return what layer ``name`` gets and gives for one picture (1, C, H, W).

    A dense layer behind feature maps gets them as maps (C, H, W); anything else it gets as (D, 1, 1).
    """
    from torch import nn

    layer = model.get_submodule(name)
    flattened: list[tuple[Tensor, Tensor]] = []
    heard: list[tuple[Tensor, Tensor]] = []
    flattens = [module for module in model.modules() if isinstance(module, nn.Flatten)]
    handles = [
        layer.register_forward_hook(lambda _, args, output: heard.append(_copies(args[0], output))),
        *(
            module.register_forward_hook(lambda _, args, output: flattened.append(_copies(args[0], output)))
            for module in flattens
        ),
    ]
    try:
        model(x)
    finally:
        for handle in handles:
            handle.remove()
    before, after = heard[0]
    if not isinstance(layer, nn.Linear):
        return Heard(before[None], after[None], tuple(after.shape), False)
    maps = next((maps.shape for maps, flat in flattened if maps.dim() == 3 and flat.equal(before)), None)
    shape = maps if maps and maps[1] * maps[2] <= LARGEST_MAP else (before.shape[-1], 1, 1)
    return Heard(before.reshape(-1, *shape), after.reshape(-1, after.shape[-1], 1, 1), tuple(after.shape), True)


def _copies(before: "Tensor", after: "Tensor") -> "tuple[Tensor, Tensor]":
    return before[0].cpu().clone(), after[0].cpu().clone()


def _sent(values: "Tensor") -> np.ndarray:
    return finite(values).numpy().copy()
