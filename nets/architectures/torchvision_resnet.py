"""The residual networks that torchvision ships, from scratch or with what they learnt on ImageNet."""

from http.client import HTTPException
from pathlib import Path
from pickle import UnpicklingError
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from nets.activations import ACTIVATIONS
from nets.architectures.base import (
    ArchitectureConfig,
    CannotBuild,
    Dropout,
    Room,
    architecture,
    dense_room,
    output_module,
)
from nets.architectures.resnet import block_plans, residual_room
from nets.datasets.base import DataInfo
from nets.home import home
from nets.initializers import INITIALIZERS
from nets.problems import InvalidExperiment, Problem

if TYPE_CHECKING:
    from torch import nn

STEM_WIDTH = 64
DEPTHS = {
    "resnet18": (2, 2, 2, 2),
    "resnet34": (3, 4, 6, 3),
    "resnet50": (3, 4, 6, 3),
    "resnet101": (3, 4, 23, 3),
    "resnet152": (3, 8, 36, 3),
}
"""Blocks of each stage. From resnet50 on they are bottlenecks."""
NO_WEIGHTS = (RuntimeError, EOFError, UnpicklingError, LookupError, TypeError, ValueError)
"""What torch raises where a file is none of its own, or of another network."""


@architecture
class TorchvisionResNet(ArchitectureConfig):
    """Torchvision's resnet18 to resnet152 (He et al. 2015), their layers called as there: conv1, bn1, layer1 … layer4.

    Only the last layer is another, called output. A grey picture is shown three times over, as red, green and blue: so
    the first layer keeps its shape, ImageNet's filters see grey as they know it, and weights for torchvision load by
    name. Pictures from -1 to 1 are brought to the mean and deviation of ImageNet.
    """

    help = "The 18 to 152 layers that torchvision ships, from scratch or pretrained on ImageNet"
    kind: Literal["torchvision"] = "torchvision"
    variant: Literal[tuple(DEPTHS)] = "resnet18"  # type: ignore[valid-type]
    """Which one; the number counts its layers."""
    pretrained: bool = False
    """Start from weights that know ImageNet, 45 to 240 MB that are downloaded once."""
    size: Annotated[int, Field(ge=8, le=512)] | None = None
    """Height and width that pictures are brought to first; ImageNet's were 224. Empty leaves them as they are."""
    norm: Literal["batch", "layer"] = "batch"
    """After each convolution: batch, as torchvision has it, or layer (all maps of an example together)."""
    dropout: Dropout = 0.0
    """Share of the inputs of the output layer set to zero while training."""

    def check(self, data: DataInfo) -> None:
        """Refuse what is no picture, and what pretrained weights can't go with."""
        if len(data.input_shape) != 3:
            raise CannotBuild("kind", "torchvision's networks look at pictures, and these data are none; pick mlp")
        if data.input_shape[0] not in (1, 3):
            message = f"torchvision's networks see 1 or 3 channels, and these pictures have {data.input_shape[0]}"
            raise CannotBuild("kind", f"{message}; pick resnet, which takes any number")
        if not self.pretrained:
            return
        if self.initializer != "default":
            message = f"{self.initializer} would overwrite the pretrained weights"
            raise CannotBuild("initializer", f"{message}; take default, or switch pretrained off")
        for field, learnt_with in (("activation", "relu"), ("norm", "batch")):
            if (got := getattr(self, field)) != learnt_with:
                message = f"the pretrained weights were learnt with {learnt_with}, and would be lost on {got}"
                raise CannotBuild(field, f"{message}; take {learnt_with}, or switch pretrained off")

    def room(self, data: DataInfo, num_outputs: int) -> Room:
        """Return what the network holds."""
        height, width = data.input_shape[1:] if self.size is None else (self.size, self.size)
        expansion = 1 if self.variant in ("resnet18", "resnet34") else 4
        plans = tuple(block_plans(DEPTHS[self.variant], STEM_WIDTH, expansion))
        room = residual_room(plans, (3, height, width), "large", self.norm, skip=True)
        room += Room(0, 3 * height * width)
        return room + dense_room((), first=plans[-1].out_channels, norm="none", num_outputs=num_outputs)

    def build(self, data: DataInfo, num_outputs: int) -> "nn.Module":  # noqa: ARG002 - one network for 1 or 3 channels
        """Return the network, (B, 1 or 3, H, W) → (B, num_outputs).

        Raises:
            InvalidExperiment: if the pretrained weights are neither here nor to be had.
        """
        from nets.modules.imagenet import ImageNetResNet

        activation, last = ACTIVATIONS.get(self.activation).build(), output_module(self.output_activation)
        folder = home() / "models"
        arguments = (self.norm, self.size, self.dropout, last, self.pretrained, str(folder))
        try:
            model = ImageNetResNet(self.variant, num_outputs, activation, *arguments)
        except (OSError, HTTPException) as error:
            reason = getattr(error, "reason", error)
            raise self._missing(
                f"can't be downloaded ({getattr(reason, 'strerror', None) or reason})", folder
            ) from None
        except NO_WEIGHTS:
            if not self.pretrained:
                raise
            raise self._missing("are damaged; delete their file, so that it is downloaded again", folder) from None
        INITIALIZERS.get(self.initializer).apply(model)
        return model

    def _missing(self, what: str, folder: Path) -> InvalidExperiment:
        message = (
            f"the weights of {self.variant} {what}; switch pretrained off to train from scratch, "
            f"or put torchvision's file of them into {folder}"
        )
        return InvalidExperiment([Problem("model.pretrained", message)])
