"""Filters are the first layer's weights; the likeliest classes are the network's own."""

import numpy as np
import pytest
import torch

from nets.training import Training
from nets.views.filters import BYTES, Filters, FiltersView
from nets.views.subject import Subject, pixels_of
from nets.views.top_classes import TopClassesView
from tests.nets.experiments import pictures, small, trained
from tests.nets.views.vision import COLOUR, GREY, on_pictures, spoil


def restored(shown: Filters) -> np.ndarray:
    """The weights that the bytes stand for."""
    scales = shown.scales.reshape(-1, *[1] * (shown.pictures.ndim - 1))
    return (shown.pictures.astype(np.float32) - 127) / 127 * scales


@pytest.mark.parametrize(
    ("kind", "layer"), [("cnn", "conv1"), ("resnet", "stem1"), ("vit", "patches.conv"), ("mlp", "hidden1")]
)
def test_grey_filters_are_the_first_weights(kind, layer):
    training = Training(on_pictures(kind, GREY))
    shown, weights = FiltersView().look(training), training.weights()[f"{layer}.weight"]
    expected = weights.reshape(len(weights), 1, 16, 16) if kind == "mlp" else weights
    assert (shown.layer, shown.shape) == (layer, tuple(expected.shape))
    assert shown.pictures.dtype == np.uint8
    assert np.abs(restored(shown) - expected[:64, 0].numpy()).max() <= shown.scales.max() / 127 * 0.51
    assert np.allclose(shown.scales, expected[:64].abs().amax(dim=(1, 2, 3)).numpy())


@pytest.mark.parametrize(("kind", "layer"), [("cnn", "conv1"), ("torchvision", "conv1"), ("vit", "patches.conv")])
def test_colour_filters_are_in_colour(kind, layer):
    training = Training(on_pictures(kind, COLOUR))
    shown, weights = FiltersView().look(training), training.weights()[f"{layer}.weight"]
    expected = weights.permute(0, 2, 3, 1)[:64].numpy()
    assert shown.pictures.shape == expected.shape
    assert np.abs(restored(shown) - expected).max() <= shown.scales.max() / 127 * 0.51


def test_many_large_filters_fit():
    training = Training(on_pictures("mlp", COLOUR))
    training.model.register_module("hidden1", torch.nn.Linear(3 * 32 * 32, 64))
    shown = FiltersView(most=256).look(training)
    assert shown.pictures.shape == (64, 16, 16, 3)
    assert shown.pictures.nbytes <= BYTES
    means = training.weights()["hidden1.weight"].reshape(64, 3, 16, 2, 16, 2).mean(dim=(3, 5)).permute(0, 2, 3, 1)
    assert np.abs(restored(shown) - means.numpy()).max() <= shown.scales.max() / 127 * 0.51


def test_filters_can_share_one_scale():
    training = Training(pictures())
    by_filter, by_layer = FiltersView().look(training), FiltersView(scale="layer").look(training)
    assert set(by_layer.scales) == {by_filter.scales.max()}
    assert len(FiltersView(most=2).look(training).pictures) == 2


def test_filters_of_zeros_are_grey():
    training = Training(pictures())
    spoil(training, 0.0)
    shown = FiltersView().look(training)
    assert set(shown.pictures.flatten()) == {127}


def test_where_no_layer_sees_a_picture():
    with pytest.raises(ValueError, match="no layer of this network sees a picture"):
        FiltersView().look(Training(small()))


def test_the_likeliest_classes():
    training = trained(pictures())
    shown = TopClassesView(subject=Subject(index=4), count=3).look(training)
    with torch.no_grad():
        shares = training.predict(training.parts.test.x[4:5]).softmax(dim=1)[0]
    assert shown.classes.tolist() == shares.argsort(descending=True)[:3].tolist()
    assert np.allclose(shown.shares, shares.sort(descending=True).values[:3].numpy(), atol=1e-6)
    assert shown.actual == training.split.test_y[4]
    assert np.array_equal(shown.picture, training.split.test_x[4, 0])
    given = TopClassesView(subject=Subject(pixels=pixels_of(training.split.test_x[4])), count=3).look(training)
    assert np.array_equal(given.shares, shown.shares)
    assert given.actual is None


def test_there_are_no_more_classes_than_there_are():
    assert len(TopClassesView(count=100).look(Training(pictures())).classes) == 10
