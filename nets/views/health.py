"""What goes on inside a network while it learns: units, gradients, weights, and classes that are rare."""

import math
from typing import TYPE_CHECKING, ClassVar, Literal

from nets.health.answers import watched
from nets.health.guesses import class_shares, constant_loss
from nets.health.vitals import Insides, Layer, RareClass, Seen
from nets.views.base import View, view

if TYPE_CHECKING:
    from torch import Tensor

    from nets.training import Training
    from nets.training.parts import Part

MOST_EXAMPLES, FEWEST_EXAMPLES = 64, 32
AFFORDED = 0.012
"""Seconds that a look may take, by what the run's own steps have taken; one of fewer examples would say too little."""
SCANNED = 2000
"""Training examples that a constant answer and the classes are counted on, at most."""
MOST_CLASSES = 100
RARE = 0.25
"""Of its even share: a class below it is looked at by itself, the rarest ``MOST_RARE`` of them."""
MOST_RARE, RARE_EXAMPLES = 3, 32
OWN_SCALE = ("adam", "adamw", "rmsprop", "adagrad", "adadelta", "nadam", "radam", "lbfgs")
"""Optimizers that scale each weight's step by themselves: however long the gradient, the step is not."""
SMALLEST_WEIGHT = 0.01
"""Root mean square that weights count with at least where a step is compared with them: any step leaves zeros far."""


@view
class HealthView(View):
    """Dead and saturated units, gradients and weights by layer, and the recall of rare classes."""

    share_of_time: ClassVar[float] = 0.01
    kind: Literal["health"] = "health"

    @property
    def every_seconds(self) -> float:
        """Return a while: nobody needs to hear of it at once."""
        return 2.0

    def look(self, training: "Training") -> Insides:
        """Return what a forward and a backward pass over a few training examples show; no gradient is kept.

        A network that has not begun to learn is not looked into: its first picture need not wait for that.
        """
        part = training.parts.train.first(affordable(training) if training.step else 0)
        seen, gradients = _passes(training, part) if len(part) else ({}, {})
        scanned = training.parts.train.first(SCANNED)
        shares = class_shares(training, scanned)
        return Insides(
            training.step,
            len(part),
            _layers(training, gradients, seen),
            constant_loss(training, scanned),
            max(shares, default=0.0),
            len(shares),
            _rare(training, shares) if training.step else (),
        )


def affordable(training: "Training") -> int:
    """Return how many examples a look may take: as many as the run's own speed lets through in time."""
    batch = min(training.experiment.train.batch_size, len(training.parts.train))
    each = max(training.seconds, 1e-9) / training.step / batch
    return max(FEWEST_EXAMPLES, min(MOST_EXAMPLES, int(AFFORDED / each)))


def layer_of(parameter: str) -> str:
    """Return the layer that a parameter belongs to: "hidden1" for hidden1.weight, "core.layers.0" for …weight_hh_l0."""
    module, _, name = parameter.rpartition(".")
    if "_l" in name:  # of torch's recurrent layers, which hold the weights of all of them
        return f"{module}.{name.rpartition('_l')[2].removesuffix('_reverse')}"
    return module


def _passes(training: "Training", part: "Part") -> "tuple[dict[str, Seen], dict[str, list[tuple[Tensor, Tensor]]]]":
    """Return what units have said by layer, and each layer's weights with their gradients."""
    import torch
    from torch import nn

    tables = [name for name, module in training.model.named_modules() if isinstance(module, nn.Embedding)]
    weights = {
        name: parameter
        for name, parameter in training.model.named_parameters()
        if parameter.requires_grad
        and parameter.dim() > 1
        and "weight" in name.rpartition(".")[2]
        and name.rpartition(".")[0] not in tables
    }
    x = training.inputs(part.x)
    # An RNN of cuDNN goes back in training mode alone, and this network is looked at as it is.
    with torch.enable_grad(), torch.backends.cudnn.flags(enabled=False), watched(training.model) as seen:
        loss = training.objective.training_loss(training.model, x, part.targets, training.epoch)
    if not weights or not loss.requires_grad:
        return seen, {}
    found = torch.autograd.grad(loss, list(weights.values()), allow_unused=True, materialize_grads=True)
    layers: dict[str, list[tuple[Tensor, Tensor]]] = {}
    for (name, weight), gradient in zip(weights.items(), found, strict=True):
        layers.setdefault(layer_of(name), []).append((weight.detach(), gradient))
    return seen, layers


def _layers(
    training: "Training", layers: "dict[str, list[tuple[Tensor, Tensor]]]", seen: "dict[str, Seen]"
) -> tuple[Layer, ...]:
    settings = training.experiment.train
    norms = {name: _norm([gradient for _, gradient in pairs]) for name, pairs in layers.items()}
    total = math.hypot(*norms.values()) if norms else 0.0
    clipped = min(1.0, settings.clip_norm / total) if settings.clip_norm and total > 0 else 1.0
    rate = 0.0 if settings.optimizer.kind in OWN_SCALE else training.learning_rate * clipped
    made = []
    for name, pairs in layers.items():
        count = sum(weight.numel() for weight, _ in pairs)
        spread = _norm([weight for weight, _ in pairs]) / math.sqrt(count)
        gradient = norms[name] / math.sqrt(count)
        made.append(
            Layer(
                name,
                gradient=gradient,
                spread=spread,
                step_size=rate * gradient / max(spread, SMALLEST_WEIGHT),
                **vars(seen.get(name, Seen())),
            )
        )
    return tuple(made)


def _norm(tensors: "list[Tensor]") -> float:
    import torch

    return float(torch.stack(torch._foreach_norm(tensors)).norm())


def _rare(training: "Training", shares: tuple[float, ...]) -> tuple[RareClass, ...]:
    """Return the rarest classes with their recall on a few test examples, or training ones where there are none."""
    import torch

    if not 1 < len(shares) <= MOST_CLASSES:
        return ()
    names = training.experiment.data.info().class_names
    rarest = sorted(range(len(shares)), key=lambda place: shares[place])[:MOST_RARE]
    found = []
    for place in rarest:
        if not 0 < shares[place] < RARE / len(shares):
            continue
        parts = (training.parts.test, training.parts.train)
        examples = [part.x[(part.labels == place).nonzero()[:RARE_EXAMPLES, 0]] for part in parts]
        x = examples[0] if len(examples[0]) else examples[1]
        with torch.inference_mode():
            recognized = training.objective.shares(training.predict(x)).argmax(dim=1) == place
        found.append(RareClass(names[place], shares[place], float(recognized.float().mean()), len(x)))
    return tuple(found)
