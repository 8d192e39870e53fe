"""An isolation forest as reference for anomalies. Liu, Ting and Zhou (2008)."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Literal

import numpy as np
from pydantic import Field

from nets.views.base import View, view
from nets.views.unusual_rows import odd_rows

if TYPE_CHECKING:
    from nets.training import Training


@dataclass(frozen=True)
class Forest:
    """``scores`` (B,) float32 of test rows, the larger the stranger; ``auc`` where some are of a hidden class."""

    scores: np.ndarray
    auc: float | None


@view
class ForestView(View):
    """How easily each test row is told from the training rows by random cuts."""

    kind: Literal["forest"] = "forest"
    changes_with_weights = False
    among: Annotated[int, Field(ge=10, le=100_000)] = 5000
    """Test rows looked at, at most; as many training rows are learnt from."""

    def prepare(self) -> None:
        """Import scikit-learn's forest."""
        import sklearn.ensemble  # noqa: F401

    def look(self, training: "Training") -> Forest:
        """Return the scores."""
        import torch
        from sklearn.ensemble import IsolationForest
        from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

        from nets.objectives.making import area_under_curve

        train, test = (
            part.x[: self.among].cpu().flatten(1).numpy() for part in (training.parts.train, training.parts.test)
        )
        with threadpool_limits(training.threads):
            scores = -IsolationForest(n_estimators=60, random_state=0).fit(train).score_samples(test)
        odd = odd_rows(training, len(test))
        found = scores.astype(np.float32)
        auc = None if odd is None else area_under_curve(torch.from_numpy(found), torch.from_numpy(odd))
        return Forest(found, auc)
