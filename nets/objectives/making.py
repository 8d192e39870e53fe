"""What rules have in common whose networks make examples."""

from typing import TYPE_CHECKING, Any

from nets.objectives.base import Objective
from nets.seeds import derive

if TYPE_CHECKING:
    import torch
    from torch import Tensor, nn

    from nets.experiment import Experiment


class MakingRule(Objective):
    """A rule for networks with a decoder: examples come from latent numbers, (B, latent) → (B, *input_shape)."""

    def __init__(self, experiment: "Experiment") -> None:
        self.conditional: bool = getattr(experiment.model, "conditional", False)
        self.latent_dim: int = getattr(experiment.model, "latent_dim", 0)
        self.seed = experiment.train.seed
        self.hidden_label: int | None = getattr(experiment.data, "hidden_label", lambda: None)()

    def latents(self, count: int, seed: int, device: "torch.device | str") -> "Tensor":
        """Return latent numbers (count, latent_dim), normal with spread 1, the same on every device."""
        import torch

        generator = torch.Generator().manual_seed(derive(seed, "latents"))
        return torch.randn(count, self.latent_dim, generator=generator).to(device)

    def sample(self, model: "nn.Module", z: "Tensor", labels: "Tensor | None" = None) -> "Tensor":
        """Return examples (B, *input_shape) of latent numbers (B, latent), in the space of the inputs.

        Raises:
            ValueError: if the network makes examples of classes and none are given.
        """
        check_labels(self.conditional, labels)
        return self.decoded(model, z, labels)

    def decoded(self, model: Any, z: "Tensor", labels: "Tensor | None") -> "Tensor":
        """Return what the decoder makes of latent numbers."""
        return model.decoder(z, labels) if self.conditional else model.decoder(z)

    def code(self, model: Any, x: "Tensor") -> "Tensor":
        """Return the latent numbers (B, latent) of inputs."""
        return model.encoder(x)

    def reconstructed(self, model: Any, x: "Tensor", labels: "Tensor | None" = None) -> "Tensor":
        """Return inputs (B, *input_shape) as they come out of the network again; raises what ``sample`` raises."""
        check_labels(self.conditional, labels)
        return self.decoded(model, self.code(model, x), labels)

    def errors(self, model: Any, x: "Tensor", labels: "Tensor | None" = None) -> "Tensor":
        """Return the mean squared error (B,) of each input's reconstruction: what strange examples show by."""
        return (self.decoded(model, self.code(model, x), labels) - x).square().flatten(1).mean(dim=1)

    def strangeness(self, errors: "Tensor", labels: "Tensor") -> dict[str, float]:
        """Return how well errors (B,) tell the hidden class from the others, where a part has both."""
        is_strange = labels.eq(-1 if self.hidden_label is None else self.hidden_label)
        if not is_strange.any() or is_strange.all():
            return {}
        return {"auc": area_under_curve(errors, is_strange)}


def check_labels(conditional: bool, labels: "Tensor | None") -> None:
    """Raise ``ValueError`` where the class of each example is needed and not given."""
    if conditional and labels is None:
        raise ValueError("this network makes examples of a class; say which class each is to be of")


def area_under_curve(scores: "Tensor", is_strange: "Tensor") -> float:
    """Return the chance that a strange example has a higher score than a usual one: the area under the ROC curve.

    Args:
        scores: (B,) float.
        is_strange: (B,) bool, some true and some false.
    """
    import torch

    usual, strange = scores[~is_strange].sort().values, scores[is_strange].contiguous()
    below = torch.searchsorted(usual, strange)
    up_to = torch.searchsorted(usual, strange, right=True)
    return ((below + up_to).double().mean() / (2 * len(usual))).item()
