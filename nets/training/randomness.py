"""Random numbers for dropout that nothing outside the training can disturb."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch


class PrivateRandomness:
    """A state of torch's global generators that is put in place for a training step and taken away after it.

    Args:
        seed: where the stream starts.
        device: where the numbers are drawn.
    """

    def __init__(self, seed: int, device: "torch.device") -> None:
        import torch

        self._device = device
        with torch.random.fork_rng(devices=self._cuda()):
            torch.manual_seed(seed)
            self._state = self._read()

    @contextmanager
    def used(self, *, if_needed: bool) -> Iterator[None]:
        """Draw from this stream inside the block; do nothing where ``if_needed`` is false."""
        if not if_needed:
            yield
            return
        outside = self._read()
        self._write(self._state)
        try:
            yield
        finally:
            self._state = self._read()
            self._write(outside)

    @contextmanager
    def peeked(self) -> Iterator[None]:
        """Draw the numbers that the next ``used`` will draw, and leave them to come."""
        state = self._state
        with self.used(if_needed=True):
            yield
        self._state = state

    @property
    def state(self) -> "tuple[torch.Tensor, ...]":
        """Where the stream is now: bytes of the processor's generator, and of the GPU's where there is one."""
        return self._state

    @state.setter
    def state(self, state: "tuple[torch.Tensor, ...]") -> None:
        self._state = (state[0].cpu(), *(part.cpu() for part in state[1 : 1 + len(self._cuda())]))

    def _cuda(self) -> "list[torch.device]":
        return [self._device] if self._device.type == "cuda" else []

    def _read(self) -> "tuple[torch.Tensor, ...]":
        import torch

        return (torch.get_rng_state(), *(torch.cuda.get_rng_state(device) for device in self._cuda()))

    def _write(self, state: "tuple[torch.Tensor, ...]") -> None:
        import torch

        torch.set_rng_state(state[0])
        for device, part in zip(self._cuda(), state[1:], strict=True):
            torch.cuda.set_rng_state(part, device)
