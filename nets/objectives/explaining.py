"""One turn of the adversarial game taken apart: what goes in, what comes out, who learns what, in order."""

import copy
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from nets.objectives.adversaries import AdversarialRule

if TYPE_CHECKING:
    import torch
    from torch import Tensor, nn

    from nets.training.training import Training


@dataclass(frozen=True)
class DiscriminatorMoved:
    """What the discriminator says, learns and then says; B real examples, B made ones.

    ``real_before`` … ``fake_after`` (B,) float32 go from 0 (made) to 1 (real). ``gradients`` has the length of the
    loss's gradient in each layer.
    """

    real_before: np.ndarray
    fake_before: np.ndarray
    loss: float
    gradients: Mapping[str, float]
    real_after: np.ndarray
    fake_after: np.ndarray


@dataclass(frozen=True)
class GeneratorMoved:
    """What the generator is told by the discriminator, learns and then makes of the same noise.

    ``pulls`` (B, *input_shape) float32 says where its loss falls at each made example: minus the gradient of that
    example's own loss. ``fake_after`` (B, *input_shape) float32.
    """

    loss: float
    pulls: np.ndarray
    gradients: Mapping[str, float]
    fake_after: np.ndarray


@dataclass(frozen=True)
class Turn:
    """One turn: noise (B, latent), real examples and those made of the noise (B, *input_shape), all float32, and moves.

    ``generator`` is None in a turn that leaves it out: the discriminator takes several steps for one of its own.
    """

    noise: np.ndarray
    real: np.ndarray
    fake: np.ndarray
    discriminator: DiscriminatorMoved
    generator: GeneratorMoved | None


def explain_next_turn(training: "Training") -> Turn:
    """Return the turn that the next step of a training will take, number by number; the training stays as it is.

    Of several steps of the generator in its turn, the first is shown.

    Raises:
        ValueError: if the training's rule is no game of two.
    """
    from nets.training.network import build_optimizers, set_rates
    from nets.training.state import restore_optimizer

    rule = training.objective
    if not isinstance(rule, AdversarialRule):
        raise ValueError("only the turns of a generator and a discriminator can be taken apart")
    settings, model = training.experiment.train, copy.deepcopy(training.model)
    optimizers = build_optimizers(rule.players(settings), model)
    for own, other in zip(optimizers, training.built_optimizers, strict=False):
        restore_optimizer(own, copy.deepcopy(other.state_dict()["state"]))
    set_rates(optimizers, training.rates())
    batches = training.batches
    if batches.exhausted():  # the next turn begins another epoch
        batches = copy.copy(batches)
        batches.start_epoch(training.epoch + 1, settings.batch_size)
    x, targets = batches.peek(settings.batch_size, at_least=training.min_batch)
    with training.randomness.peeked():
        x = training.inputs(training.inputs.augmented(x))
        return _taken(rule, training, model, optimizers, x, targets)


def _taken(
    rule: AdversarialRule,
    training: "Training",
    model: "nn.Module",
    optimizers: "tuple[torch.optim.Optimizer, ...]",
    x: "Tensor",
    labels: "Tensor",
) -> Turn:
    """Take the turn with a copy of the network, in the order of ``AdversarialRule.turn``."""
    model.train()
    noise = rule.noise_for(x)
    fake = generated(rule, model, noise, labels)
    before = [_said(rule, training.model, examples, labels) for examples in (x, fake.detach())]
    loss = rule.discriminate(model, optimizers[1], x, fake.detach(), labels)
    gradients = _lengths(model.discriminator)
    model.eval()
    after = [_said(rule, model, examples, labels) for examples in (x, fake.detach())]
    moved = DiscriminatorMoved(before[0], before[1], float(loss), gradients, after[0], after[1])
    every = rule.config.discriminator_steps
    told = None
    if not (training.step + 1) % every:
        pulls = pulls_at(rule, model, fake.detach(), labels)
        model.train()
        loss = rule.generate(model, optimizers[0], fake, labels)
        model.eval()
        gradients = _lengths(model.generator)
        told = GeneratorMoved(float(loss), pulls, gradients, _array(generated(rule, model, noise, labels)))
    return Turn(_array(noise), _array(x), _array(fake), moved, told)


def generated(rule: AdversarialRule, model: Any, noise: "Tensor", labels: "Tensor") -> "Tensor":
    """Return what the generator itself, not its running mean, makes of noise, with its graph."""
    return model.generator(noise, labels) if rule.conditional else model.generator(noise)


def pulls_at(rule: AdversarialRule, model: "nn.Module", fake: "Tensor", labels: "Tensor | None") -> np.ndarray:
    """Return where the generator's loss falls at each made example (B, *input_shape), an array of the same shape.

    Raises:
        ValueError: if the network is told classes and ``labels`` are None.
    """
    import torch

    if rule.conditional and labels is None:
        raise ValueError("this discriminator judges examples of a class; say which class each is of")
    with torch.enable_grad():
        at = fake.detach().clone().requires_grad_()
        loss = rule.game.generator_loss(rule.judged(model, at, labels)) * len(at)
        (slope,) = torch.autograd.grad(loss, at)
    return _array(-slope)


def _said(rule: AdversarialRule, model: "nn.Module", x: "Tensor", labels: "Tensor") -> np.ndarray:
    import torch

    with torch.no_grad():
        return _array(rule.game.realness(rule.judged(model, x, labels))[:, 0])


def _lengths(part: Any) -> dict[str, float]:
    """Return the length of the gradient in each layer that has weights."""
    squares: dict[str, float] = {}
    for name, parameter in part.named_parameters():
        if parameter.grad is not None:
            layer = name.rpartition(".")[0]
            squares[layer] = squares.get(layer, 0.0) + float(parameter.grad.square().sum())
    return {layer: square**0.5 for layer, square in squares.items()}


def _array(values: "Tensor") -> np.ndarray:
    return values.detach().float().cpu().numpy().copy()
