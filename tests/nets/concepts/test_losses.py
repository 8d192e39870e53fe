"""Losses and gradients against what is known of them."""

import numpy as np
import pytest

from nets.concepts.losses import VALUES, best_constant, cross_entropy, names, value_and_gradient
from nets.losses import LOSSES

KNOWN = {
    ("mse", "regression"): (9.0, 6.0),
    ("l1", "regression"): (3.0, 1.0),
    ("huber", "regression"): (2.5, 1.0),
    ("mse", "binary"): (1.0, 2.0),
    ("l1", "binary"): (1.0, 1.0),
    ("huber", "binary"): (0.5, 1.0),
    ("bce", "binary"): (np.log1p(np.exp(-2.0)), -1 / (1 + np.exp(2.0))),
    ("hinge", "binary"): (0.0, 0.0),
}
"""Value and gradient at a prediction of 2: for a regression towards -1, for two classes where 1 is true."""


@pytest.mark.parametrize("task", ["regression", "binary"])
def test_every_loss_with_one_output_is_shown(task):
    assert {(name, task) for name in names(task)} == {pair for pair in KNOWN if pair[1] == task}
    assert {name for name, _ in KNOWN} == set(LOSSES.names()) - {"cross_entropy", "nll"}


@pytest.mark.parametrize(("name", "task"), KNOWN)
def test_value_and_gradient(name, task):
    value, gradient = value_and_gradient(name, task, np.array([0.0, 2.0]), -1.0 if task == "regression" else 1.0)
    assert (value[1], gradient[1]) == pytest.approx(KNOWN[name, task])


def test_the_hinge_pulls_until_the_margin_is_won():
    value, gradient = value_and_gradient("hinge", "binary", np.array([-0.5, 0.5]), 0.0)
    assert value == pytest.approx([0.5, 1.5])
    assert gradient == pytest.approx([1, 1])


def test_the_best_constants_are_mean_and_median_and_huber_s_between():
    values = (*VALUES, 30.0)
    assert best_constant("mse", values) == pytest.approx(np.mean(values))
    assert best_constant("l1", values) == pytest.approx(np.median(values), abs=1e-6)
    assert np.median(values) < best_constant("huber", values) < np.mean(values)


def test_an_outlier_further_out_moves_the_mean_alone():
    moved = [
        best_constant(name, (*VALUES, 60.0)) - best_constant(name, (*VALUES, 30.0)) for name in names("regression")
    ]
    assert moved == pytest.approx([30 / 9, 0, 0], abs=1e-6)


def test_cross_entropy_s_gradient_is_softmax_minus_one_hot():
    found = cross_entropy((2.0, -1.0, 0.5), 2)
    exponentials = np.exp([2.0, -1.0, 0.5])
    assert found.softmax == pytest.approx(exponentials / exponentials.sum())
    assert found.loss == pytest.approx(-np.log(found.softmax[2]))
    assert found.gradient == pytest.approx(found.by_formula)
    assert found.gradient.sum() == pytest.approx(0)
