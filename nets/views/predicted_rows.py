"""Test rows with what the network takes them for, the wrong ones first."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Literal

import numpy as np
from pydantic import Field

from nets.views.base import View, view
from nets.views.passages import check_classes
from nets.views.rows import answers_of, preparation_of
from nets.views.unusual_rows import cell_words

if TYPE_CHECKING:
    from nets.training import Training


@dataclass(frozen=True)
class PredictedRows:
    """``actual`` and ``predicted`` (R,) int64 classes, ``confidence`` (R,) float32 in the predicted one.

    ``cells`` are those of each row as text, in the order of ``columns``; ``available`` counts the rows that were asked
    for.
    """

    actual: np.ndarray
    predicted: np.ndarray
    confidence: np.ndarray
    columns: tuple[str, ...]
    cells: tuple[tuple[str, ...], ...]
    available: int


@view
class PredictedRowsView(View):
    """Wrong rows, the surest first; or those of one cell of the confusion matrix."""

    kind: Literal["predicted_rows"] = "predicted_rows"
    count: Annotated[int, Field(ge=1, le=100)] = 10
    """Rows shown, at most."""
    actual: Annotated[int, Field(ge=0)] | None = None
    """Only those of this true class, right ones too."""
    predicted: Annotated[int, Field(ge=0)] | None = None
    """Only those that are taken for this class, right ones too."""
    among: Annotated[int, Field(ge=1, le=20_000)] = 2048
    """Test rows looked at, at most."""

    @property
    def every_seconds(self) -> float:
        """Thousands of rows are looked at."""
        return 0.5

    def look(self, training: "Training") -> PredictedRows:
        """Return the rows.

        Raises:
            ValueError: if the data are no table of classes.
        """
        check_classes(training)
        preparation = preparation_of(training)
        actual = training.parts.test.labels[: self.among].cpu().numpy()
        shares = answers_of(training, training.parts.test.x[: self.among].cpu().numpy())
        predicted, sure = shares.argmax(axis=1), shares.max(axis=1)
        wanted = actual != predicted
        if self.actual is not None or self.predicted is not None:
            wanted = np.ones(len(actual), dtype=bool)
            if self.actual is not None:
                wanted &= actual == self.actual
            if self.predicted is not None:
                wanted &= predicted == self.predicted
        places = np.flatnonzero(wanted)
        places = places[np.argsort(-sure[places], kind="stable")]
        shown = places[: self.count]
        columns = tuple(name for name, _, _ in preparation.config.features)
        rows = preparation.test.iloc[shown]
        cells = tuple(tuple(cell_words(row[name]) for name in columns) for _, row in rows.iterrows())
        return PredictedRows(actual[shown], predicted[shown], sure[shown], columns, cells, len(places))
