"""What the units say: they never answer, or always at the ends of their activation."""

from nets.health.learning import has_learnt
from nets.health.vitals import Finding, Insides, Layer, Vitals
from nets.health.words import percent, spoken

OUTPUT = "output"
"""The name of the last layer in every network here."""
ENOUGH_ANSWERS = 32
"""Answers of a unit that must have been seen: in fewer a healthy one may well be silent."""
ENOUGH_STEPS = 50
"""Updates before units are judged: some only have to wake up, and batch norm has to get to know the data."""
AS_MANY = 3
"""Times the outputs there are: among so many examples there is one of most classes."""
DEAD = 0.5
"""Share of a layer's units that never answer; a few silent ones are usual and cost nothing but room."""
DEAD_OUTPUTS = 0.1
"""The same of the outputs: each that never answers is a class that is never named."""
SATURATED = 0.9
"""Share of a layer's answers at the flat ends: a trained tanh layer that does well has up to two thirds."""


def dying(vitals: Vitals) -> Finding | None:
    """Find a layer of which half of the units never answer: no gradient will ever reach them."""
    insides = _judged(vitals)
    if insides is None:
        return None
    layers = [layer for layer in insides.layers if layer.units and layer.answers >= _needed(layer)]
    worst = max(layers, key=lambda layer: len(layer.dead) / layer.units / _allowed(layer), default=None)
    if worst is None or len(worst.dead) < _allowed(worst) * worst.units:
        return None
    if worst.name != OUTPUT and len(worst.dead) < worst.units and not _learns_badly(vitals):
        return None
    sees = f"{len(worst.dead):,} of {worst.units:,} units of {spoken(worst.name)} never answer."
    advice = "Lower the learning rate, take leaky_relu or elu, or begin anew with another initializer."
    return Finding("dying", sees, advice, "activations", worst.name, worst.dead)


def saturated(vitals: Vitals) -> Finding | None:
    """Find a layer whose answers nearly all lie where its activation is flat, in a network that has not learnt."""
    insides = _judged(vitals)
    if insides is None or not _learns_badly(vitals):
        return None
    worst = max(insides.layers, key=lambda layer: layer.saturated, default=None)
    if worst is None or worst.saturated < SATURATED:
        return None
    sees = f"{percent(worst.saturated)} of the answers of {spoken(worst.name)} are at the ends of {worst.activation}."
    advice = "Take a smaller learning rate or initializer, scaled inputs, or a norm."
    return Finding("saturated", sees, advice, "activations", worst.name)


def _learns_badly(vitals: Vitals) -> bool:
    """Is it known, from a whole epoch, that the network has not learnt? The first one may take minutes."""
    return bool(vitals.learnt) and not has_learnt(vitals)


def _needed(layer: Layer) -> int:
    return max(ENOUGH_ANSWERS, AS_MANY * layer.units if layer.name == OUTPUT else 0)


def _allowed(layer: Layer) -> float:
    return DEAD_OUTPUTS if layer.name == OUTPUT else DEAD


def _judged(vitals: Vitals) -> Insides | None:
    """Return what is inside, if enough has been seen of it."""
    insides = vitals.insides
    if insides is None or insides.step < ENOUGH_STEPS:
        return None
    return insides
