"""Feature maps are what the layers give out."""

from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

from nets.training import Training
from nets.views.feature_maps import BYTES, FeatureMapsView, LayerMaps, fitting, token_grid
from nets.views.subject import Subject
from tests.nets.experiments import pictures, trained
from tests.nets.views.vision import COLOUR, GREY, KINDS, on_pictures


@pytest.fixture(scope="module")
def digits() -> Training:
    return trained(pictures({"model.norm": "batch", "model.dropout": 0.2}))


def outputs(training: Training, index: int = 0) -> dict[str, torch.Tensor]:
    """What each top-level layer gives out for one test picture, heard with hooks: the first time, if it is shared."""
    heard: dict[str, torch.Tensor] = {}

    def remember(name: str, output: torch.Tensor) -> None:
        heard.setdefault(name, output[0].clone())

    handles = [
        module.register_forward_hook(lambda _, __, output, name=name: remember(name, output))
        for name, module in training.model.named_children()
    ]
    with torch.no_grad():
        training.predict(training.parts.test.x[index : index + 1])
    for handle in handles:
        handle.remove()
    return heard


def look(training: Training, **fields: Any) -> dict[str, LayerMaps]:
    return {layer.name: layer for layer in FeatureMapsView(**fields).look(training).layers}


def restored(layer: LayerMaps) -> np.ndarray:
    """The values that the bytes stand for."""
    return (layer.maps.astype(np.float32) - 127) / 127 * layer.scales[:, None, None]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("data", [GREY, COLOUR], ids=["grey", "colour"])
def test_every_layer_that_computes_is_there_with_its_own_numbers(kind, data):
    training = Training(on_pictures(kind, data))
    shown, true = look(training, subject=Subject(index=2)), outputs(training, 2)
    computing = [
        name
        for name, module in training.model.named_children()
        if not isinstance(module, nn.Flatten | nn.Identity | nn.Dropout | nn.Dropout2d)
    ]
    assert [name for name in shown if "." not in name] == computing
    for name in computing:
        layer = shown[name]
        assert layer.shape == tuple(true[name].shape)
        assert layer.module == type(training.model.get_submodule(name)).__name__
        assert (layer.low, layer.high) == pytest.approx(
            (true[name].min().item(), true[name].max().item()), rel=1e-4, abs=1e-5
        )


def test_maps_are_the_layers_outputs(digits):
    shown, true = look(digits), outputs(digits)
    for name in ("conv1", "conv_norm1", "conv_act1", "pool1", "conv2"):
        layer, expected = shown[name], true[name].numpy()
        assert layer.role == "maps"
        assert layer.maps.dtype == np.uint8
        assert layer.maps.shape == expected.shape
        assert np.allclose(layer.scales, np.abs(expected).max(axis=(1, 2)), rtol=1e-5)
        assert np.abs(restored(layer) - expected).max() <= layer.scales.max() / 127 * 0.51
    assert "conv_drop1" not in shown
    assert "flatten" not in shown


def test_dense_layers_are_a_row_of_values(digits):
    layer, expected = look(digits)["hidden1"], outputs(digits)["hidden1"].numpy()
    assert (layer.role, layer.maps.shape, layer.shape) == ("values", (1, 1, 12), (12,))
    assert np.abs(restored(layer)[0, 0] - expected).max() <= layer.scales[0] / 127 * 0.51


def test_all_maps_of_a_layer_can_share_one_scale(digits):
    by_map, by_layer = look(digits)["conv1"], look(digits, scale="layer")["conv1"]
    assert len(set(by_layer.scales)) == 1
    assert by_layer.scales[0] == by_map.scales.max()
    assert np.abs(restored(by_map) - restored(by_layer)).max() <= by_layer.scales[0] / 127 * 1.02


def test_large_maps_are_shrunk_to_their_means():
    training = Training(pictures({"data.size": 32}))
    layer = look(training, size=16, layers=("conv1",))["conv1"]
    means = outputs(training)["conv1"].numpy().reshape(4, 16, 2, 16, 2).mean(axis=(2, 4))
    assert layer.maps.shape == (4, 16, 16)
    assert layer.shape == (4, 32, 32)
    assert np.abs(restored(layer) - means).max() <= layer.scales.max() / 127 * 0.51


def test_only_the_first_maps_are_shown(digits):
    every, few = look(digits)["conv2"], look(digits, most=3)["conv2"]
    assert few.shape == (6, 4, 4)
    assert np.array_equal(few.maps, every.maps[:3])


def test_one_layer_alone(digits):
    assert list(look(digits, layers=("pool1",))) == ["pool1"]
    with pytest.raises(ValueError, match="there is no layer conv9; choose from conv1, "):
        FeatureMapsView(layers=("conv9",)).look(digits)


@pytest.mark.parametrize("readout", ["mean", "token"])
def test_tokens_are_maps_over_the_squares_of_the_picture(readout):
    experiment = pictures({"model.kind": "vit", "model.readout": readout, "model.patch": 2})
    training = Training(experiment)
    layer, true = look(training)["block2"], outputs(training)["block2"]
    squares = true[1:] if readout == "token" else true
    assert layer.role == "tokens"
    assert layer.shape == (16 + (readout == "token"), 64)
    assert layer.maps.shape == (32, 4, 4)
    expected = squares[:, :32].T.reshape(32, 4, 4).numpy()
    assert np.abs(restored(layer) - expected).max() <= layer.scales.max() / 127 * 0.51


@pytest.mark.parametrize("readout", ["mean", "token"])
def test_attention_is_how_much_each_square_is_attended_to(readout):
    training = Training(pictures({"model.kind": "vit", "model.readout": readout, "model.patch": 2}))
    layer = look(training)["block1.self_attn"]
    block: Any = training.model.get_submodule("block1")
    before = outputs(training)["positions"][None]
    with torch.no_grad():
        seen = block.norm1(before)
        weights = block.self_attn(seen, seen, seen, average_attn_weights=False)[1][0]
    looks = weights[:, 0, 1:] if readout == "token" else weights.mean(dim=1)
    assert (layer.role, layer.shape) == ("attention", tuple(weights.shape))
    assert np.abs(restored(layer) - looks.reshape(4, 4, 4).numpy()).max() <= layer.scales.max() / 127 * 0.51


@pytest.mark.parametrize(
    ("tokens", "picture", "grid"),
    [
        (49, (28, 28), (7, 7, False)),
        (50, (28, 28), (7, 7, True)),
        (1, (8, 8), (1, 1, False)),
        (2, (8, 8), (1, 1, True)),
        (8, (16, 32), (2, 4, False)),
        (9, (32, 16), (4, 2, True)),
        (7, (8, 8), None),
    ],
)
def test_the_grid_of_tokens(tokens, picture, grid):
    assert token_grid(tokens, picture) == grid


def test_what_is_shown_fits_whatever_the_network():
    assert fitting([(16, 8, 8)], 32, 32) == (32, 32)
    deep = [(64, 112, 112)] * 3 + [(64, 56, 56)] * 6 + [(256, 28, 28)] * 8
    count, side = fitting(deep, 32, 32)
    assert 3 <= count < 32
    assert 8 <= side < 32
    assert sum(min(count, maps) * min(side, height) ** 2 for maps, height, _ in deep) <= BYTES
    assert fitting([(1000, 64, 64)] * 10_000, 256, 64) == (1, 4)


def test_later_layers_that_write_into_what_they_get_change_no_map():
    training = Training(pictures())
    training.model.register_module("conv_act1", nn.ReLU(inplace=True))
    assert look(training)["conv1"].low < 0
