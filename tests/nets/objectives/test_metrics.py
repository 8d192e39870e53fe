"""What is measured of networks that make examples: known answers, names, warnings."""

import math

import numpy as np
import pytest
import torch

from nets.objectives.making import area_under_curve
from nets.objectives.plane import divergences, found_modes
from nets.objectives.quality import frechet_distance, quality
from nets.objectives.variational import code_costs
from nets.objectives.warnings import LATELY, warnings_of
from nets.training import Training
from tests.nets.experiments import trained
from tests.nets.objectives.making import KINDS, made

CENTRES = ((-0.5, -0.5), (0.5, 0.5), (0.5, -0.5))


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_measured_is_what_was_promised(kind):
    training = Training(made(kind))
    rule = training.experiment.train.objective
    promised = set(rule.metrics(training.experiment, training.experiment.data.info()))
    measured = training.measure()
    assert {name.removeprefix("test_") for name in measured if name.startswith("test_")} == promised
    assert {name.removeprefix("train_") for name in measured if name.startswith("train_")} == promised - {"auc"}
    assert all(math.isfinite(value) for value in measured.values())
    assert measured == training.measure()


def test_divergences_are_those_of_shannon_and_kullback():
    one, other = torch.full((50, 2), -0.5), torch.full((50, 2), 0.5)
    kl, js = divergences(one, one)
    assert kl.item() == pytest.approx(0, abs=1e-6)
    assert js.item() == pytest.approx(0, abs=1e-6)
    kl, js = divergences(one, other)
    assert js.item() == pytest.approx(1, abs=0.1)  # bits; the smoothing takes a little
    assert kl.item() > 10
    half = torch.cat([one[:25], other[:25]])
    assert divergences(one, half)[0].item() == pytest.approx(1, abs=0.02)
    assert divergences(one, torch.full((50, 2), math.nan))[1].isfinite()


def test_modes_count_when_they_get_a_tenth_of_their_share():
    near = torch.tensor(CENTRES)
    even = near.repeat(10, 1)
    assert [float(found) for found in found_modes(even, CENTRES, 0.1)] == [3, 1]
    strays = torch.cat([near[:1].repeat(98, 1), near[1:2].repeat(2, 1)])
    assert found_modes(strays, CENTRES, 0.1)[0] == 1
    assert found_modes(even + 0.29, CENTRES, 0.1)[1] == 0
    assert found_modes(even + torch.tensor([0.29, 0.0]), CENTRES, 0.1)[1] == 1


def test_the_area_under_the_curve_counts_pairs():
    scores = torch.tensor([0.1, 0.4, 0.35, 0.8])
    assert area_under_curve(scores, torch.tensor([False, False, True, True])) == 0.75
    assert area_under_curve(torch.ones(4), torch.tensor([False, False, True, True])) == 0.5
    rng = torch.Generator().manual_seed(0)
    scores, strange = torch.rand(60, generator=rng).round(decimals=1), torch.rand(60, generator=rng) < 0.3
    pairs = [(b > a).item() + 0.5 * (b == a).item() for a in scores[~strange] for b in scores[strange]]
    assert area_under_curve(scores, strange) == pytest.approx(sum(pairs) / len(pairs))


def test_what_a_code_costs_is_its_divergence_from_a_standard_normal():
    mu, logvar = torch.tensor([[0.0, 1.5, -2.0]]), torch.tensor([[0.0, 0.7, -1.0]])
    code = torch.distributions.Normal(mu, (logvar / 2).exp())
    standard = torch.distributions.Normal(torch.zeros(1, 3), torch.ones(1, 3))
    torch.testing.assert_close(code_costs(mu, logvar), torch.distributions.kl_divergence(code, standard))


def test_the_lower_bound_is_the_sum_of_its_parts():
    found = trained(made("vae-of-classes", {"train.max_epochs": 1})).metrics
    assert found["test_elbo"] == pytest.approx(-found["test_reconstruction"] - found["test_kl"])
    assert found["test_loss"] == pytest.approx(found["test_reconstruction"] + 2 * found["test_kl"])
    assert 0 <= found["test_active"] <= 2


def test_the_hidden_class_is_in_the_test_part_alone():
    training = Training(made("anomalies"))
    assert 7 not in training.parts.train.labels
    assert 7 in training.parts.test.labels
    assert training.experiment.data.info().num_targets == 10
    assert 0 < training.measure()["test_auc"] < 1


def test_the_frechet_distance_of_normals_is_known():
    rng = np.random.default_rng(0)
    one = rng.normal(0, 1, (20_000, 3))
    assert frechet_distance(one, one) == pytest.approx(0, abs=1e-8)
    assert frechet_distance(one, one + np.array([3, 0, 4])) == pytest.approx(25, abs=1e-6)
    assert frechet_distance(one, one * 2) == pytest.approx(3, abs=0.1)  # three times (2 - 1)²


def test_quality_needs_some_examples():
    with pytest.raises(ValueError, match="at least 2 made"):
        quality(torch.nn.Identity(), torch.zeros(1, 2), torch.zeros(5, 2))


def test_quality_says_which_classes_are_made():
    class Reader(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.output = torch.nn.Linear(2, 3)
            with torch.no_grad():
                self.output.weight.copy_(torch.tensor([[9.0, 0.0], [0.0, 9.0], [-9.0, -9.0]]))
                self.output.bias.zero_()

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return self.output(x)

    real = torch.tensor([[1.0, 0.0], [0.0, 1.0], [-1.0, -1.0]]).repeat(5, 1)
    good = quality(Reader(), real, real)
    assert good.present == 3
    assert good.balance == pytest.approx(1)
    assert good.frechet == pytest.approx(0, abs=1e-9)
    collapsed = quality(Reader(), real[:1].repeat(5, 1), real)
    assert (collapsed.present, collapsed.balance) == (1, 0)
    assert collapsed.frechet > 0.5
    assert collapsed.shares == (1, 0, 0)


def rows(**metrics: float) -> list[dict[str, float]]:
    return [
        {"epoch": epoch, **{f"test_{name}": value for name, value in metrics.items()}} for epoch in range(LATELY + 1)
    ]


@pytest.mark.parametrize(
    ("rule", "metrics", "facts", "kinds"),
    [
        ("adversarial", {"real_accuracy": 1.0, "fake_accuracy": 0.99}, {}, ["discriminator"]),
        ("adversarial", {"real_accuracy": 0.7, "fake_accuracy": 0.6}, {}, []),
        ("adversarial", {"real_accuracy": 0.9, "fake_accuracy": 0.01}, {}, ["generator"]),
        ("adversarial", {"modes": 3.0, "good": 0.9}, {"num_modes": 25}, ["modes"]),
        ("adversarial", {"modes": 22.0, "good": 0.9}, {"num_modes": 25}, []),
        ("adversarial", {"modes": 1.0, "good": 0.05}, {"num_modes": 25}, []),
        ("variational", {"active": 0.0}, {"latent_dim": 2}, ["posterior"]),
        ("variational", {"active": 2.0}, {"latent_dim": 2}, []),
        ("reconstruction", {"error": 1.0}, {}, []),
        ("supervised", {"accuracy": 0.1}, {}, []),
    ],
)
def test_what_goes_wrong_is_said_with_what_to_try(rule, metrics, facts, kinds):
    found = warnings_of(rule, rows(**metrics), **facts)
    assert [warning.kind for warning in found] == kinds
    for warning in found:
        assert warning.sees.endswith(".")
        assert warning.advice.endswith(".")
    assert not warnings_of(rule, rows(**metrics)[:3], **facts)
    assert not warnings_of(rule, [], **facts)
