"""CUDA graphs beside torch's own steps on the same GPU, for networks that launching decides."""

import statistics
import time
from typing import Any

import torch

from nets.experiment import dump, parse, with_value
from nets.recipes import recipes
from nets.training import Controls, Training

RECIPES = ("circle", "mlp-digits", "lenet-shapes", "sine-lstm")


def rows(rounds: int, seconds: float) -> list[dict[str, Any]]:
    """Return steps a second both ways and their ratio; or that there is nothing to measure on."""
    if not torch.cuda.is_available():
        return [{"measure": "CUDA graphs", "value": "skipped: there is no GPU here", "unit": ""}]
    found: list[dict[str, Any]] = []
    for name in RECIPES:
        by_graph, by_torch = _started(name, graphs=True), _started(name, graphs=False)
        if by_graph.tiers.problem:
            found.append({"measure": f"{name}: CUDA graph", "value": f"none: {by_graph.tiers.problem}", "unit": ""})
            continue
        pairs = [(_rate(by_graph, seconds), _rate(by_torch, seconds)) for _ in range(rounds)]
        rate = statistics.median(ours for ours, _ in pairs)
        ratio = statistics.median(ours / theirs for ours, theirs in pairs)
        found += [
            {"measure": f"{name}: CUDA graph", "value": rate, "unit": "steps/s"},
            {"measure": f"{name}: CUDA graph over torch", "value": ratio, "unit": ""},
        ]
    return found


def _started(name: str, *, graphs: bool) -> Training:
    """Return a training on the GPU, its graphs in force if there are to be any."""
    settings = dump(recipes().get(name).experiment)
    for path, value in (("device", "cuda"), ("max_epochs", 1_000_000), ("compile", graphs)):
        settings = with_value(settings, f"train.{path}", value)
    training = Training(parse(settings))
    events = training.events(Controls())
    while training.step <= 200:
        next(events)
    if graphs:
        training.tiers.wait(training)
    return training


def _rate(training: Training, seconds: float) -> float:
    """Return steps a second by the clock, measuring after each epoch included."""
    events, step, began = training.events(Controls()), training.step, time.perf_counter()
    while time.perf_counter() - began < seconds:
        next(events)
    torch.cuda.synchronize()
    return (training.step - step) / (time.perf_counter() - began)
