"""The rule of ``adversarial``: turns of discriminator and generator, and how their game is measured."""

from typing import TYPE_CHECKING, Any

from nets.objectives.base import Player
from nets.objectives.games import Game, slope_penalty, slope_penalty_of_classes
from nets.objectives.making import MakingRule
from nets.objectives.plane import divergences, found_modes
from nets.seeds import derive

if TYPE_CHECKING:
    import torch
    from torch import Tensor

    from nets.experiment import Experiment, TrainConfig
    from nets.objectives.adversarial import Adversarial
    from nets.training.training import Training

MEASURED_ON = 1000
"""Examples made, and real ones beside them, to measure on at most."""


class AdversarialRule(MakingRule):
    """The discriminator learns to score real above fake, the generator to be scored as real."""

    draws = True
    parts = ("discriminator", "generator")

    def __init__(self, experiment: "Experiment", config: "Adversarial") -> None:
        super().__init__(experiment)
        self.config = config
        self.game = Game(config.loss, 1 - config.label_smoothing)
        model = experiment.model
        self.noise = getattr(model, "noise", "gaussian")
        self.sees_apart = getattr(model, "discriminator_norm", "none") == "batch"
        self.clip_norm = experiment.train.clip_norm
        self.is_plane = experiment.data.kind == "distribution"
        modes = experiment.data.modes() if self.is_plane else None
        self.has_modes = modes is not None
        self.centres = modes.centres if modes else ()
        self.spread = modes.spread if modes else 0.0

    def players(self, train: "TrainConfig") -> tuple[Player, ...]:
        """Return the generator, whose optimizer is the experiment's, and the discriminator."""
        return (
            Player("generator", train.optimizer, "generator."),
            Player("discriminator", self.config.optimizer, "discriminator."),
        )

    def latents(self, count: int, seed: int, device: "torch.device | str") -> "Tensor":
        """Return noise (count, latent_dim) as the generator knows it, the same on every device for the same seed."""
        import torch

        generator = torch.Generator().manual_seed(derive(seed, "latents"))
        if self.noise == "uniform":
            return (torch.rand(count, self.latent_dim, generator=generator) * 2 - 1).to(device)
        return torch.randn(count, self.latent_dim, generator=generator).to(device)

    def decoded(self, model: Any, z: "Tensor", labels: "Tensor | None") -> "Tensor":
        """Return what the generator makes of noise: its running mean, where there is one."""
        if self.config.average:
            return model.average(z, labels) if self.conditional else model.average(z)
        return model.generator(z, labels) if self.conditional else model.generator(z)

    def judged(self, model: Any, x: "Tensor", labels: "Tensor | None") -> "Tensor":
        """Return the discriminator's raw scores (B, 1)."""
        return model.discriminator(x, labels) if self.conditional else model.discriminator(x)

    def scores(self, outputs: "Tensor") -> "Tensor":
        """Return raw scores (B, 1) as a map shows them: -1 fake, 1 real."""
        return self.game.realness(outputs) * 2 - 1

    # One turn

    def update(self, training: "Training", x: "Tensor", targets: "Tensor", part: str) -> "Tensor":
        """Take the turn that is due on a batch of inputs, or the one that is asked for; return the mover's loss."""
        model, (optimizer, opponent) = training.model, training.optimizers
        if part == "discriminator":
            return self.discriminate(model, opponent, x, self.made(model, x, targets).detach(), targets)
        if part == "generator":
            return self.generate(model, optimizer, self.made(model, x, targets), targets)
        return self.turn(model, optimizer, opponent, x, targets, training.step)

    def turn(self, model: Any, optimizer: Any, opponent: Any, x: "Tensor", labels: "Tensor", step: int) -> "Tensor":
        """Let the discriminator learn from a batch, and the generator too when its turn comes; return the loss."""
        import torch

        if self.config.discriminator_steps > 1 and (step + 1) % self.config.discriminator_steps:
            with torch.no_grad():
                fake = self.made(model, x, labels)
            return self.discriminate(model, opponent, x, fake, labels)
        fake = self.made(model, x, labels)
        self.discriminate(model, opponent, x, fake.detach(), labels)
        if self.config.generator_steps == 1:
            return self.generate(model, optimizer, fake, labels)
        loss = self.generate(model, optimizer, fake, labels)
        for _ in range(self.config.generator_steps - 1):
            loss = self.generate(model, optimizer, self.made(model, x, labels), labels)
        return loss

    def made(self, model: Any, x: "Tensor", labels: "Tensor") -> "Tensor":
        """Return as many made examples as there are in ``x``, with their graph."""
        z = self.noise_for(x)
        return model.generator(z, labels) if self.conditional else model.generator(z)

    def noise_for(self, x: "Tensor") -> "Tensor":
        """Return noise (B, latent_dim) for as many examples as there are in ``x``, by torch's random numbers."""
        import torch

        if self.noise == "uniform":
            return torch.rand(len(x), self.latent_dim, device=x.device) * 2 - 1
        return torch.randn(len(x), self.latent_dim, device=x.device)

    def discriminate(self, model: Any, opponent: Any, x: "Tensor", fake: "Tensor", labels: "Tensor") -> "Tensor":
        """Move the discriminator's weights once; return its loss."""
        import torch

        opponent.zero_grad()
        loss = self.discriminator_loss(model, x, fake, labels)
        loss.backward()
        if self.clip_norm is not None:
            torch.nn.utils.clip_grad_norm_(model.discriminator.parameters(), self.clip_norm)
        opponent.step()
        return loss.detach()

    def discriminator_loss(self, model: Any, x: "Tensor", fake: "Tensor", labels: "Tensor") -> "Tensor":
        """Return what the discriminator makes small, with its graph: real and fake go through it in one batch."""
        import torch

        if self.sees_apart:  # batch norm takes its means over each of them
            real, made = self.judged(model, x, labels), self.judged(model, fake, labels)
        elif self.conditional:
            scores = model.discriminator(torch.cat([x, fake]), torch.cat([labels, labels]))
            real, made = scores.chunk(2)
        else:
            real, made = model.discriminator(torch.cat([x, fake])).chunk(2)
        if not self.config.gradient_penalty:
            return self.game.discriminator_loss(real, made)
        if self.conditional:
            penalty = slope_penalty_of_classes(model.discriminator, x, fake, labels)
        else:
            penalty = slope_penalty(model.discriminator, x, fake)
        return self.game.discriminator_loss(real, made) + self.config.gradient_penalty * penalty

    def generate(self, model: Any, optimizer: Any, fake: "Tensor", labels: "Tensor") -> "Tensor":
        """Move the generator's weights once, by the graph of ``fake``; return its loss."""
        import torch

        optimizer.zero_grad()
        loss = self.game.generator_loss(self.judged(model, fake, labels))
        loss.backward(inputs=list(model.generator.parameters()))  # the discriminator needs no gradients now
        if self.clip_norm is not None:
            torch.nn.utils.clip_grad_norm_(model.generator.parameters(), self.clip_norm)
        optimizer.step()
        if self.config.average:
            follow(model.average, model.generator, self.config.average)
        return loss.detach()

    def gradients(self, training: "Training", x: "Tensor", targets: "Tensor") -> "Tensor":
        """Set the gradients of both networks for a batch of inputs; no weight moves."""
        model: Any = training.model
        model.zero_grad()
        fake = self.made(model, x, targets)
        loss = self.game.generator_loss(self.judged(model, fake, targets))
        loss.backward(inputs=list(model.generator.parameters()))
        self.discriminator_loss(model, x, fake.detach(), targets).backward()
        return loss.detach()

    # How good it is

    def evaluate(
        self,
        model: Any,
        x: "Tensor",
        targets: "Tensor",  # noqa: ARG002
        labels: "Tensor",
    ) -> dict[str, float]:
        """Return both losses (the generator's is ``loss``) and the shares that the discriminator gets right.

        In the plane also KL and JS divergence of the points, modes covered, share of good ones. The noise is the same
        each time.
        """
        x, labels = x[:MEASURED_ON], labels[:MEASURED_ON]
        z = self.latents(len(x), self.seed, x.device)
        fake = model.generator(z, labels) if self.conditional else model.generator(z)
        real_scores, fake_scores = self.judged(model, x, labels), self.judged(model, fake, labels)
        middle = self.game.middle(real_scores, fake_scores)
        metrics = {
            "loss": self.game.generator_loss(fake_scores).item(),
            "discriminator_loss": self.game.discriminator_loss(real_scores, fake_scores).item(),
        }
        metrics["real_accuracy"] = (real_scores > middle).float().mean().item()
        metrics["fake_accuracy"] = (fake_scores <= middle).float().mean().item()
        if self.is_plane:
            shown = self.decoded(model, z, labels)
            kl, js = divergences(x, shown)
            metrics["kl"], metrics["js"] = kl.item(), js.item()
            if self.has_modes:
                modes, good = found_modes(shown, self.centres, self.spread)
                metrics["modes"], metrics["good"] = float(modes.item()), good.item()
        return metrics


def follow(average: Any, generator: Any, memory: float) -> None:
    """Move a running mean of the generator's weights a step, in place; what its norms know of the data is copied."""
    import torch

    with torch.no_grad():
        torch._foreach_lerp_(list(average.parameters()), list(generator.parameters()), 1 - memory)
        for kept, new in zip(average.buffers(), generator.buffers(), strict=True):
            kept.copy_(new)
