"""The memory that a training's steps change: set aside before a trial, put back after it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch import Tensor

    from nets.training.training import Training


def state_of(training: "Training") -> "list[Tensor]":
    """Return every tensor that a step may change: weights, statistics, what optimizers remember."""
    import torch

    remembered = (
        value
        for optimizer in training.optimizers
        for memory in optimizer.state.values()
        for value in memory.values()
        if isinstance(value, torch.Tensor)
    )
    changing = [*training.model.state_dict().values(), *remembered]
    return [tensor for tensor in changing if tensor.numel()]


@contextmanager
def left_as_it_was(training: "Training") -> Iterator[None]:
    """Let steps be taken inside the block, and put back what they changed."""
    keep, stream = [tensor.clone() for tensor in state_of(training)], training.randomness.state
    try:
        yield
    finally:
        for tensor, copy in zip(state_of(training), keep, strict=True):
            tensor.copy_(copy)
        training.model.zero_grad()
        training.randomness.state = stream
