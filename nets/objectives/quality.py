"""How good made examples are in the eyes of a classifier that was trained on the same data."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from torch import Tensor, nn

HEAD = "output"
"""What a classifier calls its output layer; what comes before are its features."""
CHUNK = 512


@dataclass(frozen=True)
class Quality:
    """What a classifier says of made examples.

    ``frechet`` is the Fréchet distance of its features from those of real ones (Heusel et al. 2017; not comparable
    between classifiers). ``shares`` has for each class the share of made examples taken for it; ``balance`` is their
    entropy, 1 where all are equal; ``confidence`` the mean share of the class that an example is taken for;
    ``present`` counts classes with at least a tenth of an even share.
    """

    frechet: float
    shares: tuple[float, ...]
    balance: float
    confidence: float
    present: int


def quality(classifier: "nn.Module", made: "Tensor", real: "Tensor") -> Quality:
    """Return how good made inputs (N, *input_shape) are beside real ones (M, *input_shape), N and M at least 2.

    Args:
        classifier: a network whose layer ``output`` gives raw scores of classes.
        made: inputs that a network made.
        real: inputs of the data.

    Raises:
        ValueError: if there are too few.
    """
    if min(len(made), len(real)) < 2:
        raise ValueError("at least 2 made and 2 real examples are needed to compare how they scatter")
    made_features, made_shares = described(classifier, made)
    real_features, _ = described(classifier, real)
    count = made_shares.shape[1]
    taken = np.bincount(made_shares.argmax(axis=1), minlength=count) / len(made_shares)
    there = taken[taken > 0]
    return Quality(
        frechet=frechet_distance(made_features, real_features),
        shares=tuple(float(share) for share in taken),
        balance=float(-(there * np.log(there)).sum() / np.log(count)) if count > 1 else 1.0,
        confidence=float(made_shares.max(axis=1).mean()),
        present=int((taken >= 0.1 / count).sum()),
    )


def described(classifier: "nn.Module", x: "Tensor") -> tuple[np.ndarray, np.ndarray]:
    """Return features (B, D) and shares of the classes (B, K), float64, of inputs (B, *input_shape)."""
    import torch

    kept: list[Tensor] = []
    head = classifier.get_submodule(HEAD)
    hook = head.register_forward_pre_hook(lambda _, inputs: kept.append(inputs[0].flatten(1)))
    try:
        with torch.inference_mode():
            scores = torch.cat([classifier(part) for part in x.split(CHUNK)])
    finally:
        hook.remove()
    return torch.cat(kept).double().cpu().numpy(), scores.softmax(dim=1).double().cpu().numpy()


def frechet_distance(one: np.ndarray, other: np.ndarray) -> float:
    """Return the Fréchet distance between normal distributions fitted to features (N, D) and (M, D).

    |m₁ - m₂|² + tr(C₁ + C₂ - 2 (C₁ C₂)^½); the trace of the root comes from the eigenvalues of C₁^½ C₂ C₁^½.
    """
    means = one.mean(axis=0) - other.mean(axis=0)
    first, second = (np.atleast_2d(np.cov(features, rowvar=False)) for features in (one, other))
    values, vectors = np.linalg.eigh(first)
    root = (vectors * np.sqrt(values.clip(0))) @ vectors.T
    crossed = np.sqrt(np.linalg.eigvalsh(root @ second @ root).clip(0)).sum()
    return float(max(0.0, means @ means + np.trace(first) + np.trace(second) - 2 * crossed))


def settings_of_classifier(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the JSON settings of the classifier that judges pictures of some data, all of whose classes it learns."""
    plain = {**data, "hidden_class": "", "label_noise": 0.0}
    return {
        "version": 1,
        "name": "judge",
        "data": plain,
        "model": {"kind": "cnn", "blocks": [{"channels": 16}, {"channels": 32}], "dense_sizes": [64], "norm": "batch"},
        "train": {"optimizer": {"kind": "adam", "learning_rate": 0.002}, "batch_size": 64, "max_epochs": 20},
    }
