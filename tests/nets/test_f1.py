"""F1 is scikit-learn's number, and networks with several labels an example learn by bce alone."""

import numpy as np
import pytest
import torch
from sklearn.metrics import f1_score

from nets.datasets.base import DataInfo
from nets.f1 import accuracy_and_f1, f1_of_labels
from nets.losses import LOSSES, resolve

LABELS = DataInfo("multilabel", (4,), 3, ("red", "green", "blue"))


@pytest.mark.parametrize("classes", [2, 3, 7])
def test_accuracy_and_f1_is_that_of_scikit_learn(classes):
    rng = np.random.default_rng(classes)
    actual, predicted = rng.integers(0, classes - 1, 50), rng.integers(0, classes - 1, 50)
    expected = f1_score(actual, predicted, average="macro")
    found = accuracy_and_f1(torch.from_numpy(predicted), torch.from_numpy(actual), classes)
    assert found == pytest.approx(((predicted == actual).mean(), expected))


def test_f1_of_labels_is_that_of_scikit_learn():
    rng = np.random.default_rng(0)
    actual, predicted = rng.integers(0, 2, (50, 4)), rng.integers(0, 2, (50, 4))
    macro, micro = f1_of_labels(torch.from_numpy(predicted), torch.from_numpy(actual).float())
    assert macro == pytest.approx(f1_score(actual, predicted, average="macro"))
    assert micro == pytest.approx(f1_score(actual, predicted, average="micro"))


def test_labels_that_never_occur_count_for_nothing():
    assert f1_of_labels(torch.zeros(5, 2), torch.zeros(5, 2)) == (0.0, 0.0)
    both = torch.tensor([[1.0, 0.0], [0.0, 0.0]])
    assert f1_of_labels(both, both) == (1.0, 1.0)


def test_several_labels_have_each_its_own_share():
    loss = resolve("auto", LABELS).bind(LABELS)
    outputs = torch.tensor([[2.0, -1.0, 3.0], [-0.5, -0.5, -0.5]])
    assert loss.loss.name == "bce"
    assert loss.loss.num_outputs(LABELS) == 3
    assert torch.equal(loss.predicted(outputs), torch.tensor([[1, 0, 1], [0, 0, 0]]))
    assert torch.allclose(loss.shares(outputs), 1 / (1 + (-outputs).exp()))
    expected = -torch.log(torch.tensor([0.5])).item()
    assert loss(torch.zeros(2, 3), loss.targets(torch.ones(2, 3))).item() == pytest.approx(expected)


def test_no_other_loss_takes_several_labels():
    assert [loss.name for loss in LOSSES if loss.encoding("multilabel")] == ["bce"]
