"""Torchvision's residual networks, with an input and an output that fit other pictures than ImageNet's."""

from collections import OrderedDict
from copy import deepcopy

import torch
from torch import Tensor, nn
from torch.nn import functional
from torchvision.models import get_model, get_model_weights

IMAGENET_MEAN = (0.485, 0.456, 0.406)
"""Of red, green and blue over ImageNet, from 0 to 1."""
IMAGENET_STD = (0.229, 0.224, 0.225)


class ImageNetInput(nn.Module):
    """Pictures as networks for ImageNet want them: three channels, of its mean and deviation.

    Args:
        size: height and width to bring them to; None leaves them.
    """

    def __init__(self, size: int | None = None) -> None:
        super().__init__()
        self.size = size

    def forward(self, x: Tensor) -> Tensor:
        """(B, 1 or 3, H, W) from -1 to 1 → (B, 3, H, W), or (B, 3, size, size)."""
        channels = zip(
            x.expand(-1, 3, -1, -1).unbind(1), IMAGENET_MEAN, IMAGENET_STD, strict=True
        )  # three times (B, H, W)
        x = torch.stack([channel * (0.5 / std) + (0.5 - mean) / std for channel, mean, std in channels], dim=1)
        return x if self.size is None else functional.interpolate(x, (self.size, self.size), mode="bilinear")


class ImageNetResNet(nn.Sequential):
    """The layers of one of torchvision's residual networks, called as there, but for the last: "output".

    Args:
        variant: torchvision's name: resnet18.
        num_outputs: K, width of the output layer.
        relu: what stands for each of its activations.
        norm: batch, or layer for one group of all channels.
        size: height and width to bring pictures to; None leaves them.
        dropout: share of the inputs of the output layer set to zero while training.
        output_activation: after the output layer.
        pretrained: start from torchvision's weights for ImageNet.
        folder: where these are kept; None is torch's own place.
    """

    def __init__(
        self,
        variant: str,
        num_outputs: int,
        relu: nn.Module,
        norm: str = "batch",
        size: int | None = None,
        dropout: float = 0.0,
        output_activation: nn.Module | None = None,
        pretrained: bool = False,
        folder: str | None = None,
    ) -> None:
        layers = {} if norm == "batch" else {"norm_layer": lambda channels: nn.GroupNorm(1, channels)}
        parts = OrderedDict(get_model(variant, **layers).named_children())
        last = parts.pop("fc").in_features
        super().__init__(OrderedDict([("input", ImageNetInput(size)), *parts.items(), ("flatten", nn.Flatten())]))
        self.variant, self.num_outputs, self.norm, self.size = variant, num_outputs, norm, size
        self.dropout, self.pretrained = dropout, pretrained
        for module in self.modules():
            if hasattr(module, "relu"):
                module.relu = deepcopy(relu)  # each place its own, so that it can be looked at
        if dropout:
            self.add_module("drop", nn.Dropout(dropout))
        if pretrained and not parts["conv1"].weight.is_meta:
            self.load_imagenet(folder)
        self.add_module("output", nn.Linear(last, num_outputs))
        if output_activation is not None:
            self.add_module("output_activation", output_activation)

    def load_imagenet(self, folder: str | None) -> None:
        """Put torchvision's weights into all layers but the output, downloading them where ``folder`` has none yet."""
        source = get_model_weights(self.variant).DEFAULT
        weights = source.get_state_dict(model_dir=folder, progress=True, check_hash=True, weights_only=True)
        self.load_state_dict({name: value for name, value in weights.items() if not name.startswith("fc.")})
