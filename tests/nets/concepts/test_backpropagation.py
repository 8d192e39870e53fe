"""The chain rule by hand against autograd."""

import numpy as np
import pytest

from nets.activations import ACTIVATIONS
from nets.concepts.backpropagation import (
    LOSSES_BY_HAND,
    SLOPE_FORMULAS,
    SLOPES,
    Case,
    Weights,
    after_update,
    backward,
    by_autograd,
    forward,
)

NETWORKS = 1_000


def random_case(place: int) -> Case:
    draw = np.random.default_rng(place)
    loss = LOSSES_BY_HAND[place % 2]
    weights = Weights(draw.normal(size=(2, 2)), draw.normal(size=2), draw.normal(size=2), np.array(draw.normal()))
    target = float(draw.integers(2)) if loss == "bce" else draw.normal()
    return Case(draw.normal(size=2) * 2, target, weights, list(SLOPES)[place // 2 % len(SLOPES)], loss)


def test_by_hand_equals_autograd_for_a_thousand_random_networks():
    apart = dict.fromkeys(SLOPES, 0.0)
    for case in map(random_case, range(NETWORKS)):
        went = forward(case)
        loss, gradients = by_autograd(case)
        ours = np.append(backward(case, went).weights.flat(), went.loss)
        away = np.abs(ours - np.append(gradients.flat(), loss)).max()
        apart[case.activation] = max(apart[case.activation], float(away))
    assert apart.keys() == set(ACTIVATIONS.names())
    assert max(apart.values()) < 1e-8, apart


def test_every_activation_has_its_slope_written_out():
    assert set(SLOPES) == set(SLOPE_FORMULAS) == set(ACTIVATIONS.names())


def test_a_network_that_can_be_done_in_one_s_head():
    weights = Weights(np.array([[1.0, 0.0], [0.0, -1.0]]), np.zeros(2), np.array([2.0, 5.0]), np.array(1.0))
    case = Case(np.array([3.0, 1.0]), 4.0, weights, "relu", "mse")
    went = forward(case)
    assert (went.hidden.tolist(), went.prediction, went.loss) == ([3, 0], 7, 9)
    back = backward(case, went)
    assert back.output_sum == 6
    assert back.weights.hidden.tolist() == [[36, 12], [0, 0]]
    assert back.weights.output.tolist() == [18, 0]


@pytest.mark.parametrize("place", [0, 1])
def test_an_update_lowers_the_loss(place):
    case = random_case(place)
    went = forward(case)
    updated = after_update(case, backward(case, went).weights, 0.001)
    assert forward(updated).loss < went.loss


def test_a_great_score_overflows_nothing():
    weights = Weights(np.zeros((2, 2)), np.zeros(2), np.zeros(2), np.array(-2_000.0))
    went = forward(Case(np.ones(2), 1.0, weights, "tanh", "bce"))
    assert (went.loss, went.prediction) == (2_000, 0)


@pytest.mark.parametrize("z", [-1.0, 0.0, 1.0])
def test_by_hand_equals_autograd_at_the_kinks_too(z):
    weights = Weights(np.array([[0.0, 0.0], [1.0, 0.0]]), np.array([z, 0.0]), np.array([1.0, 2.0]), np.array(0.5))
    for name in SLOPES:
        case = Case(np.array([z, 3.0]), 1.0, weights, name, "bce")
        assert backward(case, forward(case)).weights.flat() == pytest.approx(by_autograd(case)[1].flat()), name
