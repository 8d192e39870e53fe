"""All concepts, in the order in which one builds on the other."""

from pages.parts.concepts import (
    activations,
    attention,
    autograd,
    backpropagation,
    convolution,
    descent,
    finder,
    initialization,
    landscape,
    losses,
    neuron,
    overfitting,
    questions,
    recurrence,
)

CONCEPTS = {
    concept.name: concept
    for concept in (
        neuron.CONCEPT,
        activations.CONCEPT,
        losses.CONCEPT,
        backpropagation.CONCEPT,
        autograd.CONCEPT,
        descent.CONCEPT,
        initialization.CONCEPT,
        overfitting.CONCEPT,
        convolution.CONCEPT,
        recurrence.CONCEPT,
        attention.CONCEPT,
        finder.CONCEPT,
        landscape.CONCEPT,
        questions.CONCEPT,
    )
}
