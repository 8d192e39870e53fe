"""F1, the harmonic mean of precision and recall, as few operations on the device where the outputs are."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch import Tensor


def accuracy_and_f1(predicted: "Tensor", labels: "Tensor", num_classes: int) -> tuple[float, float]:
    """Return the share that is right, and the plain mean of the F1 of each class (macro), both 0 … 1.

    Args:
        predicted: class of each example, (B,) int64.
        labels: its true class, (B,) int64.
        num_classes: how many there are; one that neither occurs nor is predicted does not count.
    """
    pairs = (labels * num_classes + predicted).bincount(minlength=num_classes**2)
    counts = pairs.view(num_classes, num_classes)
    either = counts.sum(dim=0) + counts.sum(dim=1)
    f1 = 2 * counts.diagonal() / either.clamp(min=1)
    return counts.trace().item() / max(1, len(labels)), (f1.sum() / (either > 0).sum()).item()


def f1_of_labels(predicted: "Tensor", labels: "Tensor") -> tuple[float, float]:
    """Return the mean F1 of the labels that occur or are predicted (macro), and that of all labels together (micro).

    Args:
        predicted: 0 or 1 for each label, (B, K).
        labels: the true ones, (B, K).
    """
    right = (predicted * labels).sum(dim=0)
    either = predicted.sum(dim=0) + labels.sum(dim=0)
    f1 = 2 * right / either.clamp(min=1)
    macro = f1.sum() / (either > 0).sum().clamp(min=1)
    return macro.item(), (2 * right.sum() / either.sum().clamp(min=1)).item()
