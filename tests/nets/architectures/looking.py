"""What tests look at in a network: what it leaves behind, its weights from a seed, how it goes on after an edit."""

from typing import Any

import torch
from torch import Tensor, nn

from nets.architectures import ArchitectureConfig
from nets.datasets import DataInfo
from nets.experiment import dump
from nets.training import Controls, Training
from tests.nets.experiments import small

WITHOUT_OUTPUT = (nn.Flatten, nn.Identity)


def pictures_of(*shape: int, classes: int = 10) -> DataInfo:
    """What pictures (C, H, W) look like."""
    return DataInfo("multiclass", shape, classes)


def built(config: ArchitectureConfig, info: DataInfo, num_outputs: int = 10, seed: int = 0) -> nn.Module:
    """The network that a seed gives, in evaluation mode."""
    torch.manual_seed(seed)
    return config.build(info, num_outputs).eval()


def left_behind(model: nn.Module, x: Tensor) -> int:
    """How many numbers the innermost layers put out together for one example."""
    counts: list[int] = []

    def count(module: nn.Module, _: Any, outputs: Any) -> None:
        if not isinstance(module, WITHOUT_OUTPUT):
            counts.append(outputs.numel())

    for module in model.modules():
        if not list(module.children()):
            module.register_forward_hook(count)
    model(x)
    return sum(counts)


def number_of_parameters(model: nn.Module) -> int:
    return sum(parameter.numel() for parameter in model.parameters())


def after_edit(base: dict[str, Any], changes: dict[str, Any]) -> tuple[dict[str, Tensor], dict[str, Tensor]]:
    """The weights two steps into a run, and after its network was changed there."""
    training, controls = Training(small({}, base)), Controls()
    for _ in training.events(controls):
        if training.step == 2:
            break
    old = training.weights()
    training.edit(small(changes, dump(training.experiment)))
    return old, training.weights()


def kept(old: dict[str, Tensor], new: dict[str, Tensor]) -> set[str]:
    """The layers whose weights are all as they were."""
    layers = {name.partition(".")[0] for name in new}
    same = {name for name in new if name in old and torch.equal(old[name], new[name])}
    return {layer for layer in layers if all(name in same for name in new if name.startswith(f"{layer}."))}
