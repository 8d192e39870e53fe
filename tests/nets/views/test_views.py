"""What views show is what the network computes; looking leaves no trace."""

import dataclasses
from typing import Any

import numpy as np
import pytest
import torch

from nets.training import Controls, Training
from nets.views import VIEWS
from nets.views.base import share_bytes, signed_bytes
from nets.views.curve import CurveView
from nets.views.layers import LayersView
from nets.views.network import NetworkView
from nets.views.predictions import PredictionsView
from nets.views.surface import SurfaceView, plane_grid
from tests.nets.experiments import exhaust, pictures, small, trained
from tests.nets.views.making import MAKING
from tests.nets.views.series import SERIES
from tests.nets.views.tables import TABLES
from tests.nets.views.text import TEXT
from tests.nets.views.vision import VISION

SUITABLE: dict[str, list[Any]] = {
    "surface": [
        small(),
        small({"data.name": "plane"}),
        small({"data.name": "blobs"}),
        small({"train.loss": "cross_entropy"}),
        small({"data.name": "spirals", "train.loss": "hinge", "data.inputs": ["x1", "sin_x2", "x1_x2"]}),
    ],
    "network": [
        small(),
        small({"data.name": "blobs", "model.hidden_sizes": [20, 3], "model.norm": "layer", "model.dropout": 0.2}),
        small({"model.hidden_sizes": []}),
        small({"data.name": "line"}),
        small({"train.loss": "cross_entropy"}),
        small({"data.name": "digits", "data.size": 8, "data.train_share": 0.1}),
        small({"data.name": "constant_target"}),
    ],
    "predictions": [pictures(), small({"data.name": "digits", "data.size": 8, "train.loss": "mse"})],
    "augmented": [pictures({"data.augment": {"flip": True, "rotate": 30, "erase": 1.0}}), pictures()],
    "gallery": [pictures()],
    "placement": [pictures(), small({"data.name": "shapes", "data.num_pictures": 200})],
    "curve": [small({"data.name": "sine"}), small({"data.name": "line"})],
    "layers": [small(), pictures({"model.norm": "batch"}), small({"data.name": "digits", "data.size": 8})],
    "health": [small(), small({"data.name": "plane"}), pictures({"model.norm": "batch"})],
    **MAKING,
    **SERIES,
    **TABLES,
    **TEXT,
}
LOOKS = [(name, experiment) for name, experiments in SUITABLE.items() for experiment in experiments]


def arrays(shown) -> list[np.ndarray]:
    """Every array of a view's dataclass."""
    found = []
    for field in dataclasses.fields(shown):
        value = getattr(shown, field.name)
        found += [part for part in (value if isinstance(value, tuple) else (value,)) if isinstance(part, np.ndarray)]
    return found


def test_every_view_is_tested_here():
    assert set(SUITABLE) | set(VISION) | {"quality"} == set(VIEWS.names())


@pytest.mark.parametrize("name", VIEWS.names())
def test_its_config_survives_json(name):
    config = VIEWS.get(name)()
    assert VIEWS.get(name).model_validate_json(config.model_dump_json()) == config
    assert config.kind == name


@pytest.mark.parametrize(("name", "experiment"), LOOKS, ids=lambda value: value if isinstance(value, str) else "")
def test_looking_leaves_no_trace(name, experiment):
    training, view = Training(experiment), VIEWS.get(name)()
    exhaust(training.events(Controls()))
    torch.manual_seed(3)
    before, weights = torch.get_rng_state(), training.weights()
    first, second = view.look(training), view.look(training)
    assert torch.equal(torch.get_rng_state(), before)
    assert all(torch.equal(value, weights[key]) for key, value in training.weights().items())
    assert not training.model.training
    assert not any(module._forward_hooks for module in training.model.modules())
    assert all(np.array_equal(a, b) for a, b in zip(arrays(first), arrays(second), strict=True))
    with pytest.raises(dataclasses.FrozenInstanceError):
        first.anything = 1


@pytest.mark.parametrize(("name", "experiment"), LOOKS, ids=lambda value: value if isinstance(value, str) else "")
def test_what_was_shown_does_not_change_when_training_goes_on(name, experiment):
    training, controls = Training(experiment), Controls()
    events = training.events(controls)
    for _ in range(3):
        next(events)
    shown = arrays(VIEWS.get(name)().look(training))
    copies = [array.copy() for array in shown]
    for _ in events:
        pass
    assert all(np.array_equal(a, b) for a, b in zip(shown, copies, strict=True))


def linear(changes, weights, bias=0.0):
    """A network of one neuron with weights of our choice."""
    training = Training(small({"model.hidden_sizes": [], **changes}))
    for place, weight in enumerate(weights):
        training.set_parameter(0, 0, place, weight)
    training.set_parameter(0, 0, None, bias)
    return training


def test_the_plane_starts_top_left():
    grid = plane_grid(4)
    assert grid[0].tolist() == [-4.5, 4.5]
    assert grid[3].tolist() == [4.5, 4.5]
    assert grid[-1].tolist() == [4.5, -4.5]


def test_a_surface_is_the_networks_output_over_the_plane():
    training = linear({"data.name": "plane"}, [1 / 6, 0.0])
    shown = SurfaceView(size=60).look(training)
    assert shown.confidence is None
    assert shown.map.dtype == np.uint8
    assert shown.map.shape == (60, 60)
    columns = ((np.arange(60) + 0.5) / 60 * 2 - 1) * 127 + 127
    assert np.abs(shown.map - columns[None, :]).max() <= 0.51
    upwards = SurfaceView(size=60).look(linear({"data.name": "plane"}, [0.0, 1 / 6])).map
    assert np.array_equal(upwards, shown.map.T[::-1])


def test_a_surface_of_two_classes_is_blue_where_the_network_says_one():
    sure = SurfaceView(size=20).look(linear({"train.loss": "bce"}, [50.0, 0.0])).map
    assert set(sure[:, 0]) == {0}
    assert set(sure[:, -1]) == {254}
    unsure = SurfaceView(size=20).look(linear({"train.loss": "bce"}, [0.0, 0.0])).map
    assert set(unsure.flatten()) == {127}


def test_a_surface_of_many_classes_shows_the_winner_and_its_confidence():
    training = trained(small({"data.name": "blobs", "train.max_epochs": 30}))
    shown = SurfaceView(size=50).look(training)
    assert shown.confidence is not None
    with torch.no_grad():
        shares = training.model(torch.from_numpy(plane_grid(50))).softmax(dim=1)
    assert np.array_equal(shown.map.flatten(), shares.argmax(dim=1).numpy())
    assert np.abs(shown.confidence.flatten() - shares.amax(dim=1).numpy() * 255).max() <= 0.51
    assert len(set(shown.map.flatten())) == 4


def test_the_network_shows_every_weight_and_bias():
    training = trained(small())
    shown = NetworkView().look(training)
    weights = training.weights()
    for place, layer in enumerate(("hidden1", "hidden2", "output")):
        assert np.array_equal(shown.weights[place], weights[f"{layer}.weight"].numpy())
        assert np.array_equal(shown.biases[place], weights[f"{layer}.bias"].numpy())
    assert shown.shown == (5, 3, 1)
    assert shown.maps is not None
    assert shown.maps.shape == (5 + 3 + 1, 20, 20)
    assert shown.maps.dtype == np.uint8


def test_a_neurons_map_is_what_it_responds_to():
    training = trained(small())
    shown = NetworkView(size=10).look(training)
    assert shown.maps is not None
    grid = torch.from_numpy(plane_grid(10))
    with torch.no_grad():
        first = torch.tanh(training.model.get_submodule("hidden1")(grid))
        output = training.model(grid).sigmoid() * 2 - 1
    assert np.abs(shown.maps[:5].reshape(5, -1).T - (first.numpy() * 127 + 127)).max() <= 0.51
    assert np.abs(shown.maps[-1].flatten() - (output[:, 0].numpy() * 127 + 127)).max() <= 0.51


def test_a_map_of_large_values_is_scaled_to_fit():
    training = Training(small({"model.activation": "identity", "model.hidden_sizes": [1]}))
    training.set_parameter(0, 0, 0, 100.0)
    training.set_parameter(0, 0, 1, 0.0)
    training.set_parameter(0, 0, None, 0.0)
    shown = NetworkView(size=10).look(training)
    assert shown.maps is not None
    assert shown.maps[0].min() == 0
    assert shown.maps[0].max() == 254
    assert len(set(shown.maps[0][0])) == 10


def test_a_wide_network_shows_its_first_neurons():
    training = Training(small({"model.hidden_sizes": [40, 3], "data.name": "blobs"}))
    shown = NetworkView(most=8).look(training)
    assert shown.shown == (8, 3, 4)
    assert [weight.shape for weight in shown.weights] == [(8, 2), (3, 8), (4, 3)]
    assert shown.maps is not None
    assert len(shown.maps) == 8 + 3 + 4


@pytest.mark.parametrize("loss", ["auto", "mse", "cross_entropy", "nll"])
def test_predictions_are_the_networks_own(loss):
    training = trained(pictures({"train.loss": loss, "train.max_epochs": 6}))
    shown = PredictionsView(count=20).look(training)
    assert shown.indices.tolist() == list(range(20))
    assert np.array_equal(shown.actual, training.split.test_y[:20])
    assert np.array_equal(shown.pictures, training.split.test_x[:20, 0])
    with torch.no_grad():
        predicted = training.predict(training.parts.test.x[:20]).argmax(dim=1)
    assert np.array_equal(shown.predicted, predicted.numpy())
    assert np.all((shown.confidence > 0) & (shown.confidence <= 1))


def test_predictions_of_the_wrong_ones_alone():
    training = trained(pictures({"train.max_epochs": 6}))
    shown = PredictionsView(order="wrong", count=100).look(training)
    wrong = round((1 - training.metrics["test_accuracy"]) * len(training.parts.test))
    assert len(shown.indices) == min(100, wrong) > 0
    assert np.all(shown.predicted != shown.actual)
    assert np.array_equal(shown.actual, training.split.test_y[shown.indices])


def test_the_hardest_come_first():
    training = trained(pictures({"train.max_epochs": 6}))
    shown = PredictionsView(order="hardest", count=30).look(training)
    with torch.no_grad():
        shares = training.predict(training.parts.test.x).softmax(dim=1)
    sure = shares[torch.arange(len(shares)), training.parts.test.labels].numpy()
    assert np.array_equal(np.sort(sure)[:30], sure[shown.indices])


def test_a_curve_is_what_the_network_says():
    training = linear({"data.name": "line"}, [2.0], 1.0)
    shown = CurveView(size=50).look(training)
    assert shown.x.dtype == shown.y.dtype == np.float32
    assert (shown.x[0], shown.x[-1], len(shown.x)) == (-0.5, 10.5, 50)
    assert np.allclose(shown.y, 2 * shown.x + 1, atol=1e-5)


def test_the_table_of_layers_counts_right():
    shown = LayersView().look(Training(pictures()))
    table = {layer.name: layer for layer in shown.layers}
    assert list(table)[:4] == ["conv1", "conv_act1", "pool1", "conv2"]
    conv = table["conv1"]
    assert (conv.module, conv.shape, conv.parameters) == ("Conv2d", (4, 8, 8), 4 * 9 + 4)
    assert conv.multiply_adds == pytest.approx(4 * 9 * 64, rel=0.15)
    assert table["pool2"].shape == (6, 2, 2)
    assert (table["output"].shape, table["output"].parameters) == ((10,), 12 * 10 + 10)
    assert table["output"].multiply_adds == pytest.approx(120, rel=0.15)
    assert shown.parameters == sum(layer.parameters for layer in shown.layers)
    assert shown.multiply_adds == sum(layer.multiply_adds for layer in shown.layers)


def test_bytes_of_values():
    values = torch.tensor([-5.0, -1.0, -0.5, 0.0, 0.5, 1.0, 5.0, float("nan"), float("inf")])
    assert signed_bytes(values).tolist() == [0, 0, 64, 127, 190, 254, 254, 127, 254]
    assert share_bytes(torch.tensor([-1.0, 0.0, 0.5, 1.0, 2.0, float("nan")])).tolist() == [0, 0, 128, 255, 255, 0]


def test_a_block_costs_what_is_inside_of_it():
    shown = LayersView().look(Training(pictures({"model.kind": "resnet", "model.depths": [1], "model.width": 16})))
    block = next(layer for layer in shown.layers if layer.name == "block1_1")
    assert block.multiply_adds == pytest.approx(2 * 16 * 16 * 9 * 64, rel=0.05)
    assert shown.multiply_adds == pytest.approx(sum(layer.multiply_adds for layer in shown.layers), rel=0.05)
