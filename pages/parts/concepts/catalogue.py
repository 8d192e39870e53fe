"""All concepts, in the order in which one builds on the other."""

from pages.parts.concepts import activations, descent, losses, neuron

CONCEPTS = {
    concept.name: concept
    for concept in (
        neuron.CONCEPT,
        activations.CONCEPT,
        losses.CONCEPT,
        descent.CONCEPT,
    )
}
