"""What passes ten layers, against what is known of each start."""

from dataclasses import replace

import numpy as np
import pytest

from nets.activations import ACTIVATIONS
from nets.concepts.initialization import BATCH, BINS, DEPTH, EXPLODED, VANISHED, Stack, digits, passage
from nets.initializers import INITIALIZERS


def test_digits_are_standardised():
    pixels = digits().detach().numpy()
    assert pixels.shape == (BATCH, 64)
    assert pixels.mean() == pytest.approx(0, abs=1e-5)
    assert pixels.std() == pytest.approx(1, abs=1e-3)


def test_rotations_alone_keep_every_spread():
    it = passage(Stack("orthogonal", "identity", width=64))
    assert it.forward.spreads == pytest.approx(it.forward.spreads[0], rel=1e-4)
    assert it.backward.spreads == pytest.approx(it.backward.spreads[-1], rel=1e-4)
    assert it.backward.spreads[-1] == pytest.approx(1, abs=0.02)


def test_weights_times_three_triple_the_spread_in_each_layer():
    it = passage(Stack("orthogonal", "identity", width=64, scale=3.0))
    assert it.forward.spreads[1:] / it.forward.spreads[:-1] == pytest.approx(3, rel=1e-3)
    assert it.backward.spreads[:-1] / it.backward.spreads[1:] == pytest.approx(3, rel=1e-3)
    assert (it.forward.fate, it.backward.fate) == ("explodes", "explodes")
    assert it.forward.layer == np.flatnonzero(it.forward.spreads > EXPLODED).min()
    assert it.backward.layer == np.flatnonzero(it.backward.spreads > EXPLODED).max()


def test_relu_wants_kaiming():
    thin, right = (passage(Stack(name, "relu", width=128)) for name in ("default", "kaiming_normal"))
    assert (right.forward.fate, right.backward.fate) == ("lives", "lives")
    assert (thin.forward.fate, thin.backward.fate) == ("vanishes", "vanishes")
    assert thin.forward.spreads[thin.forward.layer] < VANISHED <= thin.forward.spreads[thin.forward.layer - 1]
    assert thin.backward.spreads[thin.backward.layer] < VANISHED <= thin.backward.spreads[thin.backward.layer + 1]


@pytest.mark.parametrize("norm", ["batch", "layer"])
def test_normalization_makes_the_scale_unimportant(norm):
    stack = Stack("xavier_normal", "tanh", norm)
    plain, loud = passage(stack), passage(replace(stack, scale=10.0))
    assert loud.forward.spreads == pytest.approx(plain.forward.spreads, rel=0.02)


def test_sigmoid_takes_at_least_three_quarters_of_the_gradient():
    it = passage(Stack("orthogonal", "sigmoid", width=64))
    assert (it.backward.spreads[:-1] <= it.backward.spreads[1:] / 4 + 1e-12).all()


def test_zeros_let_nothing_through():
    it = passage(Stack("zeros", "relu"))
    assert (it.forward.fate, it.forward.layer, it.backward.fate, it.backward.layer) == ("vanishes", 1, "vanishes", 9)
    assert it.forward.zeros[1:] == pytest.approx(1)
    assert it.flat == pytest.approx(1)


def test_a_relu_is_flat_where_it_is_zero():
    it = passage(Stack("kaiming_normal", "relu"))
    assert it.flat == pytest.approx(it.forward.zeros[1:])
    assert 0.2 < it.flat.min() < it.flat.max() < 0.8


def test_histograms_count_what_is_not_zero():
    it = passage(Stack("xavier_normal", "relu"))
    assert it.forward.counts.shape == (DEPTH + 1, BINS)
    sizes = 64 * BATCH
    assert (it.forward.counts.sum(1) <= (1 - it.forward.zeros) * sizes + 0.5).all()
    assert (it.forward.counts.sum(1) >= (0.97 - it.forward.zeros) * sizes).all()
    assert it.forward.counts[1:, it.forward.middles < -it.forward.middles[-1] / BINS].sum() == 0


@pytest.mark.parametrize("name", INITIALIZERS.names())
def test_every_initializer(name):
    it = passage(Stack(name, "tanh"))
    assert np.isfinite(it.forward.spreads).all()
    assert np.isfinite(it.backward.spreads).all()


@pytest.mark.parametrize("name", ACTIVATIONS.names())
def test_every_activation(name):
    it = passage(Stack("xavier_uniform", name, "batch"))
    assert (it.forward.fate, it.backward.fate) == ("lives", "lives")


def test_a_seed_decides_everything():
    one, same, other = (passage(Stack("default", "tanh", seed=seed)) for seed in (3, 3, 4))
    assert (one.forward.spreads == same.forward.spreads).all()
    assert (one.backward.spreads == same.backward.spreads).all()
    assert (one.forward.spreads[1:] != other.forward.spreads[1:]).all()


def test_bad_stacks_are_refused():
    for stack, told in (
        (Stack("xavier", "tanh"), "no initializer 'xavier'"),
        (Stack("default", "tanh", width=0), "at least one neuron, not 0"),
        (Stack("default", "tanh", scale=0), "above zero, not 0"),
        (Stack("default", "tanh", "group"), "no normalization 'group'; choose from none, batch, layer"),  # type: ignore[arg-type]
    ):
        with pytest.raises(ValueError, match=told):
            passage(stack)
