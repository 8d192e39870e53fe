"""What discriminator and generator make small, by the name of the game."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(frozen=True)
class Game:
    """The losses of one game, over raw scores (B, 1).

    ``name`` is bce or non_saturating (Goodfellow et al. 2014), least_squares (Mao et al. 2016) or wasserstein (Arjovsky
    et al. 2017); ``label`` is what real examples are called, 1 or a little less.
    """

    name: str
    label: float

    def discriminator_loss(self, real: "Tensor", fake: "Tensor") -> "Tensor":
        """Return what the discriminator makes small, given its scores of real and of made examples."""
        from torch.nn import functional

        if self.name == "wasserstein":
            return fake.mean() - real.mean()
        if self.name == "least_squares":
            return 0.5 * (real - self.label).square().mean() + 0.5 * fake.square().mean()
        if self.label == 1:
            return functional.softplus(-real).mean() + functional.softplus(fake).mean()
        return (functional.softplus(-real) + (1 - self.label) * real).mean() + functional.softplus(fake).mean()

    def generator_loss(self, fake: "Tensor") -> "Tensor":
        """Return what the generator makes small; bce is the game's own formula, slow while it loses."""
        from torch.nn import functional

        if self.name == "wasserstein":
            return -fake.mean()
        if self.name == "least_squares":
            return 0.5 * (fake - 1).square().mean()
        if self.name == "bce":
            return -functional.softplus(fake).mean()
        return functional.softplus(-fake).mean()

    def middle(self, real: "Tensor", fake: "Tensor") -> Any:
        """Return the score above which an example counts as real; a critic's scores have no zero of their own."""
        if self.name == "wasserstein":
            return (real.mean() + fake.mean()) / 2
        if self.name == "least_squares":
            return 0.5
        return 0.0

    def realness(self, scores: "Tensor") -> "Tensor":
        """Return raw scores as 0 (fake) … 1 (real), of the same shape; a critic's are taken around their mean."""
        if self.name == "wasserstein":
            spread = scores.std() if scores.numel() > 1 else scores.abs().mean()
            return ((scores - scores.mean()) / spread.clamp(min=1e-6)).sigmoid()
        if self.name == "least_squares":
            return scores.clamp(0, 1)
        return scores.sigmoid()


def slope_penalty(discriminator: Any, real: "Tensor", fake: "Tensor") -> "Tensor":
    """Return the mean square by which the discriminator's slope between real and fake differs from 1.

    Gulrajani et al. (2017). Draws torch's random numbers.
    """
    import torch

    share = torch.rand(len(real), *[1] * (real.dim() - 1), device=real.device)
    between = (fake + share * (real - fake)).requires_grad_()
    (slope,) = torch.autograd.grad(discriminator(between).sum(), between, create_graph=True)
    return (slope.flatten(1).norm(dim=1) - 1).square().mean()


def slope_penalty_of_classes(discriminator: Any, real: "Tensor", fake: "Tensor", labels: "Tensor") -> "Tensor":
    """Return the same for a discriminator that is told the class of each example."""
    return slope_penalty(lambda between: discriminator(between, labels), real, fake)


def realness(name: str, scores: "Tensor") -> "Tensor":
    """Return raw scores as 0 (fake) … 1 (real), by the name of the game; see ``Game.realness``."""
    return Game(name, 1).realness(scores)


def generator_loss(name: str, fake: "Tensor") -> "Tensor":
    """Return what the generator makes small, by the name of the game; see ``Game.generator_loss``."""
    return Game(name, 1).generator_loss(fake)
