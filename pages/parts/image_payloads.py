"""What the panels draw that look at a whole test part of pictures: confusion matrix and map of the pictures."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from nets.runs.run import Run
from nets.views.confusion import Confusion
from pages.parts.components.packing import pack
from pages.parts.payloads import moment

BUILDING = "The network is being built"


def confusion_payload(run: Run, *, chosen: Mapping[str, int] | None = None, empty: str = BUILDING) -> bytes:
    """Return the confusion matrix with precision, recall and F1 of each class, from the view ``confusion``.

    Args:
        run: whose view it is.
        chosen: the cell to outline, as the panel's trigger ``cell`` gave it: ``{"actual": int, "predicted": int}``.
        empty: the hint shown until the view is there.
    """
    found: Confusion | None = run.views.get("confusion")
    meta: dict[str, Any] = {**moment(run), "empty": empty, "chosen": chosen}
    if found is None:
        return pack(meta)
    occurring = (found.counts.sum(axis=0) + found.counts.sum(axis=1)) > 0
    scores = np.column_stack([found.precision, found.recall, found.f1])
    meta |= {
        "names": list(run.experiment.data.info().class_names),
        "looked_at": found.looked_at,
        "available": found.available,
        "accuracy": found.accuracy,
        "mean": scores[occurring].mean(axis=0).tolist(),
        "worst": worst_class(found),
        "alt": "Confusion matrix: a row for each true class, a column for each class that the network says",
    }
    return pack(meta, {"counts": found.counts, "scores": scores.astype(np.float32)})


def worst_class(found: Confusion) -> int | None:
    """Return the class with the lowest F1 among those with examples; None where all are known perfectly."""
    f1 = np.where(found.support > 0, found.f1, np.inf)
    worst = int(f1.argmin())
    return worst if f1[worst] < 1 else None
