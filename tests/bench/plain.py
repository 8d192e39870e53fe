"""The training loop as the tutorials write it: what the engine is measured against."""

import time
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import torch
    from torch import Tensor, nn


def plain_loop(
    model: "nn.Module",
    loader: "Iterable[tuple[Any, Tensor]]",
    loss_function: "Callable[[Tensor, Tensor], Tensor]",
    optimizer: "torch.optim.Optimizer",
    epochs: int,
    *,
    clip_norm: float | None = None,
    clock: Callable[[], float] = time.perf_counter,
) -> float:
    """Train, looking at each loss, and return steps a second by ``clock``."""
    from torch import nn

    steps, began = 0, clock()
    for _ in range(epochs):
        for x, y in loader:
            optimizer.zero_grad()
            loss = loss_function(model(x), y)
            loss.backward()
            if clip_norm is not None:
                nn.utils.clip_grad_norm_(model.parameters(), clip_norm)
            optimizer.step()
            loss.item()
            steps += 1
    return steps / (clock() - began)


def lstm(inputs: int, hidden: int, outputs: int, *, tokens: int = 0, per_step: bool = False) -> "nn.Module":
    """Return an LSTM as the tutorials write it, the batch first, and what is read off behind it.

    It takes steps (B, T, inputs), or ``tokens`` different ids (B, T), 0 at the end of the shorter ones, and gives
    (B, outputs) of the last step, or (B · T, outputs) of every one.
    """
    import torch
    from torch import nn

    class Network(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.embedding = nn.Embedding(tokens, inputs, padding_idx=0) if tokens else nn.Identity()
            self.lstm = nn.LSTM(inputs, hidden, batch_first=True)
            self.output = nn.Linear(hidden, outputs)

        def forward(self, x: "Tensor") -> "Tensor":
            """(B, T) or (B, T, D) → (B, K) or (B · T, K)."""
            states, _ = self.lstm(self.embedding(x))
            if per_step:
                return self.output(states.flatten(0, 1))
            if not tokens:
                return self.output(states[:, -1])
            last = (x != 0).sum(dim=1) - 1
            return self.output(states[torch.arange(len(x)), last])

    return Network()
