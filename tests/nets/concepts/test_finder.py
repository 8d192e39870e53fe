"""The learning-rate range test: what it suggests trains, where it ends does not, and nothing is left to chance."""

import math

import numpy as np
import pytest

from nets.concepts.finder import FinderJob, rate_test, rates, smoothed, suggestion
from nets.experiment import dump
from nets.problems import InvalidExperiment
from nets.recipes import recipes
from nets.training import StepDone, fit
from tests.nets.experiments import exhaust, small

IRIS = recipes().get("iris-mlp").experiment


def rate_test_of(experiment=IRIS, **settings):
    *steps, end = rate_test(FinderJob(experiment=dump(experiment), **settings))
    return steps, end


@pytest.fixture(scope="module")
def found():
    return rate_test_of()


def test_its_suggestion_trains_and_its_end_does_not(found):
    steps, end = found
    along = [step["rate"] for step in steps]
    suggested = suggestion(along, smoothed([step["loss"] for step in steps]))
    assert suggested is not None
    assert end["diverged"]
    assert suggested.steepest < suggested.lowest < end["rate"]
    losses = {}
    for rate in (suggested.steepest, suggested.cautious, end["rate"]):
        changes = {"train.optimizer.learning_rate": rate, "train.max_epochs": 8}
        losses[rate] = exhaust(fit(small(changes, dump(IRIS)))).metrics["train_loss"]
    first = steps[0]["loss"]
    assert losses[suggested.steepest] < 0.5 * first
    assert losses[suggested.cautious] < 0.5 * first
    assert losses[end["rate"]] > first


def test_it_is_the_same_each_time(found):
    assert rate_test_of() == found


def test_its_first_batch_is_the_experiment_s_own(found):
    first = next(event for event in fit(IRIS) if isinstance(event, StepDone))
    assert found[0][0]["batch_loss"] == first.loss


def test_rates_grow_by_the_same_factor():
    along = rates(1e-6, 10, 50)
    assert (along[0], along[-1]) == pytest.approx((1e-6, 10))
    assert np.diff(np.log(along)) == pytest.approx(np.full(49, math.log(1e7) / 49))


def test_smoothing_keeps_a_line_s_middle_and_nothing_is_a_suggestion_where_nothing_falls():
    assert smoothed([3, 2, 1], 0) == pytest.approx([3, 2, 1])
    assert smoothed(range(101), 0.02)[50] == pytest.approx(50)
    assert suggestion(rates(1e-6, 1, 30), np.linspace(1, 2, 30)) is None
    assert suggestion([], np.array([])) is None


def test_the_steepest_place_of_a_known_curve_is_found():
    along = rates(1e-6, 10, 141)
    fall = 1 / (1 + np.exp(-4 * (np.log10(along) + 3)))  # steepest at 1e-3
    rise = np.maximum(0, np.log10(along) + 1) * 2
    suggested = suggestion(along, 2 - fall + rise)
    assert suggested is not None
    assert suggested.steepest == pytest.approx(1e-3, rel=0.15)
    assert suggested.cautious == pytest.approx(suggested.lowest / 10, rel=0.1)


@pytest.mark.parametrize(
    ("settings", "says"),
    [({"steps": 5}, "steps"), ({"lowest": 0.0}, "lowest"), ({"lowest": 2.0, "highest": 1.0}, "lowest")],
)
def test_bad_numbers_are_refused(settings, says):
    with pytest.raises(InvalidExperiment, match=says):
        rate_test_of(**settings)


def test_a_game_has_no_one_loss():
    with pytest.raises(InvalidExperiment, match="there is no one loss"):
        rate_test_of(recipes().get("gan-ring").experiment)
