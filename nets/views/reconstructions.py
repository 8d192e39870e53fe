"""Test pictures beside what the network makes of them."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Literal

import numpy as np
from pydantic import Field

from nets.views.base import View, finite, view
from nets.views.generation import drawn, maker, part_of

if TYPE_CHECKING:
    from torch import Tensor

    from nets.training import Training


@dataclass(frozen=True)
class Reconstructions:
    """``pictures`` and ``outputs`` (N, h, w) or (N, h, w, 3) uint8, with the ``noisy`` ones between them if any.

    ``errors`` (N,) float32 are mean squared differences of the inputs, ``labels`` (N,) int64 classes, ``indices`` (N,)
    int64 places in the test part.
    """

    pictures: np.ndarray
    noisy: np.ndarray | None
    outputs: np.ndarray
    errors: np.ndarray
    labels: np.ndarray
    indices: np.ndarray


@view
class ReconstructionsView(View):
    """The first test pictures; where the network learns to clean pictures, also the noisy ones that it is given."""

    kind: Literal["reconstructions"] = "reconstructions"
    count: Annotated[int, Field(ge=1, le=100)] = 24
    """Pictures."""
    start: Annotated[int, Field(ge=0, le=1_000_000)] = 0
    """Place in the test part of the first one; behind its end it begins anew."""

    def look(self, training: "Training") -> Reconstructions:
        """Return the pictures.

        Raises:
            ValueError: if the data are no pictures, or the network does not make them again.
        """
        import torch

        test = training.parts.test
        indices = (torch.arange(min(self.count, len(test.x))) + self.start) % len(test.x)
        here = indices.to(test.x.device)
        labels = test.labels[here]
        x = training.inputs(test.x[here])
        given = noisy_inputs(training, x)
        outputs = reconstructed(training, x if given is None else given, labels)
        shown = (2 if given is None else 3) * len(indices)
        return Reconstructions(
            drawn(training, x, shown=shown),
            None if given is None else drawn(training, given, shown=shown),
            drawn(training, outputs, shown=shown),
            squared_errors(x, outputs).cpu().numpy(),
            labels.cpu().numpy(),
            indices.numpy(),
        )


def reconstructed(training: "Training", x: "Tensor", labels: "Tensor") -> "Tensor":
    """Return what the network makes of inputs (B, *input_shape), in their shape; ``labels`` (B,) as it may be told.

    Raises:
        ValueError: if it does not make its inputs again.
    """
    import torch

    rule = maker(training)
    part_of(training, "encoder")
    with torch.inference_mode():
        return finite(rule.reconstructed(training.model, x, labels))


def squared_errors(x: "Tensor", outputs: "Tensor") -> "Tensor":
    """Return the mean squared difference (B,) float32 of each of the inputs from its reconstruction."""
    return (x - outputs).square().flatten(1).mean(dim=1)


def noisy_inputs(training: "Training", x: "Tensor") -> "Tensor | None":
    """Return inputs as the network gets them to clean, the same noise each time; None where it gets them clean."""
    import torch

    from nets.objectives.reconstruction import ReconstructionRule

    rule = training.objective
    if not isinstance(rule, ReconstructionRule) or rule.config.noise == "none":
        return None
    return rule.spoilt(x, torch.Generator().manual_seed(0))
