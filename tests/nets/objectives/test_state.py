"""What makes examples can be stopped anywhere and goes on bit for bit: two optimizers, a running mean, the noise."""

import pytest
import torch

from nets.experiment import dump, parse
from nets.training import Controls, Training
from nets.training.state import capture, restore
from tests.nets.experiments import exhaust, history_of, until_idle
from tests.nets.objectives.making import KINDS, made


def ends(training: Training) -> tuple[dict[str, float], dict[str, torch.Tensor]]:
    finished = exhaust(training.events(Controls()))
    assert finished.status == "completed", finished.reason
    return dict(finished.metrics), training.weights()


@pytest.mark.parametrize("kind", KINDS)
def test_it_goes_on_where_it_was_stopped_in_the_middle_of_an_epoch(kind):
    experiment = made(kind)
    assert parse(dump(experiment)) == experiment
    expected, weights = ends(Training(experiment))
    stopped, controls = Training(experiment), Controls(paused=True)
    events = stopped.events(controls)
    until_idle(events)
    controls.step(6)
    until_idle(events)
    assert stopped.step == 6
    tensors, facts = capture(stopped)
    found, again = ends(restore(tensors, facts))
    assert found == expected
    assert all(torch.equal(again[name], value) for name, value in weights.items())


def test_the_same_seed_gives_the_same_numbers_and_another_one_others():
    for kind in ("points-gan", "denoising", "vae"):
        experiment = made(kind, {"train.max_epochs": 1})
        assert history_of(experiment) == history_of(experiment)
        assert history_of(experiment) != history_of(made(kind, {"train.max_epochs": 1, "train.seed": 1}))


def test_a_state_from_before_there_were_other_rules_is_read():
    experiment = made("autoencoder")
    training = Training(experiment)
    tensors, facts = capture(training)
    del facts["opponents"]
    assert restore(tensors, facts).weights().keys() == training.weights().keys()
