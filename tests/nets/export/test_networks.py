"""The trained network for other programs: ONNX, and its weights alone."""

import dataclasses

import numpy as np
import onnx
import onnxruntime  # type: ignore[import-untyped]
import pytest
import torch
from safetensors import safe_open

from nets.architectures import ARCHITECTURES, learning_by
from nets.architectures.base import OUTPUT_ACTIVATIONS
from nets.architectures.sequence import SequenceConfig
from nets.architectures.table import TableNetworkConfig
from nets.experiment import Experiment, parse_json
from nets.export import CannotExport, export
from nets.export.networks import trained_network
from nets.training import Training
from tests.nets.experiments import pictures, small, trained
from tests.nets.export.scripts import finished

LIVELY = {"model.dropout": 0.2, "model.activation": "mish", "train.max_epochs": 1}
NORMS = {"vit": "layer", "transformer": "layer"}
WAVES = {"data.name": "sines", "data.num_steps": 100, "data.window": 6}


def lively(name: str) -> Experiment:
    """A network of each architecture, with everything in it, on data that it takes."""
    changes = {"model.kind": name, "model.norm": NORMS.get(name, "batch"), **LIVELY}
    config = ARCHITECTURES.get(name)
    if issubclass(config, TableNetworkConfig):
        return small({"data.name": "tips", "data.prepare.categories": "embedding", **changes})
    return small({**WAVES, **changes}) if issubclass(config, SequenceConfig) else pictures(changes)


NETWORKS = {
    **{name: lively(name) for name in learning_by("supervised")},
    "layer-norm": small({"model.norm": "layer", "model.activation": "gelu"}),
    "picture-layer-norm": pictures({"model.norm": "layer", "model.activation": "selu", "train.max_epochs": 1}),
    "log-softmax": small({"data.name": "blobs", "train.loss": "nll"}),
    "no-hidden-layer": small({"model.hidden_sizes": []}),
}


@pytest.mark.parametrize("name", NETWORKS)
def test_onnx_runtime_computes_what_the_network_does(name):
    source = finished(NETWORKS[name], with_weights=True)
    content = export(source, "onnx").content
    onnx.checker.check_model(onnx.load_from_string(content), full_check=True)
    session = onnxruntime.InferenceSession(content)
    network, training = trained_network(source), Training(source.experiment)
    examples = training.inputs(training.parts.test.x)
    assert session.get_inputs()[0].shape == ["batch", *examples.shape[1:]]
    for count in (1, 2, 7):
        x = examples[:count]
        (outputs,) = session.run(None, {"inputs": x.numpy()})
        assert isinstance(outputs, np.ndarray)
        np.testing.assert_allclose(outputs, network(x).detach().numpy(), atol=1e-5)


def test_the_onnx_file_says_what_it_is():
    source = finished(small({"train.max_epochs": 1}), with_weights=True)
    model = onnx.load_from_string(export(source, "onnx").content)
    facts = {pair.key: pair.value for pair in model.metadata_props}
    assert facts["run"] == source.run
    assert parse_json(facts["experiment"]) == source.experiment


@pytest.mark.parametrize("activation", OUTPUT_ACTIVATIONS)
def test_the_network_is_the_run_s(activation):
    changes = {"data.name": "blobs", "train.loss": "mse", "model.output_activation": activation}
    training = trained(small({**changes, "model.norm": "batch", "train.max_epochs": 1}))
    weights = {name: tensor.numpy() for name, tensor in training.weights().items()}
    source = dataclasses.replace(finished(training.experiment), weights=weights)
    x = training.parts.test.x
    assert torch.equal(trained_network(source)(x), training.model(x))


def test_weights_survive_safetensors(tmp_path):
    source = finished(pictures({"model.norm": "batch", "train.max_epochs": 1}), with_weights=True)
    file = tmp_path / "run.safetensors"
    file.write_bytes(export(source, "safetensors").content)
    with safe_open(file, framework="pt") as opened:
        tensors = {name: opened.get_tensor(name) for name in opened.keys()}  # noqa: SIM118 - it is no mapping
        facts = opened.metadata()
    assert facts["run"] == source.run
    assert parse_json(facts["experiment"]) == source.experiment
    model = Training(source.experiment).model
    model.load_state_dict(tensors)
    assert source.weights is not None
    for name, tensor in model.state_dict().items():
        assert np.array_equal(tensor.numpy(), source.weights[name]), name


@pytest.mark.parametrize("format", ["onnx", "safetensors"])
def test_without_weights_there_is_a_sentence(format):
    with pytest.raises(CannotExport, match="The weights of this run were not kept"):
        export(finished(small({"train.max_epochs": 1})), format)


def test_weights_of_another_network_are_refused_with_a_sentence():
    source = finished(small({"train.max_epochs": 1}), with_weights=True)
    other = dataclasses.replace(source, experiment=small({"model.hidden_sizes": [9]}))
    with pytest.raises(CannotExport, match="another network"):
        export(other, "onnx")
