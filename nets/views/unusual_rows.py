"""Rows that are unlike the others: those that an autoencoder makes badly again, beside an isolation forest."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Literal

import numpy as np
from pydantic import Field

from nets.views.base import View, view
from nets.views.rows import CHUNK, places_by_column, preparation_of

if TYPE_CHECKING:
    from torch import Tensor

    from nets.training import Training

SHOWN_COLUMNS = 12


@dataclass(frozen=True)
class UnusualRows:
    """``errors`` (B,) float32 of test rows: mean squared difference of the inputs and what the network makes of them.

    ``odd`` (B,) bool says which rows are of the class that training never sees, None where there is none; ``auc`` is
    then how often an odd row has the larger error. Of the worst, in order: ``places`` (R,) int64 in the test part,
    ``cells`` a tuple of their cells as text in each, in the order of ``columns``, and ``blame`` (R, C) float32, the
    share of each column in the row's error.
    """

    errors: np.ndarray
    odd: np.ndarray | None
    auc: float | None
    places: np.ndarray
    columns: tuple[str, ...]
    cells: tuple[tuple[str, ...], ...]
    blame: np.ndarray


@view
class UnusualRowsView(View):
    """Reconstruction errors of test rows, and which columns make the worst ones so."""

    kind: Literal["unusual_rows"] = "unusual_rows"
    count: Annotated[int, Field(ge=1, le=100)] = 15
    """Worst rows shown."""
    among: Annotated[int, Field(ge=10, le=100_000)] = 5000
    """Test rows looked at, at most."""

    @property
    def every_seconds(self) -> float:
        """The whole test part goes through the network."""
        return 0.3

    def look(self, training: "Training") -> UnusualRows:
        """Return the errors.

        Raises:
            ValueError: if the data are no table, or the network does not make its rows again.
        """
        import torch

        from nets.objectives.making import area_under_curve

        preparation = preparation_of(training)
        part = training.parts.test.first(self.among)
        squares = torch.cat([_squares(training, x) for x in part.x.split(CHUNK)])
        errors = squares.mean(dim=1)
        odd = odd_rows(training, len(part))
        worst = errors.argsort(descending=True, stable=True)[: self.count]
        found = places_by_column(training)
        blame = torch.stack([squares[worst][:, places].sum(dim=1) for places in found.values()], dim=1)
        blame = blame / blame.sum(dim=1, keepdim=True).clamp(min=1e-30)
        return UnusualRows(
            errors.numpy(),
            odd,
            None if odd is None else area_under_curve(errors, torch.from_numpy(odd)),
            worst.numpy(),
            tuple(found),
            tuple(
                tuple(cell_words(row[column]) for column in found)
                for _, row in preparation.test.iloc[worst.tolist()].iterrows()
            ),
            blame.numpy(),
        )


def _squares(training: "Training", x: "Tensor") -> "Tensor":
    import torch

    from nets.objectives.making import MakingRule

    if not isinstance(training.objective, MakingRule) or not hasattr(training.model, "encoder"):
        raise ValueError("this network does not make rows again; take an autoencoder")
    with torch.inference_mode():
        inputs = training.inputs(x)
        made = training.objective.reconstructed(training.model, inputs)
        return (made - inputs).square().flatten(1).nan_to_num(1e9).cpu()


def odd_rows(training: "Training", count: int) -> np.ndarray | None:
    """Return which of the first test rows are of the class that training never sees; None where there is none."""
    label = getattr(training.experiment.data, "hidden_label", lambda: None)()
    odd = training.parts.test.labels[:count].cpu().numpy() == label
    return np.asarray(odd) if label is not None and odd.any() and not odd.all() else None


def cell_words(cell: object) -> str:
    """Return a cell as people read it."""
    if cell is None or cell != cell:
        return "–"
    return f"{cell:.4g}" if isinstance(cell, float) else str(cell)[:40]
