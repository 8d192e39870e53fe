"""Convolution and pooling: every sum that is written out equals PyTorch's, every size its formula."""

from itertools import product

import numpy as np
import pytest
from torch import nn

from nets.concepts.convolution import KERNELS, SIZES, Convolution, Pool, kernel, output_size
from nets.concepts.pictures import PICTURES, WHITE, picture

WAYS = [
    (size, stride, padding, dilation)
    for size, stride, padding, dilation in product(SIZES, (1, 2, 3), (0, 1, 3), (1, 2, 3))
    if output_size(8, size, stride, padding, dilation)
]


@pytest.mark.parametrize(("size", "stride", "padding", "dilation"), WAYS)
def test_the_sum_written_out_is_torch_s_at_every_place(size, stride, padding, dilation):
    pixels = picture("digit 3")
    weights = np.random.default_rng(0).normal(size=(size, size)).astype(np.float32)
    convolution = Convolution(weights, stride, padding, dilation)
    sums = convolution.sums(pixels)
    assert sums.shape == convolution.size(pixels) == (output_size(8, size, stride, padding, dilation),) * 2
    padded = convolution.padded(pixels)
    for place in range(sums.size):
        step = convolution.step(pixels, place)
        assert (step.values * weights).sum() == pytest.approx(sums[step.row, step.column], abs=1e-3)
        assert (padded[np.ix_(step.rows, step.columns)] == step.values).all()
        assert place == step.row * sums.shape[1] + step.column


@pytest.mark.parametrize("kind", ["max", "average"])
@pytest.mark.parametrize(("window", "stride"), [(2, 2), (3, 1), (3, 2), (4, 3)])
def test_what_a_pool_keeps_is_kept_of_its_window(kind, window, stride):
    values = picture("digit 5") - 7
    pool = Pool(kind, window, stride)
    kept = pool.outputs(values)
    assert kept.shape == pool.size(values)
    for place in range(kept.size):
        step = pool.step(values, place)
        expected = step.values.max() if kind == "max" else step.values.mean()
        assert kept[step.row, step.column] == pytest.approx(expected)


def test_the_formula_gives_the_size_of_torch_s_own_layers():
    import torch

    for size, stride, padding, dilation in WAYS[::3]:
        layer = nn.Conv2d(1, 1, size, stride, padding, dilation)
        assert layer(torch.zeros(1, 1, 11, 11)).shape[-1] == output_size(11, size, stride, padding, dilation)
    assert output_size(4, 5) == 0
    assert output_size(5, 5) == 1


def test_the_activation_comes_after_the_sum():
    pixels, edge = picture("digit 0"), kernel("edge x", 3)
    sums = Convolution(edge).sums(pixels)
    assert sums.min() < 0 < sums.max()
    assert (Convolution(edge, activation="relu").outputs(sums) == np.maximum(sums, 0)).all()
    assert (Convolution(edge).outputs(sums) == sums).all()


@pytest.mark.parametrize("size", SIZES)
def test_well_known_kernels_do_what_they_are_called(size):
    pixels, padding = picture("flower"), size // 2

    def sums(name: str) -> np.ndarray:
        return Convolution(kernel(name, size), padding=padding).sums(pixels)

    assert sums("identity") == pytest.approx(pixels, abs=1e-4)
    inner = np.s_[padding:-padding, padding:-padding]
    assert sums("blur")[inner].std() < pixels[inner].std() < sums("sharpen")[inner].std()
    ramp = np.tile(np.arange(9, dtype=np.float32), (9, 1))
    assert (Convolution(kernel("edge x", size)).sums(ramp) > 0).all()
    assert Convolution(kernel("edge y", size)).sums(ramp) == pytest.approx(0, abs=1e-3)
    assert Convolution(kernel("edge y", size)).sums(ramp.T) == pytest.approx(
        Convolution(kernel("edge x", size)).sums(ramp)
    )
    for name in ("edge x", "edge y", "outline"):
        assert kernel(name, size).sum() == 0
    assert all(kernel(name, size).shape == (size, size) for name in KERNELS)


def test_a_place_beyond_the_last_is_the_last():
    convolution, pixels = Convolution(kernel("blur", 3), stride=2), picture("digit 1")
    step = convolution.step(pixels, 99)
    assert (step.row, step.column) == (2, 2)
    assert step.rows.tolist() == step.columns.tolist() == [4, 5, 6]


@pytest.mark.parametrize("name", PICTURES)
def test_pictures_hold_whole_numbers(name):
    pixels = picture(name)
    assert pixels.shape == {"ring": (16, 16), "flower": (32, 32)}.get(name, (8, 8))
    assert ((pixels >= 0) & (pixels <= WHITE) & (pixels == pixels.round())).all()
    assert pixels.max() > WHITE / 2
    with pytest.raises(ValueError, match="read-only"):
        pixels[0, 0] = 1


def test_what_does_not_fit_is_refused():
    pixels = picture("digit 0")
    with pytest.raises(ValueError, match="reaches over 13 cells and the picture has 8 with its padding"):
        Convolution(kernel("blur", 5), dilation=3).sums(pixels)
    with pytest.raises(ValueError, match="sees 4×4 cells, and there are 2×2 only"):
        Pool("max", 4, 1).outputs(pixels[:2, :2])
    with pytest.raises(ValueError, match="as many rows as columns"):
        Convolution(np.zeros((2, 3)))
    with pytest.raises(ValueError, match="holds numbers alone"):
        Convolution(np.array([[np.nan]]))
    with pytest.raises(ValueError, match="at least 1"):
        Convolution(np.ones((1, 1)), stride=0)
    with pytest.raises(ValueError, match="no kernel 'blurr'"):
        kernel("blurr", 3)
    with pytest.raises(ValueError, match="no picture 'cat'"):
        picture("cat")
