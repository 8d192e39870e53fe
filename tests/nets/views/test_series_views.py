"""What the views of series show is true: forecasts, errors, gates and gradients are worked out by hand beside them."""

from typing import Any

import numpy as np
import pytest
import torch

from nets.datasets.series.windows import Record
from nets.training import Training
from nets.views.forecast import ForecastView
from nets.views.horizons import HorizonsView, errors
from nets.views.memory import MemoryView, gates_of, walk
from nets.views.running import ahead
from nets.views.vanishing import VanishingView
from tests.nets.experiments import small, trained
from tests.nets.views.series import DENSE, over_series


def repeating(training: Training) -> Training:
    """A network that says what it saw three steps ago."""
    linear = torch.nn.Linear(6, 1)
    with torch.no_grad():
        linear.weight.copy_(torch.tensor([[0.0, 0, 0, 1, 0, 0]]))
        linear.bias.zero_()
    training.model = torch.nn.Sequential(torch.nn.Flatten(), linear)
    return training


def test_running_free_feeds_on_what_was_told():
    training = repeating(Training(over_series(model=DENSE)))
    seen = np.array([[[0.0], [0.0], [0.0], [1.0], [2.0], [3.0]]], dtype=np.float32)
    assert ahead(training, seen, 8)[0, :, 0].tolist() == [1, 2, 3, 1, 2, 3, 1, 2]


def test_a_forecast_is_in_the_series_own_units_and_begins_at_the_border():
    training = repeating(Training(over_series("seasonal", DENSE, {"noise": 0.0, "trend": 0.0})))
    truth = training.experiment.data.values(0)[:, 0]
    shown = ForecastView(before=20, after=30).look(training)
    assert (shown.start, shown.border, shown.origin) == (64, 84, 84)
    assert np.allclose(shown.truth, truth[64:114], atol=1e-5)
    assert np.allclose(shown.one_step, truth[61:111], atol=1e-5)
    assert np.allclose(shown.free, np.tile(truth[81:84], 10), atol=1e-5)


def test_errors_are_those_of_who_knows_nothing():
    values = np.arange(20, dtype=np.float32)[:, None]
    record = Record(values, 10, np.zeros(1), np.full(1, 2.0), told=1)
    found = errors(record, np.array([12, 13]), np.zeros((2, 5)), season=3, column=0)
    assert np.allclose(found.last, 2 * np.arange(1, 6))
    assert np.allclose(found.before, 2 * np.array([3, 3, 3, 6, 6]))
    assert np.allclose(found.network, 2 * np.sqrt((np.arange(12, 17) ** 2 + np.arange(13, 18) ** 2) / 2))


@pytest.mark.parametrize("cell", ["lstm", "gru"])
def test_gates_lead_to_the_states_that_torch_finds(cell):
    training = Training(over_series(model={"cell": cell, "num_layers": 2}))
    x = training.parts.test.x[:1]
    model: Any = training.model
    with torch.inference_mode():
        lower, _ = walk(model.core, 0, x[0])
        upper, gates = walk(model.core, 1, lower)
        assert torch.allclose(upper, model.core(x)[0], atol=1e-5)
        assert torch.allclose(gates_of(model, x)[1], gates)
    shown = MemoryView().look(training)
    assert shown.names == (("input", "forget", "output") if cell == "lstm" else ("reset", "update"))
    assert shown.gates.shape == (len(shown.names), 6, 5)
    assert np.abs(shown.states - (upper / upper.abs().max() * 127 + 127).numpy()).max() <= 1


def test_gates_of_two_directions_are_those_of_the_way_forward():
    training = Training(over_series(model={"cell": "lstm", "num_layers": 2, "bidirectional": True}))
    names, gates = gates_of(training.model, training.parts.test.x[:1])
    assert gates.shape == (3, 6, 5)
    assert names[1] == "forget"


def test_gradients_by_state_are_those_of_a_perturbed_state():
    training = Training(over_series(model={"cell": "rnn", "hidden_size": 3}))
    model: Any = training.model
    part = training.parts.test.first(32)
    states, kicked = [], torch.zeros(6, len(part), 3, requires_grad=True)
    state = torch.zeros(1, len(part), 3)
    for place, step in enumerate(part.x.transpose(0, 1)):
        state = model.core.layers(step[None], state)[1] + kicked[place]
        states.append(state[0])
    loss = training.objective.training_loss(lambda _: model.output(states[-1]), part.x, part.targets)
    (gradient,) = torch.autograd.grad(loss, [kicked])
    norms = gradient.norm(dim=2).mean(dim=1) * len(part)
    shown = VanishingView().look(training)
    assert shown.of_states
    assert np.allclose(shown.norms, norms.numpy(), rtol=1e-3)
    assert all(parameter.grad is None for parameter in model.parameters())


def test_a_plain_cell_loses_more_of_the_gradient_than_one_that_remembers():
    norms = {}
    for cell, bias in (("rnn", 0.0), ("lstm", 5.0)):
        model = {"cell": cell, "forget_bias": bias, "hidden_size": 16}
        norms[cell] = VanishingView().look(Training(over_series("first_symbol", model, {"length": 50}))).norms
    assert norms["rnn"][0] / norms["rnn"][-1] < 1e-6
    assert norms["lstm"][0] / norms["lstm"][-1] > 1e-3


def test_views_of_values_refuse_classes_and_other_data():
    for experiment in (over_series("first_symbol"), small()):
        with pytest.raises(ValueError, match="no series of values"):
            HorizonsView().look(Training(experiment))


def test_a_network_that_has_learnt_beats_both_who_know_nothing():
    shown = HorizonsView().look(
        trained(
            over_series(
                "sines",
                {"cell": "lstm", "hidden_size": 16},
                {"window": 12, "num_steps": 300},
                max_epochs=30,
                optimizer={"kind": "adam", "learning_rate": 0.02},
            )
        )
    )
    assert shown.season
    assert (shown.network[:4] < np.minimum(shown.last, shown.before)[:4]).all()
