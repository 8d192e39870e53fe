"""The plane is the one in which the last hidden layer's examples differ most, and it does not flip."""

import itertools

import numpy as np
import pytest
import torch

from nets.training import Controls, EpochDone, Training
from nets.views.embedding import EmbeddingView, directions, hidden_of, principal_plane, turned
from tests.nets.experiments import pictures, small, trained
from tests.nets.views.vision import GREY, KINDS, on_pictures, spoil


@pytest.fixture(scope="module")
def digits() -> Training:
    return trained(pictures({"train.max_epochs": 6}))


def distances(xy: np.ndarray) -> np.ndarray:
    return np.linalg.norm(xy[:, None] - xy[None], axis=2)


@pytest.mark.parametrize("kind", KINDS)
def test_it_looks_at_what_the_output_layer_is_given(kind):
    training = Training(on_pictures(kind, GREY))
    heard: list[torch.Tensor] = []
    handle = training.model.get_submodule("output").register_forward_pre_hook(lambda _, args: heard.append(args[0]))
    with torch.no_grad():
        training.predict(training.parts.test.x[:40])
    handle.remove()
    layer, hidden, shares = hidden_of(training, 40)
    assert layer == "output"
    assert torch.allclose(hidden.float() * heard[0].abs().max(), heard[0], rtol=1e-4, atol=1e-5)
    with torch.no_grad():
        expected = training.predict(training.parts.test.x[:40]).softmax(dim=1)
    assert torch.allclose(shares, expected, atol=1e-5)


def test_the_plane_keeps_the_distances_of_the_first_two_principal_components(digits):
    shown = EmbeddingView(count=200).look(digits)
    hidden = hidden_of(digits, 200)[1].numpy()
    centred = hidden - hidden.mean(axis=0)
    _, strengths, axes = np.linalg.svd(centred, full_matrices=False)
    expected = distances(centred @ axes[:2].T)
    found = distances(shown.xy)
    assert np.allclose(found / found.max(), expected / expected.max(), atol=1e-4)
    assert shown.explained == pytest.approx((strengths[:2] ** 2).sum() / (strengths**2).sum())
    assert shown.xy.dtype == np.float32
    assert np.abs(shown.xy).max() == pytest.approx(1)
    assert (shown.layer, shown.width) == ("output", 12)


def test_every_point_has_its_classes(digits):
    shown = EmbeddingView(count=90).look(digits)
    assert shown.indices.tolist() == list(range(90))
    assert np.array_equal(shown.labels, digits.split.test_y[:90])
    with torch.no_grad():
        predicted = digits.predict(digits.parts.test.x[:90]).argmax(dim=1)
    assert np.array_equal(shown.predicted, predicted.numpy())


@pytest.mark.parametrize("shape", [(50, 6), (6, 50), (40, 1)])
def test_wide_and_narrow_layers_alike(shape):
    points = torch.from_numpy(np.random.default_rng(1).normal(size=shape))
    plane, explained = principal_plane(points)
    centred = (points - points.mean(dim=0)).numpy()
    _, strengths, axes = np.linalg.svd(centred, full_matrices=False)
    expected = centred @ axes[:2].T
    assert np.allclose(np.abs(plane.numpy()[:, : expected.shape[1]]), np.abs(expected), atol=1e-8)
    assert plane.shape == (shape[0], 2)
    assert explained == pytest.approx((strengths[:2] ** 2).sum() / (strengths**2).sum())


@pytest.mark.parametrize("classes", [2, 3, 10])
def test_however_the_components_come_out_the_picture_is_the_same(classes):
    rng = np.random.default_rng(2)
    labels = torch.from_numpy(rng.integers(0, classes, 60))
    anchors = directions(labels, classes, torch.from_numpy(rng.normal(size=60)))
    points = anchors + torch.from_numpy(rng.normal(size=(60, 2)))
    first = turned(points, anchors)
    for change in ([[-1.0, 0], [0, 1]], [[0.0, 1], [1, 0]], [[0.6, -0.8], [0.8, 0.6]]):
        assert torch.allclose(turned(points @ torch.tensor(change).double(), anchors), first)
    assert ((first * (anchors - anchors.mean(dim=0))).sum(dim=0) > 0).all()


@pytest.mark.parametrize("model", [{}, {"model.kind": "mlp", "model.hidden_sizes": [30, 8]}])
def test_it_does_not_flip_while_the_network_learns(model):
    training = Training(pictures({**model, "train.max_epochs": 8}))
    shown = [
        EmbeddingView(count=150).look(training).xy.ravel()
        for event in training.events(Controls())
        if isinstance(event, EpochDone)
    ]
    alike = [np.corrcoef(before, after)[0, 1] for before, after in itertools.pairwise(shown[2:])]
    assert min(alike) > 0.9


def test_tsne_keeps_neighbours_together(digits):
    shown = EmbeddingView(method="tsne", count=1000).look(digits)
    again = EmbeddingView(method="tsne", count=1000).look(digits)
    assert np.array_equal(shown.xy, again.xy)
    assert len(shown.xy) == 300
    assert shown.explained is None
    hidden = distances(hidden_of(digits, 300)[1].numpy()) + np.eye(300) * 1e9
    nearest = hidden.argmin(axis=1)
    apart = distances(shown.xy)
    assert np.median(apart[np.arange(300), nearest]) < 0.2 * np.median(apart)


@pytest.mark.parametrize("method", ["pca", "tsne"])
@pytest.mark.parametrize(("count", "weight"), [(2, None), (3, None), (20, None), (30, 0.0)])
def test_few_examples_and_such_as_look_all_alike(method, count, weight):
    training = Training(pictures())
    if weight is not None:
        spoil(training, weight)
    shown = EmbeddingView(method=method, count=count).look(training)
    assert shown.xy.shape == (count, 2)
    assert np.isfinite(shown.xy).all()
    assert np.abs(shown.xy).max() <= 1


def test_slow_ways_are_gone_less_often():
    assert 0 < EmbeddingView().every_seconds < EmbeddingView(method="tsne").every_seconds


def test_values_to_predict_have_no_classes():
    with pytest.raises(ValueError, match="values to predict"):
        EmbeddingView().look(Training(small({"data.name": "plane"})))
