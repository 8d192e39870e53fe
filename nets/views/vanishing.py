"""How much of the gradient reaches each step: where it vanishes, nothing is learnt of what was so long ago."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from nets.views.base import View, view

if TYPE_CHECKING:
    from torch import Tensor, nn

    from nets.training import Training

EXAMPLES = 32
SMALLEST = 1e-30
"""Of norms: so that they can be drawn on a logarithmic axis."""


@dataclass(frozen=True)
class Vanishing:
    """``norms`` (T,) float32: the norm of the loss's gradient by what is known at each step, the mean over examples.

    ``of_states`` tells whether by the cell's state (Pascanu et al. 2013), or by the input where there is none.
    """

    norms: np.ndarray
    of_states: bool


@view
class VanishingView(View):
    """The gradient's norm by time step, over the first test examples."""

    kind: Literal["vanishing"] = "vanishing"

    @property
    def every_seconds(self) -> float:
        """Return a while: it goes back through every step."""
        return 0.5

    def look(self, training: "Training") -> Vanishing:
        """Return the norms; no gradient of the network itself is touched."""
        import torch

        part = training.parts.test.first(EXAMPLES)
        x = training.inputs(part.x).detach().clone()
        model: Any = training.model
        core = getattr(model, "core", None)
        of_states = core is not None and hasattr(core, "layers") and not core.bidirectional and model.embedding is None
        # An RNN of cuDNN goes back in training mode alone, and this network is looked at as it is.
        with torch.enable_grad(), torch.backends.cudnn.flags(enabled=False):
            if of_states:
                outputs, known = unrolled(model, x)
            else:
                x.requires_grad_()
                outputs, known = model(x), [x]
            loss = training.objective.training_loss(lambda _: outputs, x, part.targets)
            gradients = torch.autograd.grad(loss, known, allow_unused=True, materialize_grads=True)
        if of_states:
            halves = len(gradients) // x.shape[1]
            squares = torch.stack([gradient.square().sum(dim=(0, 2)) for gradient in gradients])  # (T · halves, B)
            norms = squares.unflatten(0, (-1, halves)).sum(dim=1).sqrt().mean(dim=1)
        else:
            norms = gradients[0].square().sum(dim=2).sqrt().mean(dim=0)
        norms = (norms * len(x)).nan_to_num(0).clamp(min=SMALLEST)  # the loss is a mean over the examples
        return Vanishing(norms.float().cpu().numpy(), of_states)


def unrolled(model: "nn.Module", x: "Tensor") -> "tuple[Tensor, list[Tensor]]":
    """Return the outputs (B, K) for x (B, T, D), and the states of all layers (L, B, H) after each step.

    An LSTM has two a step: what it shows and what it keeps.
    """
    import torch

    net: Any = model
    known: list[Tensor] = []
    tops, state = [], None
    for step in x.transpose(0, 1):
        _, state = net.core.layers(step[None], state)
        parts = state if isinstance(state, tuple) else (state,)
        known += parts
        tops.append(parts[0][-1])
    outputs = net.output(net.head(net.readout(torch.stack(tops, dim=1), None)))
    return (outputs if net.output_activation is None else net.output_activation(outputs)), known
