"""Going through a network layer by layer, and what it says about many examples."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch import Tensor, nn

    from nets.training import Training
    from nets.training.parts import Part

CHUNK, CHUNK_ON_GPU = 32, 512
"""Examples looked at together: few enough for a processor's cache."""


@dataclass(frozen=True)
class Passage:
    """A batch on its way through one layer: ``before`` and ``after`` it, (B, …).

    Both are good until the next passage is asked for: a layer may write into what it was given.
    """

    name: str
    module: "nn.Module"
    before: "Tensor"
    after: "Tensor"


def passages(model: "nn.Module", x: "Tensor") -> Iterator[Passage]:
    """Yield the passage of inputs ``x`` through each layer of a network, in order.

    Raises:
        ValueError: if the network is no row of named layers.
    """
    from torch import nn

    if not isinstance(model, nn.Sequential):
        raise ValueError(f"{type(model).__name__} is no row of layers, so there is no way to look between them")
    for name, module in model.named_children():
        before, x = x, module(x)
        yield Passage(name, module, before, x)


def chunk_size(training: "Training") -> int:
    """Return how many examples go through the network together where many are looked at."""
    return CHUNK if training.device.type == "cpu" else CHUNK_ON_GPU


def check_classes(training: "Training") -> None:
    """Refuse data whose examples have not one class each.

    Raises:
        ValueError: saying what they have instead.
    """
    task = training.experiment.data.info().task
    if task in ("regression", "multilabel"):
        found = "values to predict" if task == "regression" else "any number of labels an example"
        raise ValueError(f"these data have {found}, not classes")


def shares_of(training: "Training", part: "Part") -> "Tensor":
    """Return the shares (B, num_targets) float32 that a classifier gives each class, on the processor; NaN as 0.

    Raises:
        ValueError: if the data have no classes.
    """
    import torch

    check_classes(training)
    chunk = chunk_size(training)
    with torch.inference_mode():
        chunks = [training.objective.shares(training.predict(x)).cpu() for x in part.x.split(chunk)]
    return torch.cat(chunks).nan_to_num(0).clamp(0, 1)
