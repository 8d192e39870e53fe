"""Recipes of networks that make examples, in a smaller form: they learn what they stand for."""

from functools import cache
from typing import Any

import pytest

from nets.experiment import dump
from nets.objectives.quality import quality
from nets.recipes import recipes
from nets.runs.judges import judge_experiment, judge_of
from nets.training import EpochDone, fit
from tests.nets.experiments import epochs, small, trained

SMALLER: dict[str, dict[str, Any]] = {
    "autoencoder-digits": {"data.size": 8, "train.max_epochs": 8},
    "denoise-digits": {"data.size": 8, "train.max_epochs": 8},
    "vae-digits": {"data.size": 8, "train.max_epochs": 12},
    "anomaly-digits": {"data.size": 8, "train.max_epochs": 10},
    "anomaly-table": {"train.max_epochs": 20},
    "gan-gaussians": {"data.num_points": 600, "train.max_epochs": 60},
    "gan-collapse": {"train.max_epochs": 80},
    "wgan-gaussians": {"train.max_epochs": 40},
    "gan-ring": {"data.num_points": 600, "train.max_epochs": 40},
    "wgan-grid": {"data.num_points": 1000, "train.max_epochs": 8, "train.batch_size": 128},
    "gan-digits": {"data.size": 8, "train.max_epochs": 2},
    "dcgan-digits": {"data.size": 8, "data.train_share": 0.2, "train.max_epochs": 2},
}
LEARNT: dict[str, tuple[str, float, float]] = {
    "autoencoder-digits": ("test_error", 0.0, 0.2),
    "denoise-digits": ("test_loss", 0.0, 0.25),
    "vae-digits": ("test_active", 2, 2),
    "anomaly-digits": ("test_auc", 0.9, 1.0),
    "anomaly-table": ("test_auc", 0.9, 1.0),
    "gan-collapse": ("test_modes", 0, 1),
    "wgan-gaussians": ("test_modes", 3, 3),
}
GENERATE = [name for name, recipe in recipes().items() if recipe.family == "generate"]


@cache
def rows(name: str) -> list[EpochDone]:
    return epochs(fit(small(SMALLER[name], dump(recipes().get(name).experiment))))


def test_all_of_them_are_looked_at():
    assert set(GENERATE) == set(SMALLER)


@pytest.mark.parametrize("name", sorted({*GENERATE} - {"gan-collapse"}))
def test_it_learns_something(name):
    untrained, *_, last = rows(name)
    metric = next(name for name in ("test_js", "test_error", "test_discriminator_loss") if name in last.metrics)
    assert last.metrics[metric] < untrained.metrics[metric]


@pytest.mark.parametrize("name", LEARNT)
def test_it_ends_where_it_should(name):
    metric, least, most = LEARNT[name]
    assert least <= rows(name)[-1].metrics[metric] <= most


def test_a_judge_reads_digits_and_sees_that_noise_is_none():
    experiment = small({"data.size": 8, "train.max_epochs": 1}, dump(recipes().get("gan-digits").experiment))
    assert judge_experiment(experiment).model.kind == "cnn"
    judge, training = judge_of(experiment), trained(experiment)
    test, real = training.parts.test, training.inputs(training.parts.train.x)
    x = training.inputs(test.x)
    right = (judge(x).argmax(dim=1) == test.labels).float().mean()
    assert right > 0.9
    noise = training.objective.sample(training.model, training.objective.latents(300, 0, "cpu"))
    assert quality(judge, x, real).frechet < quality(judge, noise.detach(), real).frechet
    assert quality(judge, x, real).present == 10
