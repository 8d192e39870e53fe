"""Every way that residual networks and vision transformers can be set up, as a script and for other programs."""

import ast

import numpy as np
import onnxruntime  # type: ignore[import-untyped]
import pytest
import torch
from torchvision.models import get_model, get_model_weights

from nets.export import export
from nets.export.networks import trained_network
from tests.nets.experiments import pictures
from tests.nets.export.scripts import finished, text_of

ONE = {"train.max_epochs": 1}
RESNET = {"model.kind": "resnet", "model.width": 4, "model.depths": [1, 2], **ONE}
VIT = {"model.kind": "vit", "model.d_model": 8, "model.num_heads": 2, "model.num_layers": 2, **ONE}
IMAGENET = {"model.kind": "torchvision", **ONE}
NETWORKS = {
    "bottleneck": {**RESNET, "model.block": "bottleneck", "model.stem": "large", "model.activation": "tanh"},
    "plain": {**RESNET, "model.skip": False, "model.norm": "layer", "model.initializer": "kaiming_normal"},
    "without-norm": {**RESNET, "model.norm": "none", "model.dropout": 0.3, "model.initializer": "normal"},
    "token": {**VIT, "model.readout": "token", "model.activation": "relu", "model.initializer": "orthogonal"},
    "mean": {
        **VIT,
        "model.readout": "mean",
        "model.dropout": 0.3,
        "model.initializer": "default",
        "model.d_model": 9,
        "model.num_heads": 3,
        "model.activation": "silu",
    },
    "imagenet": {
        **IMAGENET,
        "model.size": 12,
        "model.norm": "layer",
        "model.initializer": "xavier_uniform",
        "model.activation": "elu",
        "model.dropout": 0.3,
        "train.loss": "nll",
    },
}


def test_scripts_end_with_the_run_s_numbers(elsewhere):
    elsewhere.assert_alike({name: pictures(changes) for name, changes in NETWORKS.items()})


@pytest.mark.parametrize("name", NETWORKS)
def test_onnx_runtime_computes_what_the_network_does(name):
    source = finished(pictures(NETWORKS[name]), with_weights=True)
    session = onnxruntime.InferenceSession(export(source, "onnx").content)
    network = trained_network(source)
    for count in (1, 5):
        x = torch.randn(count, 1, 8, 8)
        (outputs,) = session.run(None, {"inputs": x.numpy()})
        np.testing.assert_allclose(outputs, network(x).detach().numpy(), atol=1e-4, rtol=1e-4)


def test_a_script_builds_a_deep_network_with_one_line_a_block():
    text = text_of(finished(pictures({**RESNET, "model.depths": [5, 5], "train.max_epochs": 1})))
    assert text.count("class BasicBlock(nn.Module):") == 1
    assert text.count("    BasicBlock(") == 10
    assert "class Bottleneck" not in text
    assert "nets" not in {node.module for node in ast.walk(ast.parse(text)) if isinstance(node, ast.ImportFrom)}


def test_a_script_starts_from_pretrained_weights_where_torchvision_keeps_them(tmp_path, monkeypatch):
    monkeypatch.setenv("PLAYGROUND_HOME", str(tmp_path))
    file = get_model_weights("resnet18").DEFAULT.url.rpartition("/")[2]
    (tmp_path / "models").mkdir()
    torch.save(get_model("resnet18").state_dict(), tmp_path / "models" / file)
    source = finished(pictures({**IMAGENET, "model.pretrained": True, "data.train_share": 0.1}))
    text = text_of(source)
    assert str(tmp_path) not in text
    torch_home = tmp_path / "hub" / "checkpoints"
    torch_home.mkdir(parents=True)
    (tmp_path / "models" / file).rename(torch_home / file)
    monkeypatch.setattr("torch.hub.get_dir", lambda: str(tmp_path / "hub"))
    scope: dict[str, object] = {}
    exec(compile(text, "script", "exec"), scope)
    assert scope["metrics"] == dict(source.metrics)
