"""What discriminator and generator make small, by the name of the game; plain functions of raw scores (B, 1)."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from torch import Tensor


def discriminator_loss(loss: str, real: "Tensor", fake: "Tensor", label: float) -> "Tensor":
    """Return what the discriminator makes small.

    Args:
        loss: bce and non_saturating (Goodfellow et al. 2014), least_squares (Mao et al. 2016), wasserstein
            (Arjovsky et al. 2017).
        real: raw scores of real examples.
        fake: raw scores of made ones.
        label: what real examples are called, 1 or a little less.
    """
    from torch.nn import functional

    if loss == "wasserstein":
        return fake.mean() - real.mean()
    if loss == "least_squares":
        return 0.5 * (real - label).square().mean() + 0.5 * fake.square().mean()
    return (functional.softplus(-real) + (1 - label) * real).mean() + functional.softplus(fake).mean()


def generator_loss(loss: str, fake: "Tensor") -> "Tensor":
    """Return what the generator makes small; bce is the game's own formula, which gives little to learn from at first.

    Args:
        loss: as for ``discriminator_loss``.
        fake: raw scores of made examples.
    """
    from torch.nn import functional

    if loss == "wasserstein":
        return -fake.mean()
    if loss == "least_squares":
        return 0.5 * (fake - 1).square().mean()
    if loss == "bce":
        return -functional.softplus(fake).mean()
    return functional.softplus(-fake).mean()


def realness(loss: str, scores: "Tensor") -> "Tensor":
    """Return raw scores as 0 (fake) … 1 (real), of the same shape.

    A wasserstein critic's scores have no zero of their own: those given are taken around their mean.
    """
    if loss == "wasserstein":
        spread = scores.std() if scores.numel() > 1 else scores.abs().mean()
        return ((scores - scores.mean()) / spread.clamp(min=1e-6)).sigmoid()
    if loss == "least_squares":
        return scores.clamp(0, 1)
    return scores.sigmoid()


def slope_penalty(discriminator: Any, real: "Tensor", fake: "Tensor", labels: "Tensor | None") -> "Tensor":
    """Return the mean square by which the discriminator's slope between real and fake differs from 1.

    Gulrajani et al. (2017). ``labels`` where it is told the class; draws torch's random numbers.
    """
    import torch

    share = torch.rand(len(real), *[1] * (real.dim() - 1), device=real.device)
    between = (fake + share * (real - fake)).requires_grad_()
    scores = discriminator(between) if labels is None else discriminator(between, labels)
    (slope,) = torch.autograd.grad(scores.sum(), between, create_graph=True)
    return (slope.flatten(1).norm(dim=1) - 1).square().mean()
