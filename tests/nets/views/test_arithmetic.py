"""The sum behind an output value is the layer's own."""

import itertools
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional

from nets.training import Training
from nets.views.arithmetic import Arithmetic, ArithmeticView, computing
from nets.views.subject import Subject
from nets.views.sums import take_apart
from tests.nets.experiments import pictures, trained
from tests.nets.views.vision import COLOUR, GREY, KINDS, on_pictures

CONVOLUTIONS = [
    {"kernel_size": 3, "padding": 1},
    {"kernel_size": (3, 2), "stride": (2, 1), "padding": (0, 2), "dilation": (2, 3)},
    {"kernel_size": 3, "groups": 2, "bias": False},
    {"kernel_size": 4, "padding": "same", "dilation": 2},
    {"kernel_size": 2, "padding": "valid"},
]
POOLS = [
    nn.MaxPool2d(2),
    nn.MaxPool2d(3, 2, 1),
    nn.MaxPool2d(2, 1, dilation=2),
    nn.MaxPool2d(3, 2, ceil_mode=True),
    nn.AvgPool2d(2),
    nn.AvgPool2d(3, 2, 1),
    nn.AvgPool2d(3, 2, 1, count_include_pad=False),
    nn.AvgPool2d(3, 2, 1, ceil_mode=True),
    nn.AvgPool2d(3, 2, ceil_mode=True, divisor_override=5),
    nn.AdaptiveAvgPool2d(1),
    nn.AdaptiveAvgPool2d((3, None)),
]


@pytest.fixture(scope="module")
def digits() -> Training:
    return trained(pictures({"data.size": 16}))


def assert_adds_up(shown: Arithmetic) -> None:
    assert shown.total == pytest.approx(shown.output, rel=1e-4, abs=1e-5)
    assert shown.sums.sum(dtype=np.float64) + shown.rest + shown.bias == pytest.approx(shown.total, rel=1e-4, abs=1e-5)
    assert np.allclose(shown.products, shown.patch * shown.kernel, rtol=1e-5, atol=1e-7)
    assert np.allclose(shown.products.sum(axis=(1, 2)), shown.sums[: len(shown.products)], rtol=1e-4, atol=1e-5)
    assert np.all(shown.patch[:, shown.padded] == 0)


@pytest.mark.parametrize("data", [GREY, COLOUR], ids=["grey", "colour"])
@pytest.mark.parametrize("kind", KINDS)
def test_every_layer_that_can_be_asked_for_adds_up_at_its_first_and_last_place(kind, data):
    training = Training(on_pictures(kind, data))
    layers = computing(training.model)
    assert "output" in layers
    for layer in layers if len(layers) < 12 else (*layers[:4], *layers[-3:]):
        first = ArithmeticView(layer=layer).look(training)
        assert_adds_up(first)
        assert first.layers == layers
        shape = first.output_shape
        channels, rows, columns = {3: shape, 2: (shape[-1], shape[0], 1), 1: (*shape, 1, 1)}[len(shape)]
        last = ArithmeticView(layer=layer, channel=channels - 1, row=rows - 1, column=columns - 1)
        assert_adds_up(last.look(training))
        with pytest.raises(ValueError, match=f"{layer} has no output at channel {channels}, row 0, column 0"):
            ArithmeticView(layer=layer, channel=channels).look(training)
        with pytest.raises(ValueError, match="counted from 0"):
            ArithmeticView(layer=layer, row=rows).look(training)
        with pytest.raises(ValueError, match="counted from 0"):
            ArithmeticView(layer=layer, column=columns).look(training)


@pytest.mark.parametrize("settings", CONVOLUTIONS, ids=str)
def test_any_convolution_adds_up_anywhere(settings):
    torch.manual_seed(0)
    layer, x = nn.Conv2d(4, 6, **settings), torch.randn(4, 9, 8)
    assert_takes_apart(layer, x)


@pytest.mark.parametrize("layer", POOLS, ids=str)
def test_any_pool_adds_up_anywhere(layer):
    torch.manual_seed(0)
    assert_takes_apart(layer, torch.randn(3, 9, 8) - 2)


def assert_takes_apart(layer: nn.Module, x: torch.Tensor) -> None:
    with torch.no_grad():
        output = layer(x[None])[0]
    channels, rows, columns = output.shape
    for place in itertools.product(range(channels), range(rows), range(columns)):
        found = take_apart(layer, x, place)
        total = (found.patch * found.kernel).sum().item() + found.bias
        assert total == pytest.approx(output[place].item(), abs=1e-5)
        assert (len(found.rows), len(found.columns)) == tuple(found.patch.shape[1:])


def test_the_patch_is_what_the_convolution_sees(digits):
    shown = ArithmeticView(layer="conv2", subject=Subject(index=3), channel=5, row=0, column=2).look(digits)
    with torch.no_grad():
        x = digits.inputs(digits.parts.test.x[3:4])
        for name in ("conv1", "conv_act1", "pool1"):
            x = digits.model.get_submodule(name)(x)
        conv: Any = digits.model.get_submodule("conv2")
        padded = functional.pad(x, (1, 1, 1, 1))[0]
        true = conv(x)[0, 5, 0, 2].item()
    assert np.allclose(shown.patch, padded[:, 0:3, 2:5].numpy())
    assert np.allclose(shown.kernel, conv.weight[5].detach().numpy())
    assert shown.bias == pytest.approx(conv.bias[5].item())
    assert shown.output == pytest.approx(true, rel=1e-5)
    assert (shown.operation, shown.module, shown.place) == ("convolution", "Conv2d", (5, 0, 2))
    assert (shown.rows.tolist(), shown.columns.tolist()) == ([-1, 0, 1], [1, 2, 3])
    assert shown.padded.tolist() == [[True] * 3, [False] * 3, [False] * 3]
    assert shown.channels.tolist() == [0, 1, 2, 3]
    assert shown.input_shape == (4, 8, 8)


def test_many_channels_are_summed_up_and_the_largest_spelled_out(digits):
    few, every = (ArithmeticView(layer="conv2", channel=1, row=3, column=3, most=most).look(digits) for most in (2, 4))
    assert few.patch.shape == few.kernel.shape == (2, 3, 3)
    assert few.channels.tolist() == np.argsort(-np.abs(every.sums), kind="stable").tolist()
    assert np.array_equal(few.sums, every.sums[few.channels])
    assert np.array_equal(few.products, every.products[few.channels[:2]])


def test_a_dense_layer_sees_the_maps_before_it(digits):
    shown = ArithmeticView(layer="hidden1", channel=2).look(digits)
    hidden: Any = digits.model.get_submodule("hidden1")
    assert shown.input_shape == (6, 4, 4)
    assert np.allclose(shown.kernel, hidden.weight[2].detach().reshape(6, 4, 4).numpy())
    assert shown.operation == "dense"


def test_a_dense_layer_behind_another_sees_a_list():
    blocks = [{"channels": 6}, {"channels": 3}]
    model = {"model.blocks": blocks, "model.dense_sizes": [12], "model.activation": "identity"}
    shown = ArithmeticView(layer="output").look(Training(pictures(model)))  # 12 as 3 × 2 × 2 are
    assert shown.input_shape == (12, 1, 1)
    assert_adds_up(shown)


def test_a_long_list_is_sent_in_part():
    training = Training(pictures({"model.kind": "mlp", "model.hidden_sizes": [400], "model.activation": "tanh"}))
    shown = ArithmeticView(layer="output", channel=9).look(training)
    assert shown.patch.shape == (8, 1, 1)
    assert shown.channels.shape == shown.sums.shape == (256,)
    assert shown.rest != 0
    assert np.all(np.diff(np.abs(shown.sums)) <= 0)
    assert_adds_up(shown)


def test_the_largest_in_a_pool_wins(digits):
    shown = ArithmeticView(layer="pool1", channel=3, row=1, column=1).look(digits)
    assert shown.operation == "max"
    assert shown.kernel.sum() == 1
    assert shown.patch[0][shown.kernel[0] == 1] == shown.patch.max()
    assert shown.channels.tolist() == [3]


def test_a_layer_that_is_none_of_these(digits):
    for name in ("conv_act1", "nothing"):
        with pytest.raises(ValueError, match=f"no layer '{name}' to take apart; choose from conv1, pool1, conv2"):
            ArithmeticView(layer=name).look(digits)


def test_other_paddings_are_refused():
    layer = nn.Conv2d(1, 1, 3, padding=1, padding_mode="reflect")
    with pytest.raises(ValueError, match="pads with reflect"):
        take_apart(layer, torch.zeros(1, 5, 5), (0, 0, 0))
