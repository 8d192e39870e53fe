"""Which columns a network goes by: shuffling each (Breiman 2001), integrated gradients (Sundararajan et al. 2017)."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Literal

import numpy as np
from pydantic import Field

from nets.seeds import derive
from nets.views.base import View, view
from nets.views.rows import places_by_column

if TYPE_CHECKING:
    from torch import Tensor

    from nets.training import Training


@dataclass(frozen=True)
class Importance:
    """How much each of ``columns`` matters.

    ``loss`` (C,) is how much the test loss grows when its cells are shuffled among the rows, the mean over repeats,
    and ``spread`` (C,) that over these; ``gradients`` (C,) the mean absolute integrated gradient from an average row
    to each row, None where inputs are codes of categories, between which there is no way.
    """

    columns: tuple[str, ...]
    loss: np.ndarray
    spread: np.ndarray
    gradients: np.ndarray | None


@view
class ImportanceView(View):
    """How much each column matters to the network."""

    kind: Literal["importance"] = "importance"
    count: Annotated[int, Field(ge=2, le=5000)] = 400
    """Test rows looked at, at most."""
    repeats: Annotated[int, Field(ge=1, le=20)] = 3
    """Times that each column is shuffled."""

    @property
    def every_seconds(self) -> float:
        """The rows go through the network several times for each column."""
        return 2.0

    def prepare(self) -> None:
        """Import captum."""
        import captum.attr  # noqa: F401

    def look(self, training: "Training") -> Importance:
        """Return how much each column matters.

        Raises:
            ValueError: if the network predicts nothing.
        """
        import torch

        if training.experiment.train.objective.kind != "supervised":
            raise ValueError("this network predicts no column, so none matters to that")
        part = training.parts.test.first(self.count)
        found = places_by_column(training)
        generator = torch.Generator().manual_seed(derive(training.experiment.train.seed, "importance"))
        with torch.inference_mode():
            usual = self._loss(training, part.x, part.targets)
            losses = np.array(
                [
                    [self._shuffled(training, part, places, generator) - usual for _ in range(self.repeats)]
                    for places in found.values()
                ]
            )
        losses = np.nan_to_num(losses, posinf=0, neginf=0)
        return Importance(tuple(found), losses.mean(axis=1), losses.std(axis=1), self._gradients(training, found))

    @staticmethod
    def _loss(training: "Training", x: "Tensor", targets: "Tensor") -> float:
        return float(training.objective.training_loss(training.model, training.inputs(x), targets))

    def _shuffled(self, training: "Training", part: Any, places: list[int], generator: Any) -> float:
        import torch

        order = torch.randperm(len(part), generator=generator).to(part.x.device)
        x = part.x.clone()
        x[:, places] = part.x[order][:, places]
        return self._loss(training, x, part.targets)

    def _gradients(self, training: "Training", found: dict[str, list[int]]) -> np.ndarray | None:
        import torch
        from captum.attr import IntegratedGradients

        if training.experiment.data.info().categories:
            return None
        x = training.parts.test.x[: min(self.count, 100)]
        middle = training.parts.train.x[:2000].mean(dim=0, keepdim=True)

        def strongest(inputs: "Tensor") -> "Tensor":
            return training.model(inputs).square().sum(dim=1).sqrt()

        with torch.enable_grad():
            given = IntegratedGradients(strongest).attribute(x.clone(), baselines=middle.expand_as(x), n_steps=16)
        each = given.detach().abs().nan_to_num(0).mean(dim=0).cpu().numpy()
        return np.array([each[places].sum() for places in found.values()])
