"""Weights from a file: what fits is taken, what doesn't is said, what is hostile is refused."""

import pickle

import pytest
import torch
from safetensors.torch import save

from nets.training import Training
from nets.training.loading import NoWeights
from nets.training.state import capture
from tests.nets.experiments import small, trained


def test_a_whole_network_is_loaded():
    source, target = trained(small()), Training(small({"train.seed": 3}))
    assert target.load_weights(save(source.weights())) == "6 of 6 tensors loaded"
    assert target.model.state_dict().keys() == source.model.state_dict().keys()
    assert all(torch.equal(value, target.weights()[name]) for name, value in source.weights().items())
    assert target.metrics["test_loss"] == pytest.approx(target.measure()["test_loss"])


def test_a_checkpoint_is_a_file_of_weights_too():
    source, target = trained(small()), Training(small({"train.seed": 3}))
    assert target.load_weights(save(capture(source)[0])) == "6 of 6 tensors loaded"


def test_what_does_not_fit_is_named():
    source, target = trained(small()), Training(small({"model.hidden_sizes": [5, 4, 2]}))
    report = target.load_weights(save({**source.weights(), "extra": torch.zeros(2)}))
    assert report.startswith("3 of 8 tensors loaded; another shape: hidden2.weight (3×5 in the file, 4×5 here)")
    assert "not in the file: hidden3.weight, hidden3.bias" in report
    assert "in the file alone: extra" in report
    assert torch.equal(target.weights()["hidden1.weight"], source.weights()["hidden1.weight"])


@pytest.mark.parametrize(
    "content",
    [b"", b"no such file", pickle.dumps({"hidden1.weight": [1.0]}), save({}), b"\xff" * 100],
    ids=["empty", "text", "pickle", "no tensors", "bytes"],
)
def test_a_file_that_is_none_is_refused(content):
    training = Training(small())
    before = training.weights()
    with pytest.raises(NoWeights):
        training.load_weights(content)
    assert all(torch.equal(value, before[name]) for name, value in training.weights().items())


def test_weights_of_another_network_or_that_are_no_numbers_are_refused():
    training = Training(small())
    with pytest.raises(NoWeights, match=r"Nothing was loaded: not in the file: hidden1\.weight"):
        training.load_weights(save({"else": torch.zeros(3)}))
    broken = {**training.weights(), "output.bias": torch.tensor([float("nan")])}
    with pytest.raises(NoWeights, match=r"output\.bias holds numbers that are NaN"):
        training.load_weights(save(broken))
