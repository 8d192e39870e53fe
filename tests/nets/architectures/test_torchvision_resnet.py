"""Torchvision's residual networks: the same as there, for grey pictures too; pretrained weights, here and missing."""

from urllib.error import URLError

import pytest
import torch
from torch import Tensor, nn
from torchvision.models import get_model, get_model_weights

from nets.architectures import CannotBuild
from nets.architectures.torchvision_resnet import DEPTHS, TorchvisionResNet
from nets.modules.imagenet import IMAGENET_MEAN, IMAGENET_STD, ImageNetInput
from nets.problems import InvalidExperiment
from nets.training import Training
from nets.training.loading import load_weights
from tests.nets.architectures.looking import built, left_behind, number_of_parameters, pictures_of
from tests.nets.experiments import SMALL_PICTURES, problems_of, settings, small, trained

COLOUR = pictures_of(3, 32, 32)
GREY = pictures_of(1, 16, 16)
IMAGENET = {**SMALL_PICTURES, "model": {"kind": "torchvision"}}
PRETRAINED = {**SMALL_PICTURES, "model": {"kind": "torchvision", "pretrained": True}}


def of_imagenet(variant: str = "resnet18") -> dict[str, Tensor]:
    """Weights as torchvision's file for a network holds them."""
    torch.manual_seed(5)
    model = get_model(variant)
    for module in model.modules():
        if isinstance(module, nn.BatchNorm2d) and module.running_mean is not None:
            nn.init.uniform_(module.running_mean)
    return model.state_dict()


def standardized(x: Tensor) -> Tensor:
    """Pictures from -1 to 1 as torchvision's own preprocessing gives them."""
    mean, std = (torch.tensor(values)[:, None, None] for values in (IMAGENET_MEAN, IMAGENET_STD))
    return ((x + 1) / 2 - mean) / std


def test_the_names_of_weights_are_torchvision_s_but_for_the_output():
    for variant in ("resnet18", "resnet50"):
        model = built(TorchvisionResNet(variant=variant), COLOUR)
        theirs = {name: value.shape for name, value in get_model(variant).state_dict().items() if name[:3] != "fc."}
        ours = {name: value.shape for name, value in model.state_dict().items() if not name.startswith("output.")}
        assert ours == theirs
        assert model.state_dict()["output.weight"].shape == (
            10,
            theirs["layer4.1.bn2.weight"][0] * (4 if variant == "resnet50" else 1),
        )


def test_it_computes_what_torchvision_s_does():
    model, theirs = built(TorchvisionResNet(), COLOUR), get_model("resnet18", num_classes=10).eval()
    theirs.load_state_dict({name.replace("output.", "fc."): value for name, value in model.state_dict().items()})
    x = torch.rand(4, 3, 32, 32) * 2 - 1
    assert torch.allclose(model(x), theirs(standardized(x)), atol=1e-4)


def test_a_grey_picture_is_shown_three_times_over():
    model = built(TorchvisionResNet(), GREY)
    x = torch.rand(4, 1, 16, 16) * 2 - 1
    assert torch.equal(model(x), model(x.expand(-1, 3, -1, -1)))


def test_the_input_is_of_imagenet_s_mean_and_deviation():
    x = torch.rand(2, 3, 4, 4) * 2 - 1
    assert torch.allclose(ImageNetInput()(x), standardized(x), atol=1e-6)
    assert ImageNetInput(7)(x).shape == (2, 3, 7, 7)
    assert torch.allclose(
        ImageNetInput(8)(torch.ones(1, 1, 4, 4))[0, :, 3, 3], standardized(torch.ones(3, 1, 1))[:, 0, 0]
    )


def test_every_activation_is_the_chosen_one():
    modules = list(built(TorchvisionResNet(activation="silu"), COLOUR).modules())
    assert sum(isinstance(module, nn.SiLU) for module in modules) == 9, "one of the stem, one of each block"
    assert not any(isinstance(module, nn.ReLU) for module in modules)
    relu, silu = (built(TorchvisionResNet(activation=name), COLOUR) for name in ("relu", "silu"))
    silu.load_state_dict(relu.state_dict())
    x = torch.randn(2, 3, 32, 32)
    assert not torch.allclose(relu(x), silu(x), atol=1e-3)


def test_layer_norm_stands_for_every_batch_norm():
    modules = list(built(TorchvisionResNet(norm="layer"), COLOUR).modules())
    assert sum(isinstance(module, nn.GroupNorm) for module in modules) == 20
    assert not any(isinstance(module, nn.BatchNorm2d) for module in modules)


@pytest.mark.parametrize("variant", DEPTHS)
def test_the_number_of_weights_is_the_one_torchvision_states(variant):
    stated = get_model_weights(variant).DEFAULT.meta["num_params"]
    assert TorchvisionResNet(variant=variant).room(COLOUR, 1000).parameters == stated


@pytest.mark.parametrize("variant", ["resnet18", "resnet50"])
@pytest.mark.parametrize("size", [None, 40])
def test_what_it_holds_is_known_before_it_is_built(variant, size):
    config = TorchvisionResNet(variant=variant, size=size)
    model = built(config, GREY)
    assert config.room(GREY, 10).parameters == number_of_parameters(model)
    held = left_behind(model, torch.zeros(1, 1, 16, 16))
    assert held <= config.room(GREY, 10).activations <= 1.5 * held


@pytest.mark.parametrize(
    ("shape", "changes", "field", "message"),
    [
        ((4,), {}, "kind", "pick mlp"),
        ((2, 16, 16), {}, "kind", "these pictures have 2; pick resnet"),
        ((1, 16, 16), {"pretrained": True, "activation": "gelu"}, "activation", "take relu, or switch pretrained off"),
        ((1, 16, 16), {"pretrained": True, "norm": "layer"}, "norm", "take batch, or switch pretrained off"),
        ((1, 16, 16), {"pretrained": True, "initializer": "zeros"}, "initializer", "zeros would overwrite"),
    ],
)
def test_what_it_can_not_be_built_for_is_refused(shape, changes, field, message):
    with pytest.raises(CannotBuild, match=message) as caught:
        TorchvisionResNet(**changes).check(pictures_of(*shape))
    assert caught.value.field == field


def test_other_names_and_no_normalization_are_refused():
    assert "choose from resnet18" in problems_of(settings({"model.variant": "resnet19"}, IMAGENET))["model.variant"]
    assert list(problems_of(settings({"model.norm": "none"}, IMAGENET))) == ["model.norm"]


def test_the_same_seed_gives_the_same_weights_and_another_seed_others():
    first, again, other = (built(TorchvisionResNet(), GREY, seed=seed).state_dict() for seed in (3, 3, 4))
    assert all(torch.equal(value, again[name]) for name, value in first.items())
    assert not torch.equal(first["layer2.0.conv1.weight"], other["layer2.0.conv1.weight"])


def test_weights_for_torchvision_load_by_name():
    model, weights = built(TorchvisionResNet(), GREY), of_imagenet()
    found = load_weights(model, weights)
    assert found.other_shape == ()
    assert set(found.missing) == {"output.weight", "output.bias"}
    assert set(found.unknown) == {"fc.weight", "fc.bias"}


def test_pretrained_weights_come_from_the_folder_of_models(tmp_path, monkeypatch):
    monkeypatch.setenv("PLAYGROUND_HOME", str(tmp_path))
    url = get_model_weights("resnet18").DEFAULT.url
    (tmp_path / "models").mkdir()
    torch.save(of_imagenet(), tmp_path / "models" / url.rpartition("/")[2])
    weights = Training(small({}, PRETRAINED)).weights()
    for name, value in of_imagenet().items():
        if not name.startswith("fc."):
            assert torch.equal(weights[name], value), name
    assert weights["output.weight"].shape == (10, 512)
    assert trained(small({"train.max_epochs": 1}, PRETRAINED)).metrics["train_loss"] > 0


def test_without_network_a_sentence_says_what_to_do(tmp_path, monkeypatch):
    def refuse(*arguments, **more):
        raise URLError(OSError(-2, "Name or service not known"))

    monkeypatch.setenv("PLAYGROUND_HOME", str(tmp_path))
    monkeypatch.setattr("torch.hub.urlopen", refuse)
    with pytest.raises(InvalidExperiment) as caught:
        Training(small({}, PRETRAINED))
    (problem,) = caught.value.problems
    assert problem.path == "model.pretrained"
    assert "can't be downloaded (Name or service not known); switch pretrained off" in problem.message
    assert str(tmp_path / "models") in problem.message


def test_a_damaged_file_is_a_sentence_too(tmp_path, monkeypatch):
    monkeypatch.setenv("PLAYGROUND_HOME", str(tmp_path))
    url = get_model_weights("resnet18").DEFAULT.url
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / url.rpartition("/")[2]).write_bytes(b"half a file")
    with pytest.raises(InvalidExperiment) as caught:
        Training(small({}, PRETRAINED))
    assert [problem.path for problem in caught.value.problems] == ["model.pretrained"]
    assert "delete their file" in str(caught.value)
