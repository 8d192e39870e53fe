"""What every faster tier is tried with: batches of each size, memory that is put back, comparison with torch."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from nets.tiers.tape import Untakeable

if TYPE_CHECKING:
    from torch import Tensor

    from nets.training.training import Training


TOLERANCE = 1e-4
"""Largest difference from torch's own step, as a share of the largest number there."""


def sizes(training: "Training") -> list[int]:
    """Return how many examples a batch has, and if it has fewer, an epoch's last one."""
    size = training.experiment.train.batch_size
    rest = training.batches.last_size(size, at_least=training.min_batch)
    size = min(size, len(training.parts.train))
    return [size] if rest == size else [size, rest]


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


def check_loss(loss: float, expected: float) -> None:
    """Raise ``Untakeable`` where a loss is not torch's own, up to rounding."""
    if not abs(loss - expected) <= TOLERANCE * max(abs(expected), 1e-3):
        raise Untakeable(f"the loss came out as {loss:g}, not {expected:g}")


def check_tensor(tensor: "Tensor", expected: "Tensor") -> None:
    """Raise ``Untakeable`` where weights, or what goes with them, are not torch's own, up to rounding."""
    allowed = TOLERANCE * max(float(expected.abs().max()), 1e-3)
    if not float((tensor.double() - expected.double()).abs().max()) <= allowed:
        raise Untakeable("the weights came out differently")
