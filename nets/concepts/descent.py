"""A race of the engine's own optimizers down a surface, all from one place and with the same noise."""

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from nets.concepts.surfaces import SURFACES, Rates, Surface
from nets.optimizers import OPTIMIZERS, OptimizerConfig
from nets.seeds import derive

if TYPE_CHECKING:
    import torch
    from torch import Tensor

STEPS = 200
"""Steps of a race."""
BEYOND = 1e6
"""Who is farther than this from the origin has diverged."""
NEAR = 0.05
"""Who is nearer to a minimum than this share of the picture's reach has arrived."""
LATELY = 20
"""Steps over which one looks whether somebody still moves."""
STILL = 0.01
"""Who has lately moved by less than this share of the picture's reach hardly moves."""

Ending = Literal["arrived", "still", "underway", "left", "diverged"]
Batch = int | None


@dataclass(frozen=True)
class Racer:
    """An optimizer in the race.

    Args:
        name: unique among the racers.
        kind: name of the optimizer.
        settings: what is not as its config has it by default.
    """

    name: str
    kind: str
    settings: tuple[tuple[str, Any], ...] = ()

    @property
    def keeps_its_rate(self) -> bool:
        """Does it find its own step size, so that its learning rate stays at 1?"""
        return OPTIMIZERS.get(self.kind).model_fields["learning_rate"].default == 1.0

    def config(self, rates: Rates) -> OptimizerConfig:
        """Return its config with the learning rate that is meant for it."""
        wanted = dict(self.settings)
        if not self.keeps_its_rate:
            wanted["learning_rate"] = rates.gradient if self.kind == "sgd" else rates.adaptive
        return OPTIMIZERS.get(self.kind)(**wanted)


def racers() -> dict[str, Racer]:
    """Return all racers by name: SGD in three ways, and every other registered optimizer with its defaults."""
    variants = (
        Racer("sgd", "sgd"),
        Racer("momentum", "sgd", (("momentum", 0.9),)),
        Racer("nesterov", "sgd", (("momentum", 0.9), ("nesterov", True))),
    )
    return {racer.name: racer for racer in (*variants, *(Racer(k, k) for k in OPTIMIZERS.names() if k != "sgd"))}


@dataclass(frozen=True)
class Run:
    """How one racer went.

    Args:
        path: places (STEPS + 1, 2), the start first; NaN from where it diverged.
        losses: the surface's height there (STEPS + 1,).
        slopes: the length of its gradient there (STEPS + 1,), without noise.
        ending: where it is at the end.
        step: since when: it arrived, left the picture, or diverged; else the last step.
    """

    path: np.ndarray
    losses: np.ndarray
    slopes: np.ndarray
    ending: Ending
    step: int


def race(
    surface: str, names: tuple[str, ...], rates: Rates, start: tuple[float, float], batch: Batch = None, seed: int = 0
) -> dict[str, Run]:
    """Let optimizers run down a surface from one place.

    Args:
        surface: name of the surface.
        names: of the racers.
        rates: learning rates.
        start: x and y.
        batch: examples in a batch: the gradient is blurred by the surface's noise / √batch; None for all examples.
        seed: of the noise, which is the same for all.

    Raises:
        ValueError: if a name is unknown, or ``batch`` is below 1.
    """
    chosen = [_racer(name) for name in names]
    ground = SURFACES.get(surface)
    if batch is not None and batch < 1:
        raise ValueError(f"a batch holds at least one example, not {batch}")
    places = _places(ground, [racer.config(rates) for racer in chosen], start, _noise(ground, batch, seed))
    losses, slopes = _heights(ground, places)
    return {
        racer.name: Run(places[:, i], losses[:, i], slopes[:, i], *_ending(ground, places[:, i]))
        for i, racer in enumerate(chosen)
    }


def _racer(name: str) -> Racer:
    if name not in (known := racers()):
        raise ValueError(f"there is no racer {name!r}; choose from {', '.join(known)}")
    return known[name]


def _noise(surface: Surface, batch: Batch, seed: int) -> "Tensor":
    """Return what is added to the gradient at each step, (STEPS, 2)."""
    import torch

    if batch is None:
        return torch.zeros(STEPS, 2)
    generator = torch.Generator().manual_seed(derive(seed, "batches"))
    return torch.randn(STEPS, 2, generator=generator) * surface.noise / batch**0.5


def _places(
    surface: Surface, configs: list[OptimizerConfig], start: tuple[float, float], noise: "Tensor"
) -> np.ndarray:
    """Return where each racer is before and after each step: (STEPS + 1, racers, 2)."""
    import torch

    places = torch.full((STEPS + 1, len(configs), 2), torch.nan)
    places[0] = torch.tensor(start)
    now = places[0].clone()
    gradients = torch.zeros_like(now)
    weights = [torch.nn.Parameter(row) for row in now]
    for weight, gradient in zip(weights, gradients, strict=True):
        weight.grad = gradient
    optimizers = [config.build([weight]) for config, weight in zip(configs, weights, strict=True)]
    racing = list(range(len(configs)))
    for step in range(STEPS):
        if any(not configs[i].takes_closure for i in racing):
            gradients.copy_(_gradients(surface, now) + noise[step])
        for i in racing:
            _step(surface, optimizers[i], weights[i], noise[step], configs[i].takes_closure)
        near = (now.abs() < BEYOND).all(1).tolist()
        racing = [i for i in racing if near[i]]
        places[step + 1, racing] = now[racing]
    return places.numpy()


def _step(
    surface: Surface, optimizer: "torch.optim.Optimizer", weight: "Tensor", noise: "Tensor", takes_closure: bool
) -> None:
    if not takes_closure:
        optimizer.step()
        return
    optimizer.step(partial(_loss_of_batch, surface, weight, noise))


def _loss_of_batch(surface: Surface, weight: "Tensor", noise: "Tensor") -> float:
    """Return the loss on a batch whose gradient is ``noise`` off, and leave its gradient in the weights."""
    weight.grad = None
    loss = surface.function(weight[0], weight[1]) + (noise * weight).sum()
    loss.backward()
    return float(loss.detach())


def _gradients(surface: Surface, places: "Tensor") -> "Tensor":
    """Return the gradient at each of the places (…, 2)."""
    import torch

    x = places.detach().clone().requires_grad_()
    return torch.autograd.grad(surface.function(x[..., 0], x[..., 1]).sum(), x)[0]


def _heights(surface: Surface, places: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the loss and the gradient's length at places (…, 2), each (…)."""
    import torch

    there = torch.from_numpy(places)
    return surface.function(there[..., 0], there[..., 1]).numpy(), _gradients(surface, there).norm(dim=-1).numpy()


def _ending(surface: Surface, path: np.ndarray) -> tuple[Ending, int]:
    """Return where a path (STEPS + 1, 2) ends, and since which step."""
    gone = np.isnan(path).any(1)
    if gone.any():
        return "diverged", int(gone.argmax())
    far = np.linalg.norm(path[:, None] - np.array(surface.minima), axis=2).min(1)  # (STEPS + 1,)
    if since := _since(np.less(far, NEAR * surface.reach)):
        return "arrived", since
    outside: np.ndarray = np.any(np.abs(path - surface.middle) > surface.reach, axis=1)
    if since := _since(outside):
        return "left", since
    return ("still" if np.linalg.norm(path[-1] - path[-LATELY]) < STILL * surface.reach else "underway"), STEPS


def _since(true: np.ndarray) -> int:
    """Return since which place a list is true to its end; 0 if it is not, or was so from the start."""
    return int(len(true) - np.argmin(true[::-1])) if true[-1] and not true.all() else 0
