"""Classes that count more while training: the numbers are the formulas, and what does not fit is refused by name."""

import pytest
import torch
from torch.nn import functional

from nets.datasets.base import DataInfo
from nets.losses import resolve
from nets.views.rows import answers_of
from tests.nets.experiments import problems_of, settings, small, trained

WEIGHED = "train.objective"


def weights(*values: float) -> dict[str, object]:
    return {WEIGHED: {"kind": "supervised", "class_weights": list(values)}}


def test_two_classes_weigh_the_same_with_either_loss():
    info = DataInfo("binary", (2,), 2, ("a", "b"))
    outputs, labels = torch.randn(20, 1, generator=torch.Generator().manual_seed(0)), torch.arange(20) % 3 // 2
    sigmoid = resolve("bce", info).bind(info)
    found = sigmoid.weighted(outputs, sigmoid.targets(labels), (0.5, 2.0))
    softmax = resolve("cross_entropy", info).bind(info)
    same = softmax.weighted(torch.cat([torch.zeros_like(outputs), outputs], dim=1), labels, (0.5, 2.0))
    assert found.item() == pytest.approx(same.item(), rel=1e-5)


def test_a_label_counts_where_it_is_true():
    info = DataInfo("multilabel", (2,), 2, ("a", "b"))
    loss = resolve("auto", info).bind(info)
    outputs, labels = torch.tensor([[0.3, -0.2]]), torch.tensor([[1.0, 0.0]])
    each = functional.binary_cross_entropy_with_logits(outputs, labels, reduction="none")
    expected = (3 * each[0, 0] + each[0, 1]).item() / 2
    assert loss.weighted(outputs, labels, (3.0, 9.0)).item() == pytest.approx(expected)


def test_a_rare_class_is_found_more_often():
    rare = settings({"data.name": "wine", "model.hidden_sizes": [4], "train.max_epochs": 6})
    plain, weighted = trained(small({}, rare)), trained(small(weights(1, 1, 50), rare))
    said = [int((answers_of(found, found.split.test_x).argmax(axis=1) == 2).sum()) for found in (plain, weighted)]
    assert said[1] > said[0]


@pytest.mark.parametrize(
    "changes",
    [
        {"data.name": "wine", **weights(1, 2)},
        {"data.name": "tips", **weights(1.0)},
        {"data.name": "wine", "train.loss": "mse", **weights(1, 2, 3)},
    ],
)
def test_weights_that_do_not_fit_are_refused_by_name(changes):
    assert list(problems_of(settings(changes))) == [f"{WEIGHED}.class_weights"]
