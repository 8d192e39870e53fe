"""Rows that somebody types or uploads, and what the network answers to them."""

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Literal

import numpy as np
from pydantic import AfterValidator, Field

from nets.datasets.tables.fitting import fitting
from nets.views.base import View, view
from nets.views.rows import answers_of, preparation_of

if TYPE_CHECKING:
    from nets.training import Training

MOST = 20_000


def _is_row(text: str) -> str:
    if text:
        try:
            row = json.loads(text)
        except ValueError:
            raise ValueError("is no JSON; give an object of a cell for each column") from None
        if not isinstance(row, dict) or not all(isinstance(cell, str | int | float | None) for cell in row.values()):
            raise ValueError("is no row; give an object of a cell for each column")
    return text


@dataclass(frozen=True)
class ScoredRows:
    """``answers`` (B, K) float32: shares of the classes or labels ``names``, or values of the columns ``names``.

    ``notes`` say which cells were not understood, a sentence each. ``upload`` is the table whose rows they are.
    """

    answers: np.ndarray
    names: tuple[str, ...]
    notes: tuple[str, ...]
    upload: str = ""


@view
class ScoredRowsView(View):
    """The network's answers to a row that is typed, or to all rows of a table that was uploaded."""

    kind: Literal["scored_rows"] = "scored_rows"
    row: Annotated[str, Field(max_length=20_000), AfterValidator(_is_row)] = ""
    """A cell for each column as JSON, missing ones are missing cells; empty takes the first test row."""
    upload: Annotated[str, Field(pattern=r"^([0-9a-f]{64})?$")] = ""
    """The SHA-256 sum of an uploaded table, whose rows come instead."""

    @property
    def every_seconds(self) -> float:
        """A whole table may have to go through the network."""
        return 0.5 if self.upload else 0.0

    def look(self, training: "Training") -> ScoredRows:
        """Return the answers.

        Raises:
            ValueError: if the data are no table, the network predicts nothing, or the upload does not fit.
        """
        import pandas as pd

        from nets.datasets.tables.own_table import kept_table

        preparation = preparation_of(training)
        config = preparation.config
        typed_in = json.loads(self.row) if self.row else {}
        raw: Any = pd.DataFrame([typed_in]) if typed_in else preparation.test.iloc[:1]
        raw = kept_table(self.upload) if self.upload else raw
        frame, notes = fitting(raw, config.features, preparation.train)
        answers = [
            answers_of(training, preparation.inputs(frame.iloc[start : start + MOST]))
            for start in range(0, len(frame), MOST)
        ]
        info = training.experiment.data.info()
        return ScoredRows(np.concatenate(answers), info.class_names or tuple(config.targets), notes, self.upload)
