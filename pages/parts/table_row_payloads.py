"""What the panels of the Tables screen draw that show rows: the wrong ones, and the most unusual."""

import numpy as np

from nets.runs.run import Run
from nets.views.predicted_rows import PredictedRows
from nets.views.unusual_rows import UnusualRows
from pages.parts.components.packing import pack
from pages.parts.payloads import moment
from pages.parts.table_payloads import MOST_COLUMNS, nothing


def strange_payload(run: Run) -> bytes:
    """Return the reconstruction errors of the test rows."""
    found: UnusualRows | None = run.views.get("unusual_rows")
    if found is None:
        return nothing(run)
    arrays = {"errors": found.errors}
    if found.odd is not None:
        arrays["odd"] = found.odd.astype(np.uint8)
    meta = {
        **moment(run),
        "empty": "",
        "title": "Reconstruction error of each test row",
        "alt": "How many test rows have which reconstruction error, and the threshold; drag it, or use its slider",
        "ordinary": "ordinary rows" if found.odd is not None else "rows",
        "odd": f"rows of {run.experiment.data.model_dump().get('hidden_class', '')}",
        "auc": found.auc,
    }
    return pack(meta, arrays)


def strange_rows_payload(run: Run) -> bytes:
    """Return the most unusual rows with what makes them so."""
    found: UnusualRows | None = run.views.get("unusual_rows")
    if found is None:
        return nothing(run)
    order = np.argsort(-found.blame.sum(axis=0), kind="stable")[:MOST_COLUMNS]
    rows = [
        {
            "error": f"{found.errors[place]:.3g}",
            "mark": "odd" if found.odd is not None and found.odd[place] else "",
            "cells": [cells[column] for column in order],
        }
        for place, cells in zip(found.places, found.cells, strict=True)
    ]
    meta = {**moment(run), "empty": "", "columns": [found.columns[place] for place in order], "rows": rows}
    return pack(meta, {"blame": np.ascontiguousarray(found.blame[:, order], dtype=np.float32)})


def rows_payload(run: Run) -> bytes:
    """Return test rows with what they are taken for."""
    found: PredictedRows | None = run.views.get("predicted_rows")
    if found is None:
        return nothing(run)
    names = run.experiment.data.info().class_names
    rows = [
        {
            "error": f"{100 * sure:.0f} %",
            "mark": "",
            "cells": [names[actual], names[predicted], *cells[:MOST_COLUMNS]],
        }
        for actual, predicted, sure, cells in zip(
            found.actual, found.predicted, found.confidence, found.cells, strict=True
        )
    ]
    meta = {
        **moment(run),
        "empty": "No such row among the test rows looked at",
        "first": "how sure",
        "columns": ["true", "predicted", *found.columns[:MOST_COLUMNS]],
        "rows": rows,
    }
    wrong = np.zeros((len(rows), len(meta["columns"])), dtype=np.float32)
    wrong[:, 1] = (found.actual != found.predicted) * 0.4
    return pack(meta, {"blame": wrong})
