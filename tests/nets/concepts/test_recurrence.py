"""Cells of the recurrence concept against PyTorch's own, and what is known of their gradients."""

import numpy as np
import pytest
import torch

from nets.concepts.recurrence import (
    GATES,
    KINDS,
    MOST_STEPS,
    all_steps,
    as_module,
    parse_series,
    random_cell,
    reaches_back,
)

SERIES = (1.0, -0.5, 0.0, 2.0, -1.0, 0.25)


@pytest.mark.parametrize("kind", KINDS)
def test_a_step_is_the_one_that_pytorch_s_cell_takes(kind):
    cell = random_cell(kind, seed=3, scale=1.3, forget_bias=1.0)
    own = {"rnn": torch.nn.RNNCell, "gru": torch.nn.GRUCell, "lstm": torch.nn.LSTMCell}[kind](1, 2).double()
    with torch.no_grad():
        own.weight_ih.copy_(torch.from_numpy(cell.w)[:, None])
        own.weight_hh.copy_(torch.from_numpy(cell.u))
        own.bias_ih.copy_(torch.from_numpy(cell.b))
        own.bias_hh.zero_()
        state = None
        for step in all_steps(cell, SERIES):
            state = own(torch.tensor([[step.x]], dtype=torch.float64), state)
            hidden, memory = state if kind == "lstm" else (state, torch.zeros(1, 2))
            assert step.hidden == pytest.approx(hidden[0].numpy(), abs=1e-12)
            assert step.memory == pytest.approx(memory[0].numpy(), abs=1e-12)
            assert set(step.gates) == set(GATES[kind])


@pytest.mark.parametrize("kind", KINDS)
def test_a_run_and_its_gradient_are_those_of_pytorch_s_layers(kind):
    cell = random_cell(kind, seed=1, scale=0.8, forget_bias=2.0)
    steps = all_steps(cell, SERIES)
    states = as_module(cell)(torch.tensor(SERIES, dtype=torch.float64).view(-1, 1, 1))[0][:, 0].detach().numpy()
    assert np.array([step.hidden for step in steps]) == pytest.approx(states, abs=1e-12)
    shift = 1e-6
    nudged = all_steps(cell, (SERIES[0] + shift, *SERIES[1:]))[-1].hidden
    by_hand = np.linalg.norm((nudged - steps[-1].hidden) / shift)
    assert reaches_back(cell, SERIES)[0] == pytest.approx(by_hand, rel=1e-4)


def test_an_lstm_that_forgets_little_remembers_what_a_plain_cell_has_lost():
    def digits_left(kind, forget_bias):
        cells = [random_cell(kind, seed, 0.5, forget_bias) for seed in range(10)]
        return np.mean([np.log10(reaches_back(cell, (1.0, *[0.0] * 19))[0]) for cell in cells])

    plain, forgetful, lasting = digits_left("rnn", 0.0), digits_left("lstm", 1.0), digits_left("lstm", 3.0)
    assert plain + 2 < forgetful < lasting - 1


def test_settings_are_in_the_weights():
    cell = random_cell("lstm", seed=0, scale=0.5, forget_bias=1.5)
    assert cell.b.tolist() == [0, 0, 1.5, 1.5, 0, 0, 0, 0]
    assert np.linalg.norm(cell.u, axis=1) == pytest.approx([0.5] * 8, abs=0.01)
    assert random_cell("lstm", 1, 0.5, 1.5).w.tolist() != cell.w.tolist()


def test_a_series_is_numbers_between_spaces_or_commas():
    assert parse_series(" 1, 0;-0.5 2e0") == (1.0, 0.0, -0.5, 2.0)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "has 0 numbers"),
        ("1", "has 1 numbers"),
        ("0 " * (MOST_STEPS + 1), f"2 to {MOST_STEPS}"),
        ("1 one", "'one' is no number"),
        ("1 nan", "nan is out of range"),
        ("1 1e9", "1e9 is out of range"),
    ],
)
def test_what_is_no_series_is_refused_in_a_sentence(text, said):
    with pytest.raises(ValueError, match=said):
        parse_series(text)
