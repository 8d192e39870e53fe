"""Predictions of one cell of the confusion matrix, and what else each picture may be."""

import dataclasses

import numpy as np
import pytest
import torch

from nets.training import Training
from nets.views.confusion import ConfusionView
from nets.views.predictions import PredictionsView
from tests.nets.experiments import pictures, small, trained
from tests.nets.views.vision import COLOUR, on_pictures


@pytest.fixture(scope="module")
def learnt() -> Training:
    return trained(pictures({"train.max_epochs": 6}))


def test_a_cell_of_the_confusion_matrix_has_its_pictures(learnt):
    counts = ConfusionView().look(learnt).counts
    for actual, predicted in [*np.argwhere(counts)[:12], *np.argwhere(counts == 0)[:2]]:
        shown = PredictionsView(count=100, actual=int(actual), predicted=int(predicted)).look(learnt)
        assert len(shown.indices) == min(100, counts[actual, predicted])
        assert set(shown.actual) <= {actual}
        assert set(shown.predicted) <= {predicted}
        assert np.array_equal(shown.pictures, learnt.split.test_x[shown.indices, 0])


def test_a_filter_keeps_the_order(learnt):
    every = PredictionsView(order="hardest", count=100).look(learnt)
    kind = int(every.actual[0])
    found = PredictionsView(order="hardest", count=100, actual=kind).look(learnt)
    hardest = every.indices[every.actual == kind]
    assert len(hardest) > 1
    assert np.array_equal(found.indices[: len(hardest)], hardest)
    wrong = PredictionsView(order="wrong", count=100, predicted=1).look(learnt)
    assert np.all(wrong.predicted == 1)
    assert np.all(wrong.actual != 1)


def test_only_so_many_are_looked_at(learnt):
    shown = PredictionsView(count=100, actual=3, among=40).look(learnt)
    assert np.array_equal(shown.indices, np.flatnonzero(learnt.split.test_y[:40] == 3))


def test_the_likeliest_classes_come_first(learnt):
    shown = PredictionsView(count=20).look(learnt)
    with torch.no_grad():
        shares = learnt.predict(learnt.parts.test.x[:20]).softmax(dim=1).numpy()
    assert np.allclose(shown.top_shares, -np.sort(-shares, axis=1)[:, :5], atol=1e-6)
    assert np.array_equal(shown.top_classes, np.argsort(-shares, axis=1, kind="stable")[:, :5])
    assert np.array_equal(shown.top_classes[:, 0], shown.predicted)
    assert np.array_equal(shown.top_shares[:, 0], shown.confidence)


def test_of_two_classes_there_are_two():
    training = Training(on_pictures("mlp", COLOUR | {"classes": ["circle", "square"]}))
    shown = PredictionsView(count=5).look(training)
    assert shown.top_classes.shape == (5, 2)
    assert np.allclose(shown.top_shares.sum(axis=1), 1)
    assert np.array_equal(shown.pictures, training.split.test_x[:5].transpose(0, 2, 3, 1))


@pytest.mark.parametrize(("count", "side"), [(100, 32), (9, 94), (1, 96)])
def test_large_pictures_are_shrunk_and_the_more_there_are_the_smaller(count, side):
    training = Training(pictures())
    x = torch.arange(100, dtype=torch.uint8)[:, None, None, None].expand(100, 1, 256, 128)
    training.parts = dataclasses.replace(training.parts, test=dataclasses.replace(training.parts.test.first(100), x=x))
    training.model = torch.nn.Sequential(torch.nn.AdaptiveAvgPool2d(1), torch.nn.Flatten(), torch.nn.Linear(1, 10))
    shown = PredictionsView(count=count).look(training)
    assert shown.pictures.shape == (count, side, side // 2)
    assert shown.pictures.dtype == np.uint8
    assert (shown.pictures == np.arange(count)[:, None, None]).all()


def test_there_is_no_class_after_the_last(learnt):
    with pytest.raises(ValueError, match="predicted is class 10; the 10 classes count from 0 to 9"):
        PredictionsView(predicted=10).look(learnt)


def test_points_are_no_pictures():
    with pytest.raises(ValueError, match="no pictures"):
        PredictionsView().look(Training(small()))
