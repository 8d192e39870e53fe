"""The numbers behind the concepts, against PyTorch's own or against what is known of them."""

import numpy as np
import pytest

from nets.concepts.neuron import Neuron


def test_a_neuron_is_zero_on_its_line():
    neuron = Neuron((1.5, -0.5), 0.7, "tanh")
    line = neuron.line()
    assert line is not None
    z, a = neuron.sum_and_output(np.stack(line, axis=1))
    assert z == pytest.approx([0, 0], abs=1e-4)
    assert a == pytest.approx([0, 0], abs=1e-4)


def test_a_neuron_without_weights_has_no_line():
    assert Neuron((0.0, 0.0), 0.5, "relu").line() is None


def test_a_neuron_s_surface_has_a_row_for_each_second_input():
    places, outputs = Neuron((0.0, 1.0), 0.0, "identity").surface()
    assert outputs[:, 0] == pytest.approx(places)
