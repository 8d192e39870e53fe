"""A turn of generator and discriminator does what the tutorials' loop does, alone, together and taken apart."""

import copy

import numpy as np
import pytest
import torch
from torch import nn

from nets.objectives.adversaries import AdversarialRule
from nets.objectives.explaining import explain_next_turn
from nets.training import Controls, Training
from tests.nets.experiments import until_idle
from tests.nets.objectives.making import KINDS, made

GAMES = [kind for kind in KINDS if "gan" in kind]


def step(training: Training, count: int = 1, part: str = "") -> None:
    controls = Controls(paused=True)
    controls.step(count, part)
    until_idle(training.events(controls))


def parts_of(training: Training) -> dict[str, dict[str, torch.Tensor]]:
    found: dict[str, dict[str, torch.Tensor]] = {"generator": {}, "discriminator": {}}
    for name, value in training.weights().items():
        part, _, rest = name.partition(".")
        found.setdefault(part, {})[rest] = value
    return found


def same(one: dict[str, torch.Tensor], other: dict[str, torch.Tensor]) -> bool:
    return all(torch.equal(value, other[name]) for name, value in one.items())


def tutorial_turn(training: Training) -> tuple[nn.Module, nn.Module]:
    """What torch's DCGAN tutorial makes of the next batch with the same noise: plain Adam, real and fake in turn."""
    generator, discriminator = (copy.deepcopy(getattr(training.model, part)) for part in ("generator", "discriminator"))
    settings = training.experiment.train
    rates = [player.optimizer.learning_rate for player in training.objective.players(settings)]
    optimizer = torch.optim.Adam(generator.parameters(), lr=rates[0])
    opponent = torch.optim.Adam(discriminator.parameters(), lr=rates[1])
    real, _ = training.batches.peek(settings.batch_size)
    real, criterion = training.inputs(real), nn.BCEWithLogitsLoss()
    with training.randomness.peeked():
        noise = torch.randn(len(real), training.experiment.model.latent_dim)
    discriminator.zero_grad()
    criterion(discriminator(real), torch.ones(len(real), 1)).backward()
    fake = generator(noise)
    criterion(discriminator(fake.detach()), torch.zeros(len(real), 1)).backward()
    opponent.step()
    generator.zero_grad()
    criterion(discriminator(fake), torch.ones(len(real), 1)).backward()
    optimizer.step()
    return generator, discriminator


@pytest.mark.parametrize("kind", ["points-gan", "digits-gan"])
def test_a_turn_is_the_tutorials(kind):
    training = Training(made(kind))
    generator, discriminator = tutorial_turn(training)
    before = parts_of(training)
    step(training)
    after = parts_of(training)
    for part, expected in (("generator", generator), ("discriminator", discriminator)):
        assert not same(before[part], after[part])
        for name, value in expected.state_dict().items():
            torch.testing.assert_close(after[part][name], value, atol=1e-6, rtol=1e-4)


@pytest.mark.parametrize("kind", ["points-gan", "points-wgan", "digits-gan-average"])
@pytest.mark.parametrize(("mover", "other"), [("generator", "discriminator"), ("discriminator", "generator")])
def test_a_part_steps_alone(kind, mover, other):
    training = Training(made(kind))
    before = parts_of(training)
    step(training, 1, mover)
    after = parts_of(training)
    weights = {name for name, _ in getattr(training.model, other).named_parameters()}
    assert same({name: before[other][name] for name in weights}, after[other])
    assert not same(before[mover], after[mover])
    assert training.step == 1


def test_the_discriminator_takes_its_steps_before_the_generator():
    training = Training(made("points-wgan"))
    moved = []
    for _ in range(6):
        before = parts_of(training)["generator"]
        step(training)
        moved.append(not same(before, parts_of(training)["generator"]))
    assert moved == [False, False, True] * 2


def test_the_running_mean_follows_the_generator_and_makes_the_samples():
    training = Training(made("digits-gan-average", {"model.norm": "none"}))
    weight = "hidden1.weight"
    kept = parts_of(training)["average"][weight]
    assert torch.equal(kept, parts_of(training)["generator"][weight])
    step(training)
    found = parts_of(training)
    torch.testing.assert_close(found["average"][weight], 0.9 * kept + 0.1 * found["generator"][weight])
    z = training.objective.latents(3, 0, "cpu")
    assert torch.equal(training.objective.sample(training.model, z), training.model.average(z))  # type: ignore[operator]
    assert training.num_parameters == sum(
        value.numel() for part in ("generator", "discriminator") for value in found[part].values()
    )


@pytest.mark.parametrize("kind", GAMES)
def test_a_turn_taken_apart_is_the_one_that_comes(kind):
    training = Training(made(kind))
    rule = training.objective
    assert isinstance(rule, AdversarialRule)
    step(training, 2)
    weights, random, optimizers = (
        training.weights(),
        training.randomness.state,
        copy.deepcopy(training.optimizers[0].state_dict()),
    )
    turn = explain_next_turn(training)
    again = explain_next_turn(training)
    assert all(torch.equal(value, weights[name]) for name, value in training.weights().items())
    assert all(torch.equal(one, other) for one, other in zip(training.randomness.state, random, strict=True))
    assert str(training.optimizers[0].state_dict()) == str(optimizers)
    np.testing.assert_array_equal(turn.noise, again.noise)
    assert turn.real.shape == turn.fake.shape
    assert (turn.generator is None) == bool((training.step + 1) % rule.config.discriminator_steps)
    before = parts_of(training)
    step(training)
    assert not same(before["discriminator"], parts_of(training)["discriminator"])
    if turn.generator is None or rule.config.generator_steps > 1:
        return
    assert turn.generator.pulls.shape == turn.fake.shape
    if not rule.conditional:
        with torch.no_grad():
            made_now = training.model.generator(torch.from_numpy(turn.noise))  # type: ignore[operator]
        np.testing.assert_allclose(made_now.numpy(), turn.generator.fake_after, atol=1e-6)
    assert all(length > 0 for length in turn.discriminator.gradients.values())


def test_only_a_game_can_be_taken_apart():
    with pytest.raises(ValueError, match="only the turns of a generator and a discriminator"):
        explain_next_turn(Training(made("vae")))
