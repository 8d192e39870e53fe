"""Torch's optimizers without what surrounds them. The numbers and the state are torch's own.

Torch wraps an optimizer's methods to hide them from its compiler, and the first call of any of them imports that
compiler: more than a second and 150 MB, for nothing. Around each step come hooks and profiling; around the kernels of
Adam weights are sorted by device and type, which for small networks takes as long as the kernel. Here all weights of a
network are on one device and of one type.
"""

import functools
import inspect
from collections.abc import Callable
from typing import Any

import torch
from torch.optim import Optimizer

Step = Callable[..., Any]


def _bare(step: Step) -> Step:
    """Return a class's ``step`` without wrappers; no hooks are called."""
    inner = torch.no_grad()(inspect.unwrap(step))
    vars(inner)["hooked"] = True  # or else torch wraps it in its profiler
    return inner


class Lean(Optimizer):
    """The bookkeeping that all optimizers share."""

    add_param_group = inspect.unwrap(Optimizer.add_param_group)
    state_dict = inspect.unwrap(Optimizer.state_dict)
    load_state_dict = inspect.unwrap(Optimizer.load_state_dict)

    def zero_grad(self, set_to_none: bool = True) -> None:
        """Forget the gradients."""
        if not set_to_none:
            super().zero_grad(set_to_none)
            return
        for group in self.param_groups:
            for weight in group["params"]:
                weight.grad = None


@functools.cache
def lean(optimizer: type[Optimizer]) -> type[Optimizer]:
    """Return the class of torch's that does the same, and takes the same arguments."""
    return type(f"Lean{optimizer.__name__}", (Lean, optimizer), {"step": _bare(optimizer.step)})


class LeanAdam(Lean, torch.optim.Adam):
    """``torch.optim.Adam`` with ``fused=True``."""

    @_bare
    def step(self, closure: "Callable[[], Any] | None" = None) -> Any:
        """Move each weight that has a gradient; the first step is torch's own, which makes the state."""
        memories = [self.state.get(weight) for group in self.param_groups for weight in group["params"]]
        if closure is not None or not all(memories):
            return _first_step(self, closure)
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


_first_step = _bare(torch.optim.Adam.step)


class LeanAdamW(LeanAdam, torch.optim.AdamW):
    """``torch.optim.AdamW`` alike."""
