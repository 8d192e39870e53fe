"""The confusion matrix counts what it says."""

import numpy as np
import pytest
import torch
from sklearn.metrics import confusion_matrix, f1_score

from nets.training import Training
from nets.views.confusion import ConfusionView
from tests.nets.experiments import pictures, small, trained
from tests.nets.views.vision import spoil


@pytest.fixture(scope="module")
def learnt() -> Training:
    return trained(pictures({"train.max_epochs": 4}))


def predictions(training: Training, count: int) -> tuple[np.ndarray, np.ndarray]:
    with torch.no_grad():
        outputs = training.predict(training.parts.test.x[:count])
    return training.parts.test.labels[:count].numpy(), outputs.argmax(dim=1).numpy()


def test_it_counts_every_pair_of_true_and_predicted_class(learnt):
    shown = ConfusionView().look(learnt)
    actual, predicted = predictions(learnt, 2048)
    assert np.array_equal(shown.counts, confusion_matrix(actual, predicted, labels=range(10)))
    assert shown.counts.dtype == np.int32
    assert shown.looked_at == shown.available == len(actual)
    assert shown.accuracy == pytest.approx(learnt.metrics["test_accuracy"])


def test_precision_recall_and_f1_follow_from_the_counts(learnt):
    shown = ConfusionView().look(learnt)
    right = np.diag(shown.counts)
    precision = right / np.maximum(1, shown.counts.sum(axis=0))
    recall = right / np.maximum(1, shown.counts.sum(axis=1))
    assert np.allclose(shown.precision, precision)
    assert np.allclose(shown.recall, recall)
    assert np.allclose(shown.f1, 2 * precision * recall / np.maximum(1e-9, precision + recall))
    assert np.array_equal(shown.support, shown.counts.sum(axis=1))
    actual, predicted = predictions(learnt, 2048)
    assert shown.macro_f1 == pytest.approx(f1_score(actual, predicted, average="macro"))


def test_it_looks_at_so_many_and_says_how_many_there_are(learnt):
    shown = ConfusionView(count=70).look(learnt)
    actual, predicted = predictions(learnt, 70)
    assert shown.looked_at == 70 == shown.counts.sum()
    assert shown.available == len(learnt.parts.test)
    assert np.array_equal(shown.counts, confusion_matrix(actual, predicted, labels=range(10)))


def test_a_class_that_is_nowhere_counts_for_nothing(learnt):
    shown = ConfusionView(count=1).look(learnt)
    assert shown.support.sum() == 1
    assert shown.f1.sum() in (0, 1)
    assert shown.macro_f1 == (1.0 if shown.accuracy else 0.0)


def test_a_network_that_says_one_thing_alone():
    training = Training(pictures())
    spoil(training, float("nan"))
    shown = ConfusionView().look(training)
    assert np.count_nonzero(shown.counts.sum(axis=0)) == 1


def test_two_classes_from_one_output():
    training = trained(small({"train.loss": "bce"}))
    shown = ConfusionView().look(training)
    assert shown.counts.shape == (2, 2)
    assert shown.accuracy == pytest.approx(training.metrics["test_accuracy"])


def test_values_to_predict_have_no_classes():
    with pytest.raises(ValueError, match="values to predict, not classes"):
        ConfusionView().look(Training(small({"data.name": "plane"})))
