"""What the gradients say: they do not reach the first layers, or a step throws the weights far off."""

import math

from nets.health.learning import has_learnt
from nets.health.vitals import Finding, Layer, Vitals
from nets.health.words import spoken, times

VANISHED = 1e-4
"""First layer's gradient over the largest behind it: a healthy chain of five layers keeps a hundredth."""
ENOUGH_LAYERS = 3
"""Layers with weights before one can speak of gradients getting lost on their way."""
SMALLEST = 1e-12
"""Gradients below it everywhere: the network has nothing to learn any more, rather than something lost."""
TOO_FAR = 1.0
"""Share of its own size by which one step may change a layer's weights; healthy steps change a hundredth."""
EXPLODED = 100.0
"""Times its weights that a layer's gradient may be, root mean squares both, for a loss of the size of 1; healthy ones
stay below ten. Values to predict that are large themselves make the loss, and every gradient, as much larger."""
SMALLEST_WEIGHT = 0.01
"""Root mean square that weights count with at least: beside zeros any gradient is infinitely large."""


def exploding(vitals: Vitals) -> Finding | None:
    """Find gradients that are no numbers, or throw a layer's weights farther than they are long."""
    if vitals.insides is None or vitals.status == "diverged":
        return None
    layers = vitals.insides.layers
    advice = "Clip the gradients, lower the learning rate, or take a norm or a smaller initializer."
    broken = [layer for layer in layers if not math.isfinite(layer.gradient)]
    if broken:
        sees = f"The gradient of {spoken(broken[0].name)} is not finite."
        return Finding("exploding", sees, advice, "initialization", broken[0].name)
    worst = max(layers, key=lambda layer: layer.step_size, default=None)
    if worst is not None and worst.step_size > TOO_FAR:
        sees = f"One step would change the weights of {spoken(worst.name)} by {times(worst.step_size)} their own size."
        return Finding("exploding", sees, advice, "initialization", worst.name)
    largest = max(layers, key=_size, default=None)
    usual = EXPLODED * max(1.0, vitals.constant or 1.0)
    is_clipped = vitals.experiment.train.clip_norm is not None
    if largest is not None and _size(largest) > usual and not is_clipped and not has_learnt(vitals):
        sees = f"The gradient of {spoken(largest.name)} is {times(_size(largest))} as large as its weights."
        return Finding("exploding", sees, advice, "initialization", largest.name)
    return None


def vanishing(vitals: Vitals) -> Finding | None:
    """Find a gradient that is lost on its way to the first layer, in a network that has not learnt."""
    if vitals.insides is None or vitals.step == 0 or has_learnt(vitals):
        return None
    layers = vitals.insides.layers
    if len(layers) < ENOUGH_LAYERS or any(not math.isfinite(layer.gradient) for layer in layers):
        return None
    first, later = layers[0], max(layers[1:], key=lambda layer: layer.gradient)
    if later.gradient < SMALLEST or first.gradient >= VANISHED * later.gradient or _is_dead(layers):
        return None
    if first.gradient > 0:
        factor = times(later.gradient / first.gradient)
        sees = f"The gradient of {spoken(first.name)} is {factor} smaller than that of {spoken(later.name)}."
    else:
        sees = f"Nothing of the gradient reaches {spoken(first.name)}."
    advice = "Take fewer layers, relu in place of sigmoid or tanh, a norm, or a kaiming or xavier initializer."
    return Finding("vanishing", sees, advice, "initialization", first.name)


def _size(layer: Layer) -> float:
    """Return how large a layer's gradient is beside its weights."""
    return layer.gradient / max(layer.spread, SMALLEST_WEIGHT)


def _is_dead(layers: tuple[Layer, ...]) -> bool:
    """Does a layer without a single living unit stop the gradient? Then that is what there is to say."""
    return any(layer.units and len(layer.dead) == layer.units for layer in layers)
