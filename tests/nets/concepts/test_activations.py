"""Slopes by autograd against what is known of them, and units that a bias silences."""

import numpy as np
import pytest

from nets.activations import ACTIVATIONS
from nets.concepts.activations import answers, digit_pixels, faint_stretches, slopes_through, value_and_slope


@pytest.mark.parametrize("name", ACTIVATIONS.names())
def test_a_slope_is_what_the_value_climbs(name):
    z = np.linspace(-3.97, 3.93, 50)
    step = 1e-5
    _, slopes = value_and_slope(name, z)
    above, below = value_and_slope(name, z + step)[0], value_and_slope(name, z - step)[0]
    assert slopes == pytest.approx((above - below) / (2 * step), abs=1e-6)


def test_a_sigmoid_lets_a_quarter_through_at_best_and_fades_on_both_sides():
    z = np.linspace(-6, 6, 1201)
    _, slopes = value_and_slope("sigmoid", z)
    assert slopes.max() == pytest.approx(0.25)
    left, right = faint_stretches(z, slopes)
    assert left == pytest.approx((-6, -2.07), abs=0.02)
    assert right == pytest.approx((2.07, 6), abs=0.02)


def test_the_identity_fades_nowhere():
    z = np.linspace(-6, 6, 13)
    assert faint_stretches(z, value_and_slope("identity", z)[1]) == []


def test_slopes_multiply_through_layers():
    assert slopes_through("identity", 1.0, 0.5, 4) == pytest.approx([0.5, 0.25, 0.125, 0.0625])
    first = value_and_slope("tanh", np.array(1.4))
    second = value_and_slope("tanh", 2 * first[0])
    expected = [2 * first[1], 4 * first[1] * second[1]]
    assert slopes_through("tanh", 0.7, 2.0, 2) == pytest.approx(expected)


def test_there_are_all_digits():
    pixels = digit_pixels()
    assert pixels.shape == (1797, 64)
    assert (pixels.min(), pixels.max()) == (0, 1)


def test_a_bias_far_below_zero_kills_relu_units_and_no_leaky_ones():
    pixels = np.random.default_rng(0).random((200, 64), dtype=np.float32)
    killed = answers("relu", "kaiming_normal", -20.0, 1.0, pixels)
    assert killed.dead.all()
    assert killed.lost == 1
    assert killed.spread == 0
    leaky = answers("leaky_relu", "kaiming_normal", -20.0, 1.0, pixels)
    assert not leaky.dead.any()
    assert leaky.lost == 0
    assert leaky.answering == pytest.approx(np.ones(64))


def test_great_weights_saturate_tanh():
    pixels = np.random.default_rng(0).random((200, 64), dtype=np.float32)
    lost = [answers("tanh", "xavier_normal", 0.0, times, pixels).lost for times in (1.0, 10.0)]
    assert lost[0] < 0.05 < 0.5 < lost[1]
