"""What is often asked and belongs to no single concept, with the experiment and the recipe that show it."""

from typing import NamedTuple


class Entry(NamedTuple):
    """A question, its answer in a few sentences, the concept that shows it, and a recipe that does so live."""

    asked: str
    answer: str
    concept: str
    recipe: str


RECIPES = {
    "neuron": "gauss",
    "activations": "circle-linear",
    "losses": "line-regression",
    "backpropagation": "xor",
    "autograd": "xor",
    "descent": "cnn-digits-sgd",
    "initialization": "plain-vs-residual",
    "overfitting": "diabetes-regression",
    "convolution": "cnn-digits",
    "recurrence": "first-symbol-rnn",
    "attention": "reviews-transformer",
    "landscape": "spiral",
    "finder": "spiral",
}
"""For each concept the recipe that shows it live."""

GENERAL = (
    Entry(
        "What is an MLP?",
        "A multilayer perceptron: layers of neurons in which each one sees all of the layer before it. It takes a "
        "fixed number of inputs and knows nothing of pictures or order. For points and tables try it first.",
        "neuron",
        "circle",
    ),
    Entry(
        "What is a CNN?",
        "A convolutional network slides small kernels over a picture, the same weights at every place. It finds a "
        "stroke wherever it is, with far fewer weights than dense layers need.",
        "convolution",
        "cnn-digits",
    ),
    Entry(
        "What is an RNN?",
        "A recurrent network reads a sequence one step after the other and hands on a state. LSTM and GRU are cells "
        "with gates, which can keep something for many steps.",
        "recurrence",
        "first-symbol-rnn",
    ),
    Entry(
        "What is a transformer?",
        "A network whose layers attend: every word looks at all others at once and takes a mean of what they hold. "
        "Nothing is handed on from step to step, so far apart is as easy as near.",
        "attention",
        "reviews-transformer",
    ),
    Entry(
        "What is a deep network?",
        "One with several layers between input and output: each builds on what the one before has found. More layers "
        "say more with fewer neurons, but they are harder to train: the start, the activation and ways around layers "
        "decide.",
        "initialization",
        "plain-vs-residual",
    ),
    Entry(
        "What are a step, an epoch and a batch?",
        "A batch is a handful of examples; a step changes the weights once, by the gradient of one batch. An epoch is "
        "one pass over all training examples: with 250 of them and batches of 10 it has 25 steps.",
        "descent",
        "circle",
    ),
    Entry(
        "How large should a batch be?",
        "Small batches give noisy gradients and many steps, large ones smooth gradients and few. 16 to 128 do for most "
        "problems here. A larger batch bears a larger learning rate.",
        "descent",
        "mlp-digits",
    ),
    Entry(
        "What does an optimizer do?",
        "It turns gradients into steps. SGD goes straight downhill; momentum keeps some of its speed; Adam gives each "
        "weight a step length of its own. Let them race on the same surface.",
        "descent",
        "cnn-digits-sgd",
    ),
    Entry(
        "Why split off test data?",
        "To know how the network does on what it has not seen: that is what it is for. On its own training points it "
        "can be right about everything and have learnt nothing but these points.",
        "overfitting",
        "split-by-country",
    ),
    Entry(
        "What is validation data for?",
        "For decisions while training: when to stop, which settings to take. The test part is looked at last; whoever "
        "picks settings by it has learnt from it too. Early stopping holds out its own part.",
        "overfitting",
        "diabetes-regression",
    ),
    Entry(
        "How many layers and neurons do I need?",
        "Begin small, and add until the train loss falls to where it should be; then see to the gap to the test loss. "
        "For points in the plane two layers of 4 to 8 neurons do; pictures want convolutions rather than more neurons.",
        "overfitting",
        "spiral",
    ),
    Entry(
        "Why do I get the same numbers again, and others with a new seed?",
        "Initial weights, the order of examples and dropout are random numbers made of the seed. The same seed gives "
        "the same run. If a result is there with one seed alone, don't trust it.",
        "initialization",
        "xor",
    ),
    Entry(
        "My loss does not fall. What now?",
        "Try a learning rate ten times smaller, then ten times larger. Then look whether the inputs are scaled, units "
        "are dead, or gradients vanish. A loss that becomes NaN asks for a smaller rate.",
        "descent",
        "wine-mlp",
    ),
)
