"""Which pictures are strange to a network that has learnt to make pictures again."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Literal

import numpy as np
from pydantic import Field

from nets.views.base import View, view
from nets.views.generation import CHUNK, drawn, maker
from nets.views.reconstructions import reconstructed, squared_errors

if TYPE_CHECKING:
    from torch import Tensor

    from nets.training import Training


@dataclass(frozen=True)
class Anomalies:
    """How badly each test picture is made again: ``errors`` (N,) float32, mean squared differences of the inputs.

    ``odd`` (N,) bool says which are of the class that the network has not learnt; None where there is no such class.
    Then ``auc`` is how often an odd one has the larger error than an ordinary one. ``odd_classes`` are those classes.
    Of the worst, in order: ``pictures`` and ``outputs`` (K, h, w) or (K, h, w, 3) uint8, ``worst`` (K,) int64 places in
    the test part, ``labels`` (K,) int64 classes.
    """

    errors: np.ndarray
    odd: np.ndarray | None
    auc: float | None
    odd_classes: tuple[int, ...]
    pictures: np.ndarray
    outputs: np.ndarray
    worst: np.ndarray
    labels: np.ndarray


@view
class AnomaliesView(View):
    """Reconstruction errors of the test part: large where a picture is unlike those that the network has learnt."""

    kind: Literal["anomalies"] = "anomalies"
    odd: Annotated[int, Field(ge=0, le=10_000)] | None = None
    """The class that counts as odd; none takes those of the test part that the training part does not have."""
    count: Annotated[int, Field(ge=1, le=48)] = 10
    """Worst pictures shown."""
    among: Annotated[int, Field(ge=10, le=10_000)] = 2000
    """Test pictures looked at, at most."""

    @property
    def every_seconds(self) -> float:
        """The whole test part goes through the network."""
        return 0.25

    def look(self, training: "Training") -> Anomalies:
        """Return the errors.

        Raises:
            ValueError: if the data are no pictures, or the network does not make them again.
        """
        import torch

        from nets.objectives.making import area_under_curve

        part = training.parts.test.first(self.among)
        errors = torch.cat(
            [
                _errors(training, x, labels)
                for x, labels in zip(part.x.split(CHUNK), part.labels.split(CHUNK), strict=True)
            ]
        ).cpu()
        labels = part.labels.cpu()
        classes = (self.odd,) if self.odd is not None else odd_classes(training)
        odd = torch.isin(labels, torch.tensor(classes, dtype=labels.dtype))
        has_both = bool(odd.any()) and not bool(odd.all())
        worst = errors.nan_to_num(torch.inf).argsort(descending=True, stable=True)[: self.count]
        x = training.inputs(part.x[worst.to(part.x.device)])
        outputs = reconstructed(training, x, part.labels[worst.to(part.labels.device)])
        return Anomalies(
            errors.nan_to_num(0).numpy(),
            odd.numpy() if has_both else None,
            area_under_curve(errors.nan_to_num(torch.inf), odd) if has_both else None,
            classes if has_both else (),
            drawn(training, x, shown=2 * len(worst)),
            drawn(training, outputs, shown=2 * len(worst)),
            worst.numpy(),
            labels[worst].numpy(),
        )


def _errors(training: "Training", x: "Tensor", labels: "Tensor") -> "Tensor":
    import torch

    with torch.inference_mode():
        inputs = training.inputs(x)
        return squared_errors(inputs, reconstructed(training, inputs, labels))


def odd_classes(training: "Training") -> tuple[int, ...]:
    """Return the class that the data hide from training, or else those that the test part alone has."""
    if (hidden := maker(training).hidden_label) is not None:
        return (hidden,)
    return tuple(sorted(set(training.parts.test.labels.tolist()) - set(training.parts.train.labels.tolist())))
