"""What speaks for a class is what gradients say, worked out here by hand."""

import dataclasses
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

from nets.training import Training
from nets.views.attribution import Attribution, AttributionView, Heat, last_convolution
from nets.views.subject import Subject, pixels_of
from tests.nets.experiments import pictures, small, trained
from tests.nets.views.vision import COLOUR, GREY, KINDS, on_pictures, state


@pytest.fixture(scope="module")
def digits() -> Training:
    return trained(pictures({"data.size": 16, "train.max_epochs": 10}))


def look(training: Training, **fields: Any) -> tuple[Attribution, dict[str, Heat]]:
    shown = AttributionView(**fields).look(training)
    return shown, {heat.method: heat for heat in shown.heats}


def restored(heat: Heat) -> np.ndarray:
    """The values that the bytes stand for."""
    values = heat.map.astype(np.float32)
    return ((values - 127) / 127 if heat.signed else values / 255) * heat.scale


def gradient(training: Training, x: torch.Tensor, target: int) -> torch.Tensor:
    x = x.clone().requires_grad_()
    return torch.autograd.grad(training.model(x)[:, target].sum(), x)[0]


@pytest.mark.parametrize("data", [GREY, COLOUR], ids=["grey", "colour"])
@pytest.mark.parametrize("kind", KINDS)
def test_saliency_is_the_largest_gradient_over_the_colours(kind, data):
    training = Training(on_pictures(kind, data))
    subject = Subject(index=5)
    _, heats = look(training, subject=subject, target=3, methods=("saliency",))
    expected = gradient(training, subject.inputs(training), 3)[0].abs().amax(dim=0).numpy()
    heat = heats["saliency"]
    assert heat.scale == pytest.approx(expected.max(), rel=1e-4)
    assert np.abs(restored(heat) - expected).max() <= heat.scale / 255 * 0.6


def test_integrated_gradients_add_up_to_what_the_picture_changes(digits):
    shown, heats = look(digits, target=2, steps=64)
    heat = heats["integrated_gradients"]
    assert abs(shown.score - shown.black_score) > 0.1
    assert heat.total == pytest.approx(shown.score - shown.black_score, rel=0.05)
    assert restored(heat).sum() == pytest.approx(heat.total, abs=heat.scale / 127 * heat.map.size * 0.25)


def test_integrated_gradients_of_a_linear_network_are_weights_times_inputs():
    training = Training(pictures({"model.kind": "mlp", "model.hidden_sizes": []}))
    _, heats = look(training, target=4, steps=2)
    x = Subject().inputs(training)[0, 0]
    weights = training.weights()["output.weight"][4].reshape(8, 8)
    expected = (weights * (x - training.inputs(torch.zeros(1, 1, 8, 8))[0, 0])).numpy()
    heat = heats["integrated_gradients"]
    assert heat.signed
    assert np.abs(restored(heat) - expected).max() <= heat.scale / 127 * 0.51


def test_grad_cam_weighs_the_last_maps_by_their_mean_gradient(digits):
    subject = Subject(index=1)
    _, heats = look(digits, subject=subject, target=7)
    x = subject.inputs(digits)
    for name in ("conv1", "conv_act1", "pool1", "conv2"):
        x = digits.model.get_submodule(name)(x)
    maps, rest = x.detach().requires_grad_(), x
    rest = maps
    for name in ("conv_act2", "pool2", "flatten", "hidden1", "act1", "output"):
        rest = digits.model.get_submodule(name)(rest)
    slope = torch.autograd.grad(rest[0, 7], maps)[0].mean(dim=(2, 3), keepdim=True)
    cam = (slope * maps).sum(dim=1, keepdim=True).relu()
    expected = nn.functional.interpolate(cam, (16, 16), mode="bilinear")[0, 0].detach().numpy()
    heat = heats["grad_cam"]
    assert (heat.layer, heat.why_not, heat.signed) == ("conv2", "", False)
    assert expected.max() > 0
    assert heat.scale == pytest.approx(expected.max(), rel=1e-4)
    assert np.abs(restored(heat) - expected).max() <= heat.scale / 255 * 0.6


@pytest.mark.parametrize(
    ("kind", "layer"), [("cnn", "conv2"), ("resnet", "block3_2"), ("torchvision", "layer4"), ("mlp", ""), ("vit", "")]
)
def test_the_last_convolution(kind, layer):
    training = Training(on_pictures(kind, COLOUR))
    found = last_convolution(training.model, Subject().inputs(training))
    assert (found[0] if found else "") == layer
    heat = look(training)[1]["grad_cam"]
    assert heat.layer == layer
    assert bool(heat.why_not) == (heat.map.size == 0) == (layer == "")


def test_the_likeliest_class_is_explained_unless_another_is_chosen(digits):
    subject = Subject(index=8)
    with torch.no_grad():
        outputs = digits.model(subject.inputs(digits))[0]
    shown, _ = look(digits, subject=subject)
    assert shown.target == shown.predicted == outputs.argmax()
    assert shown.share == pytest.approx(outputs.softmax(dim=0).max().item(), rel=1e-4)
    assert shown.score == pytest.approx(outputs.max().item(), rel=1e-4)
    assert shown.actual == digits.split.test_y[8]
    other, _ = look(digits, subject=Subject(pixels=pixels_of(digits.split.test_x[8])), target=0)
    assert (other.target, other.predicted, other.actual) == (0, shown.predicted, None)
    assert other.score == pytest.approx(outputs[0].item(), rel=1e-4)
    assert np.array_equal(other.picture, digits.split.test_x[8, 0])


def test_a_network_that_learns_nothing_any_more_can_be_explained():
    training = Training(pictures())
    for parameter in training.model.parameters():
        parameter.requires_grad_(False)
    before = state(training)
    assert all(heat.scale > 0 for heat in look(training, target=1)[0].heats[:2])
    assert state(training) == before


def test_large_pictures_are_drawn_smaller():
    training = Training(pictures({"data.size": 32}))
    x = torch.arange(200, dtype=torch.uint8)[None, None, :, None].expand(1, 1, 200, 100)
    training.parts = dataclasses.replace(training.parts, test=dataclasses.replace(training.parts.test.first(1), x=x))
    training.model = nn.Sequential(nn.Conv2d(1, 2, 3), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(2, 10))
    shown, heats = look(training)
    assert shown.picture.shape == (96, 48)
    assert {heat.map.shape for heat in heats.values()} == {(96, 48)}


def test_what_can_not_be_explained(digits):
    with pytest.raises(ValueError, match="target is class 10; the 10 classes count from 0 to 9"):
        look(digits, target=10)
    with pytest.raises(ValueError, match="values to predict"):
        look(Training(small({"data.name": "plane"})))
