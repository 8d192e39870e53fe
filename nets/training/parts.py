"""Training, validation and test examples as tensors that live on the device: no copies while training."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from nets.datasets.base import Split
from nets.problems import InvalidExperiment, Problem
from nets.seeds import derive

if TYPE_CHECKING:
    import torch
    from torch import Tensor

    from nets.experiment import Experiment

TRAIN_METRICS_ON = 2000
"""Examples of the training part that its metrics are taken on at most."""


@dataclass(frozen=True)
class Part:
    """Examples, labels, and targets as the loss wants them.

    ``x`` (B, *input_shape) is as the data hold it: float32, or bytes where it is pictures.
    """

    x: "Tensor"
    labels: "Tensor"
    targets: "Tensor"

    def __len__(self) -> int:
        return len(self.x)

    def first(self, count: int) -> "Part":
        """Return the first ``count`` examples; they are in random order."""
        return Part(self.x[:count], self.labels[:count], self.targets[:count])


@dataclass(frozen=True)
class Parts:
    """What to learn from, what to stop by (if anything), what to test on."""

    train: Part
    valid: Part | None
    test: Part


def check_split(split: Split) -> None:
    """Refuse data that nothing can be learnt from.

    Raises:
        InvalidExperiment: if a part is empty, or an input or a value to predict is NaN or infinite.
    """
    for name, x, y in (("training", split.train_x, split.train_y), ("test", split.test_x, split.test_y)):
        if not len(x):
            raise InvalidExperiment([Problem("data", f"there is no {name} example; at least one is needed")])
        broken = sum(int(values.size - np.isfinite(values).sum()) for values in (x, y) if values.dtype.kind == "f")
        if broken:
            message = (
                f"{broken:,} numbers of the {name} part are NaN or infinite; fill them in or leave their examples out"
            )
            raise InvalidExperiment([Problem("data", message)])


def make_parts(
    experiment: "Experiment", split: Split, encode: "Callable[[Tensor], Tensor]", device: "torch.device"
) -> Parts:
    """Return the split's examples on ``device``; early stopping holds out its share of the training part."""
    import torch

    def part(x: np.ndarray, y: np.ndarray) -> Part:
        tensor = torch.from_numpy(np.ascontiguousarray(x)).to(device)
        if tensor.dim() == 4:
            tensor = tensor.contiguous(memory_format=torch.channels_last)
        labels = torch.from_numpy(y).to(device)
        return Part(tensor, labels, encode(labels))

    test = part(split.test_x, split.test_y)
    stopping = experiment.train.early_stopping
    if stopping is None:
        return Parts(part(split.train_x, split.train_y), None, test)
    count = len(split.train_x)
    held_out = min(max(1, round(count * stopping.validation_share)), count - 1)
    if held_out < 1:
        return Parts(part(split.train_x, split.train_y), None, test)
    if experiment.data.in_time:  # what is held out follows what is learnt from
        order = np.arange(count)[::-1]
    else:
        order = np.random.default_rng(derive(experiment.train.seed, "validation")).permutation(count)
    valid, train = order[:held_out], order[held_out:]
    return Parts(
        part(split.train_x[train], split.train_y[train]), part(split.train_x[valid], split.train_y[valid]), test
    )


def has_buckets(experiment: "Experiment") -> bool:
    """Are texts of about the same length to come together?"""
    return bool(getattr(experiment.data, "length_buckets", False))


def in_buckets(order: "Tensor", lengths: "Tensor", batch_size: int, generator: "torch.Generator") -> "Tensor":
    """Return an order (B,) of texts in which those of a batch are of about the same length, batches in random order.

    Of every 50 batches' texts the shortest make the first batch, and so on; what fills no batch stays at the end.
    """
    import torch

    whole = len(order) // batch_size * batch_size
    buckets = [part[lengths[part].argsort(stable=True)] for part in order[:whole].split(50 * batch_size)]
    batches = torch.cat(buckets).view(-1, batch_size)  # (B,) → (batches, batch_size)
    shuffled = torch.randperm(len(batches), generator=generator)
    return torch.cat([batches[shuffled].flatten(), order[whole:]])


class Batches:
    """The training part in a new random order each epoch, cut into batches.

    The order depends on seed and epoch alone, so training can go on from any epoch. A batch as large as the part
    takes it as it is. With ``by_length`` texts of about the same length come together. ``tokens`` is how many an
    example has on average, 0 where examples are no texts.
    """

    def __init__(self, part: Part, seed: int, *, by_length: bool = False) -> None:
        import torch

        self.part = part
        self.size = len(part)
        self._generator = torch.Generator()
        self._seed = seed
        self._lengths = (part.x != 0).sum(dim=1).cpu() if by_length else None
        self._shuffled = part
        self.cursor = 0
        is_text = part.x.dim() == 2 and not part.x.is_floating_point()
        self.tokens = float((part.x != 0).sum()) / self.size if is_text else 0.0

    def start_epoch(self, epoch: int, batch_size: int) -> None:
        """Shuffle for ``epoch`` (from 0)."""
        import torch

        self.cursor = 0
        if batch_size >= self.size:
            self._shuffled = self.part
            return
        generator = self._generator.manual_seed(derive(self._seed, "batches", epoch))
        order = torch.randperm(self.size, generator=generator)
        if self._lengths is not None:
            order = in_buckets(order, self._lengths, batch_size, generator)
        order = order.to(self.part.x.device)
        x, targets = self.part.x.index_select(0, order), self.part.targets.index_select(0, order)
        self._shuffled = Part(x, self.part.labels, targets)

    def next(self, batch_size: int, *, at_least: int = 1) -> "tuple[Tensor, Tensor]":
        """Return examples and targets of the next batch.

        A rest smaller than ``at_least`` examples joins the batch before it: batch norm has no use for one example.
        """
        x, targets = self.peek(batch_size, at_least=at_least)
        self.cursor += len(x)
        return x, targets

    def peek(self, batch_size: int, *, at_least: int = 1) -> "tuple[Tensor, Tensor]":
        """Return the batch that ``next`` would, and leave it to come."""
        left, start = self.size - self.cursor, self.cursor
        size = left if left < batch_size + at_least else batch_size
        return self._shuffled.x[start : start + size], self._shuffled.targets[start : start + size]

    def ahead(self, count: int, start: int | None = None) -> "tuple[Tensor, Tensor]":
        """Return the next ``count`` examples and targets of this epoch, or those from ``start``; they stay to come."""
        start = self.cursor if start is None else start
        return self._shuffled.x[start : start + count], self._shuffled.targets[start : start + count]

    def last_size(self, batch_size: int, *, at_least: int = 1) -> int:
        """Return how many examples the last batch of an epoch has."""
        before = max(0, math.ceil((self.size - batch_size - at_least + 1) / batch_size))
        return self.size - before * batch_size

    def exhausted(self) -> bool:
        """Is the epoch over?"""
        return self.cursor >= self.size

    def count(self, batch_size: int, *, at_least: int = 1) -> int:
        """Return the batches of an epoch."""
        whole, rest = divmod(self.size, batch_size)
        return max(1, whole + (rest >= at_least))
