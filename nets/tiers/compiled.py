"""A training's steps and answers as machine code, at work on the very memory of its tensors."""

import ctypes
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from nets.tiers.compiler import Building
from nets.tiers.tape import RATE, Untakeable, record
from nets.tiers.trying import check_loss, check_tensor, left_as_it_was, sizes, state_of
from nets.tiers.writer import Memory, Writer, predict_source, program, steps_source

if TYPE_CHECKING:
    import torch
    from torch import Tensor

    from nets.tiers.tape import Call
    from nets.training.training import Training

ANSWERS_AT_ONCE = 50
"""Examples that go through the network together when it is measured."""
MAX_WORK = 200_000_000
"""Multiplications of a step; beyond it nearly all of its time goes into products, and compiling gains little."""
RACES = 3
"""Steps that torch and machine code take against each other; machine code must be faster once."""


class Steps:
    """One function of the machine code: steps on batches of one size.

    Args:
        name: of the C function.
        size: of a batch.
        draws: what torch draws before each step.
    """

    def __init__(self, name: str, size: int, draws: "list[Call]") -> None:
        self.name, self.size = name, size
        self._places = [(call.outputs[0], call.arguments["p"]) for call in draws]
        self._room = np.empty(0), np.empty(0, np.float32)
        self._addresses = 0, 0

    def take(
        self,
        library: ctypes.CDLL,
        pointers: "ctypes.Array[ctypes.c_void_p]",
        x: "Tensor",
        y: "Tensor",
        rates: Sequence[float],
    ) -> np.ndarray:
        """Take a step for each learning rate and return their losses, up to the first that is no number.

        Draws torch's random numbers where the network does.
        """
        count = len(rates)
        if count > len(self._room[0]):
            self._room = np.empty(count), np.empty(count, np.float32)
            self._addresses = self._room[0].ctypes.data, self._room[1].ctypes.data
        self._room[0][:count] = rates
        drawn = self._drawn(count) if self._places else []
        taken = getattr(library, self.name)(
            pointers,
            x.data_ptr(),
            y.data_ptr(),
            (ctypes.c_void_p * len(drawn))(*(numbers.data_ptr() for numbers in drawn)) if drawn else None,
            count,
            self.size * x.stride(0) * x.element_size(),
            self.size * y.stride(0) * y.element_size(),
            (ctypes.c_long * len(drawn))(*(numbers[0].nbytes for numbers in drawn)) if drawn else None,
            *self._addresses,
        )
        return self._room[1][:taken]

    def _drawn(self, count: int) -> "list[Tensor]":
        """Return what each place of a network that draws gets for each of ``count`` steps."""
        import torch

        drawn = [torch.empty(count, *like.shape, dtype=like.dtype) for like, _ in self._places]
        for step in range(count):
            for numbers, (_, share) in zip(drawn, self._places, strict=True):
                numbers[step].bernoulli_(share)
        return drawn


class Compiled:
    """Machine code for one training as it is set now.

    Args:
        training: on the processor, somewhere in its course; it is left as it was.

    Raises:
        Untakeable: if its steps can't be written as C, or there is no compiler.
    """

    name: ClassVar[str] = "compiled"

    def __init__(self, training: "Training") -> None:
        self._memory = Memory()
        self.batch_size, *rest = sizes(training)
        self.rest_size = rest[0] if rest else 0
        self._functions: dict[int, Steps] = {}
        with left_as_it_was(training):
            named = zip(("all_", "rest_"), sizes(training), strict=False)
            parts = [self._steps(training, size, prefix) for prefix, size in named]
            source = program((*parts, self._answers(training)))
        self._building = Building(source)
        self._library: ctypes.CDLL | None = None

    def is_ready(self, training: "Training", *, wait: bool = False) -> bool:
        """Is the machine code there, and does it do what torch does?

        Raises:
            Untakeable: if it can't be made, does something else, or takes longer.
        """
        if self._library is None:
            self._library = self._building.library(wait=wait)
            if self._library is None:
                return False
            _declare(self._library, self._functions.values())
            self._pointers = _pointers(self._memory.storages)
            self._check(training)
        return True

    def drop(self) -> None:
        """Stop the compiler, if it is at work."""
        self._building.drop()

    def steps(self, x: "Tensor", y: "Tensor", rates: Sequence[float]) -> np.ndarray:
        """Take a step for each learning rate, each on the next batch of ``x`` (B, …) and ``y``; return their losses.

        It ends after the first loss that is infinite or NaN.

        One batch that is smaller than the others, at an epoch's end, comes by itself. Draws torch's random numbers
        where the network does.
        """
        assert self._library is not None, "is_ready comes first"
        function = self._functions[self.rest_size if x.shape[0] == self.rest_size else self.batch_size]
        return function.take(self._library, self._pointers, x, y, rates)

    def predict(self, x: "Tensor") -> "Tensor":
        """Return the outputs (B, K) for examples as the data hold them, in evaluation mode."""
        import torch

        assert self._library is not None, "is_ready comes first"
        if x.stride() != self._x_strides:
            x = x.contiguous() if x.dim() < 4 else x.contiguous(memory_format=torch.channels_last)
        outputs = torch.empty(x.shape[0], self._width)
        self._library.predict(self._pointers, x.data_ptr(), x.shape[0], outputs.data_ptr())
        return outputs

    def takes(self, x: "Tensor", y: "Tensor") -> bool:
        """Do examples and answers lie in memory as those did that it was made with?"""
        return x.stride() == self._x_strides and y.stride() == self._y_strides

    def _steps(self, training: "Training", size: int, prefix: str) -> str:
        x, y = training.batches.ahead(size, 0)
        self._x_strides, self._y_strides = x.stride(), y.stride()
        for optimizer in training.optimizers:
            for group in optimizer.param_groups:
                group["lr"] = RATE

        from nets.training.stepping import update

        with _without_onednn():  # which hides a whole LSTM in one operation
            tape, loss = record(lambda: update(training, x, y))
        writer = Writer(tape, {"examples": x, "answers": y}, self._memory, prefix)
        if writer.work > MAX_WORK:
            raise Untakeable("torch is as fast for a network of this size")
        self._functions[size] = Steps(f"{prefix}steps", size, writer.draws)
        return steps_source(writer, loss)

    def _answers(self, training: "Training") -> str:
        import torch

        x = training.parts.train.x[:ANSWERS_AT_ONCE]
        with torch.no_grad(), _without_onednn():
            tape, outputs = record(lambda: training.predict(x))
        self._width = outputs.shape[-1]
        return predict_source(Writer(tape, {"examples": x}, self._memory, "answer_"), x, outputs)

    def _check(self, training: "Training") -> None:
        """Take steps with torch and with copies of all memory in machine code, and compare; leave all as it was.

        Raises:
            Untakeable: if they differ by more than rounding, or torch is faster.
        """
        import torch

        copies = [storage.clone() for storage in self._memory.storages]
        with left_as_it_was(training):
            pointers = _pointers(copies)
            for size, function in self._functions.items():
                loss, other, _ = self._both(training, function, pointers, size)
                check_loss(other, loss)
            for tensor in state_of(training):
                copy = copies[_place(tensor, self._memory.storages)]
                own = torch.empty(0, dtype=tensor.dtype).set_(
                    copy, tensor.storage_offset(), tensor.shape, tensor.stride()
                )
                check_tensor(own, tensor)
            size, function = next(iter(self._functions.items()))
            if min(self._both(training, function, pointers, size)[2] for _ in range(RACES)) > 1:
                raise Untakeable("torch's own steps are faster for this network")

    def _both(
        self, training: "Training", function: Steps, pointers: "ctypes.Array[ctypes.c_void_p]", size: int
    ) -> tuple[float, float, float]:
        """Take a step with torch and in machine code; return both losses, and the latter's time as a share."""
        from nets.training.stepping import update

        assert self._library is not None
        rate = training.rates()[0]
        x, y = training.batches.ahead(size, 0)
        for optimizer in training.optimizers:
            for group in optimizer.param_groups:
                group["lr"] = rate
        before, began = training.randomness.state, time.perf_counter()
        loss = float(update(training, x, y))
        between = time.perf_counter()
        training.randomness.state = before
        with training.randomness.used(if_needed=training.has_chance):
            (other,) = function.take(self._library, pointers, x, y, [rate])
        return loss, float(other), (time.perf_counter() - between) / (between - began)


@contextmanager
def _without_onednn() -> Iterator[None]:
    """Have torch compute without oneDNN inside the block."""
    import torch

    before = torch._C._get_mkldnn_enabled()
    torch._C._set_mkldnn_enabled(False)
    try:
        yield
    finally:
        torch._C._set_mkldnn_enabled(before)


def _place(tensor: "Tensor", storages: "list[torch.UntypedStorage]") -> int:
    for place, storage in enumerate(storages):
        if storage._cdata == tensor.untyped_storage()._cdata:
            return place
    raise Untakeable("a step leaves something of the network alone")


def _declare(library: ctypes.CDLL, functions: "Iterable[Steps]") -> None:
    """Tell what the library's functions take: addresses and counts."""
    address, count = ctypes.c_void_p, ctypes.c_long
    for function in functions:
        taken = getattr(library, function.name)
        taken.argtypes = (address, address, address, address, count, count, count, address, address, address)
        taken.restype = count
    library.predict.argtypes = (address, address, count, address)
    library.predict.restype = None


def _pointers(storages: "list[torch.UntypedStorage]") -> "ctypes.Array[ctypes.c_void_p]":
    return (ctypes.c_void_p * len(storages))(*(storage.data_ptr() for storage in storages))
