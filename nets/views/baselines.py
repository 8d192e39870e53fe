"""What simpler models make of the same rows: the network is to beat them."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from nets.views.base import View, view

if TYPE_CHECKING:
    from nets.training import Training

MOST_ROWS = 10_000
ROUNDS = 100


@dataclass(frozen=True)
class Baselines:
    """``names`` of the models, and their ``scores`` (M,) float64 on the test part by ``metric``: r2, accuracy or f1.

    They are fitted to the first ``fitted_to`` of the ``available`` training rows.
    """

    names: tuple[str, ...]
    scores: np.ndarray
    metric: str
    fitted_to: int
    available: int


@view
class BaselinesView(View):
    """Mean or majority, a linear model and gradient boosting, fitted once."""

    kind: Literal["baselines"] = "baselines"
    changes_with_weights = False

    def prepare(self) -> None:
        """Import scikit-learn's models."""
        import sklearn.dummy
        import sklearn.ensemble
        import sklearn.linear_model
        import sklearn.multioutput  # noqa: F401

    def look(self, training: "Training") -> Baselines:
        """Return the scores.

        Raises:
            ValueError: if nothing is predicted.
        """
        import warnings

        from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

        task = training.experiment.data.info().task
        if training.experiment.train.objective.kind != "supervised":
            raise ValueError("this network predicts no column, so there is nothing to compare it by")
        x, y, test_x, test_y = plain_rows(training)
        names, scores = [], []
        with threadpool_limits(training.threads), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            for name, model in models_for(task, y.shape[1] if y.ndim > 1 else 1):
                one = y.ndim > 1 and y.shape[1] == 1
                if y.ndim == 1 and len(np.unique(y)) < 2 and name != "majority":
                    continue
                model.fit(x, y[:, 0] if one else y)
                predicted = model.predict(test_x)
                scores.append(_score(task, test_y, predicted.reshape(test_y.shape)))
                names.append(name)
        metric = "r2" if task == "regression" else "accuracy"
        return Baselines(tuple(names), np.array(scores), metric, len(x), len(training.parts.train))


def plain_rows(training: "Training") -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return inputs and answers of the first training rows and of the test rows; categories as 0/1 columns."""
    codes, split = training.experiment.data.info().categories, training.split
    x, test_x = split.train_x[:MOST_ROWS], split.test_x
    if codes:
        x, test_x = without_codes(x, codes), without_codes(test_x, codes)
    return x.reshape(len(x), -1), split.train_y[:MOST_ROWS], test_x.reshape(len(test_x), -1), split.test_y


def without_codes(x: np.ndarray, codes: tuple[int, ...]) -> np.ndarray:
    """Return rows (B, D) whose codes, 0 for unseen ones, are 0/1 columns (B, N); numbers stay as they are."""
    parts = [
        np.eye(count, dtype=np.float32)[x[:, place].astype(np.int64), 1:] if count else x[:, [place]]
        for place, count in enumerate(codes)
    ]
    return np.concatenate(parts, axis=1)


def models_for(task: str, outputs: int) -> tuple[tuple[str, Any], ...]:
    """Return scikit-learn's models for a task, by the names that people know them by."""
    from sklearn.dummy import DummyClassifier, DummyRegressor
    from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor
    from sklearn.linear_model import LinearRegression, LogisticRegression
    from sklearn.multioutput import MultiOutputClassifier, MultiOutputRegressor

    if task == "regression":
        boosted: Any = HistGradientBoostingRegressor(max_iter=ROUNDS, random_state=0)
        boosted = MultiOutputRegressor(boosted) if outputs > 1 else boosted
        return (("mean", DummyRegressor()), ("linear regression", LinearRegression()), ("gradient boosting", boosted))
    linear: Any = LogisticRegression(max_iter=500)
    boosted = HistGradientBoostingClassifier(max_iter=ROUNDS, random_state=0, early_stopping=False)
    if task == "multilabel":
        linear, boosted = MultiOutputClassifier(linear), MultiOutputClassifier(boosted)
    usual = DummyClassifier(strategy="most_frequent")
    return (("majority", usual), ("logistic regression", linear), ("gradient boosting", boosted))


def _score(task: str, actual: np.ndarray, predicted: np.ndarray) -> float:
    if task != "regression":
        return float((actual == predicted).mean())
    total = np.square(actual - actual.mean(axis=0), dtype=np.float64).sum()
    return float(1 - np.square(actual - predicted, dtype=np.float64).sum() / total) if total > 0 else 0.0
