"""What the best answer costs that is the same for every example: a network that has learnt anything does better."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch import Tensor

    from nets.training import Training
    from nets.training.parts import Part

CLASSES_OF_LOG_LOSS = ("cross_entropy", "nll")


def constant_loss(training: "Training", part: "Part") -> float | None:
    """Return the loss of the best constant answer on a part; None where the rule's loss has none that is known.

    That is the entropy of the classes for log losses, the variance for squared and the mean distance from the median
    for absolute errors.
    """
    bound = getattr(training.objective, "loss", None)
    if bound is None or not len(part):
        return None
    name, encoding = bound.loss.name, bound.encoding
    if encoding == "index":
        return _entropy(part.targets) if name in CLASSES_OF_LOG_LOSS else None
    targets = part.targets.float().flatten(1)  # (B, …) → (B, K)
    if name == "bce":
        shares = targets.mean(dim=0).clamp(1e-7, 1 - 1e-7)
        return float(-(shares * shares.log() + (1 - shares) * (1 - shares).log()).mean())
    if name == "mse":
        return float(targets.var(dim=0, correction=0).mean())
    if name == "l1":
        return float((targets - targets.median(dim=0).values).abs().mean())
    return None


def class_shares(training: "Training", part: "Part") -> tuple[float, ...]:
    """Return the share of each class in a part; nothing where its examples have not one class each."""
    info = training.experiment.data.info()
    if info.task not in ("binary", "multiclass") or info.per_step:
        return ()
    counts = part.labels.bincount(minlength=info.num_targets)
    return tuple((counts / max(len(part), 1)).tolist())


def _entropy(targets: "Tensor") -> float:
    """Return the entropy in nats of class indices; negative ones are steps without an answer."""
    asked = targets.flatten()
    shares = asked[asked >= 0].bincount().float()
    shares = shares[shares > 0] / shares.sum()
    return float(-(shares * shares.log()).sum())
