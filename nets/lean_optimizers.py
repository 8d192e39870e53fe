"""Torch's fused Adam and AdamW without what surrounds their kernel: for small networks that takes as long again.

The kernels, the state and so every number are torch's own. Left out are hooks, profiling, and the sorting of weights by
device and type: all weights of a network here are on one device and of one type.
"""

from collections.abc import Callable
from typing import Any

import torch


class LeanAdam(torch.optim.Adam):
    """``torch.optim.Adam`` with ``fused=True``, for weights of one device and type; no hooks are called."""

    @torch.no_grad()
    def step(self, closure: "Callable[[], Any] | None" = None) -> Any:
        """Move each weight that has a gradient; the first step is torch's own, which makes the state."""
        memories = [self.state.get(weight) for group in self.param_groups for weight in group["params"]]
        if closure is not None or not all(memories):
            return super().step(closure)
        for group in self.param_groups:
            self._move(group)
        return None

    def _move(self, group: dict[str, Any]) -> None:
        weights = [weight for weight in group["params"] if weight.grad is not None]
        if not weights:
            return
        states = [self.state[weight] for weight in weights]
        steps = [state["step"] for state in states]
        torch._foreach_add_(steps, 1)
        beta1, beta2 = group["betas"]
        kernel = torch._fused_adamw_ if group["decoupled_weight_decay"] else torch._fused_adam_
        kernel(
            weights,
            [weight.grad for weight in weights],
            [state["exp_avg"] for state in states],
            [state["exp_avg_sq"] for state in states],
            [],
            steps,
            lr=group["lr"],
            beta1=beta1,
            beta2=beta2,
            weight_decay=group["weight_decay"],
            eps=group["eps"],
            amsgrad=False,
            maximize=False,
            grad_scale=None,
            found_inf=None,
        )

    vars(step)["hooked"] = True  # or else torch wraps it in its profiler

    def zero_grad(self, set_to_none: bool = True) -> None:
        """Forget the gradients."""
        if not set_to_none:
            super().zero_grad(set_to_none)
            return
        for group in self.param_groups:
            for weight in group["params"]:
                weight.grad = None


class LeanAdamW(LeanAdam, torch.optim.AdamW):
    """``torch.optim.AdamW`` alike."""
