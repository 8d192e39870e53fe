"""Every architecture for every kind of data: shapes, gradients, and what can't be built."""

import math
from dataclasses import replace

import pytest
import torch
from torch import nn

from nets.activations import ACTIVATIONS
from nets.architectures import ARCHITECTURES, CannotBuild, learning_by
from nets.architectures.base import OUTPUT_ACTIVATIONS
from nets.architectures.cnn import CNN, ConvBlock
from nets.architectures.mlp import MLP
from nets.datasets import DATASETS, DataInfo
from nets.experiment import parse
from nets.training import Training
from tests.nets.experiments import SMALL_PICTURES, epochs, history_of, pictures, problems_of, settings, small, trained

PICTURES = [name for name in DATASETS.names() if len(DATASETS.get(name)().info().input_shape) == 3]
TINY = {
    "digits": {"data.size": 8, "data.train_share": 0.1, "train.batch_size": 60},
    "shapes": {"data.num_pictures": 200, "data.train_share": 0.5, "train.batch_size": 50},
}
"""Pictures that need neither download nor upload, as few as a test can learn from."""


def has_values(info: DataInfo) -> bool:
    """Are there values to predict?"""
    return info.task == "regression"


def suits(architecture: str, data: str) -> bool:
    """Does the architecture say that it takes such data, with a read-out that fits them?"""
    info = DATASETS.get(data)().info()
    try:
        ARCHITECTURES.get(architecture)().fitted(info).check(info)
    except CannotBuild:
        return False
    return True


def inputs(info: DataInfo, count: int) -> torch.Tensor:
    """Random inputs: numbers, or rows of tokens padded at their end."""
    if not info.vocab_size:
        return torch.randn(count, *info.input_shape)
    tokens = torch.randint(1, info.vocab_size, (count, *info.input_shape))
    if not info.per_step:
        tokens[1:, info.input_shape[0] // 2 :] = 0
    return tokens


PREDICTING = learning_by("supervised")
LABELLED = [name for name, config in DATASETS.items() if config().info().num_targets > 1 or has_values(config().info())]
PAIRS = [(model, data) for model in PREDICTING for data in LABELLED if suits(model, data)]
UPLOADED = [name for name, config in DATASETS.items() if "upload" in config.model_fields]
LOADED = [data for data in LABELLED if data in TINY or data not in (*PICTURES, *UPLOADED)]


def alike(names: list[str]) -> list[str]:
    """One of all data sets that look the same to a network."""
    looks = {replace(DATASETS.get(name)().info(), class_names=(), input_names=()): name for name in reversed(names)}
    return sorted(looks.values())


DISTINCT = [(model, data) for model, data in PAIRS if data in alike(LABELLED)]
HERE = [(model, data) for model, data in PAIRS if data in alike(LOADED)]


def test_every_architecture_takes_some_data_and_every_data_some_architecture():
    assert {model for model, _ in PAIRS} == set(PREDICTING)
    assert {data for _, data in PAIRS} == set(LABELLED)


@pytest.mark.parametrize(("architecture", "data"), DISTINCT)
def test_defaults_build_forward_and_backward(architecture, data):
    info = DATASETS.get(data)().info()
    config = ARCHITECTURES.get(architecture)().fitted(info)
    config.check(info)
    model = config.build(info, 3)
    outputs = model(inputs(info, 5))
    assert outputs.shape == ((5, info.input_shape[0], 3) if info.per_step else (5, 3))
    outputs.square().sum().backward()
    for name, parameter in model.named_parameters():
        assert parameter.grad is not None, name


@pytest.mark.parametrize(("architecture", "data"), HERE)
def test_defaults_train(architecture, data):
    adam = {"train.optimizer": {"kind": "adam"}, "train.max_epochs": 1}
    changes = {"data.name": data, "model.kind": architecture, **adam, **TINY.get(data, {})}
    untrained, *later = epochs(history_of(small(changes)))
    assert later[-1].metrics["train_loss"] != untrained.metrics["train_loss"]


@pytest.mark.parametrize("data", [name for name in LABELLED if name not in PICTURES])
def test_a_cnn_needs_pictures(data):
    problems = problems_of(settings({"data.name": data, "model.kind": "cnn"}))
    assert problems == {"model.kind": "a cnn slides over pictures, and these data are none; pick mlp"}


@pytest.mark.parametrize("architecture", [name for name in PREDICTING if suits(name, "digits")])
@pytest.mark.parametrize("data", ["circle", "sine"])
def test_what_looks_at_pictures_refuses_anything_else_by_its_kind(architecture, data):
    if suits(architecture, data):
        return
    problems = problems_of(settings({"data.name": data, "model.kind": architecture}))
    assert list(problems) == ["model.kind"]
    assert problems["model.kind"].endswith("these data are none; pick mlp")


@pytest.mark.parametrize("activation", OUTPUT_ACTIVATIONS)
@pytest.mark.parametrize("architecture", [name for name in PREDICTING if suits(name, "digits")])
def test_every_output_activation_stands_last(architecture, activation):
    info = DATASETS.get("digits")().info()
    model = ARCHITECTURES.get(architecture)(output_activation=activation).build(info, 4)
    name, last = list(model.named_children())[-1]
    if activation in ("auto", "identity"):
        assert name == "output"
        return
    assert name == "output_activation"
    scores = torch.randn(6, 4)
    expected = {"softmax": scores.softmax(1), "log_softmax": scores.log_softmax(1)}.get(activation)
    if expected is None:
        expected = ACTIVATIONS.get(activation).build()(scores)
    assert torch.equal(last(scores), expected)


def test_an_mlp_is_layers_of_weights_norm_activation_and_dropout():
    config = MLP(hidden_sizes=(7, 5), dropout=(0.0, 0.25), norm="layer", activation="elu")
    model = config.build(DATASETS.get("circle")().info(), 1)
    layers = [(name, type(module)) for name, module in model.named_children()]
    assert layers == [
        ("hidden1", nn.Linear),
        ("norm1", nn.LayerNorm),
        ("act1", nn.ELU),
        ("hidden2", nn.Linear),
        ("norm2", nn.LayerNorm),
        ("act2", nn.ELU),
        ("drop2", nn.Dropout),
        ("output", nn.Linear),
    ]
    drop = dict(model.named_children())["drop2"]
    assert isinstance(drop, nn.Dropout)
    assert drop.p == 0.25


def test_an_mlp_without_hidden_layers_is_a_linear_model():
    model = Training(small({"model.hidden_sizes": []})).model
    assert [name for name, _ in model.named_children()] == ["output"]


def test_dropout_may_differ_from_layer_to_layer_but_must_fit_them():
    assert MLP(hidden_sizes=(3, 3), dropout=0.5).layer_dropout() == (0.5, 0.5)
    problems = problems_of(settings({"model.hidden_sizes": [3, 3], "model.dropout": [0.1]}))
    assert problems == {
        "model": "dropout has 1 values for 2 hidden layers; give one number, or one for each hidden layer"
    }


def test_a_cnn_is_blocks_then_dense_layers():
    config = CNN(blocks=(ConvBlock(channels=3, dropout=0.1), ConvBlock(channels=5, pool="none")), norm="batch")
    model = config.build(DATASETS.get("digits")().info(), 10)
    names = [name for name, _ in model.named_children()]
    block = ["conv1", "conv_norm1", "conv_act1", "pool1", "conv_drop1", "conv2", "conv_norm2", "conv_act2"]
    assert names == [*block, "flatten", "hidden1", "norm1", "act1", "output"]
    first = dict(model.named_children())["hidden1"]
    assert isinstance(first, nn.Linear)
    assert first.in_features == 5 * 14 * 14


@pytest.mark.parametrize("size", [8, 16, 28, 32])
@pytest.mark.parametrize(
    "block",
    [
        ConvBlock(channels=2),
        ConvBlock(channels=2, kernel=5, padding=0, pool="none"),
        ConvBlock(channels=2, kernel=4, stride=3, padding=2, pool="average", pool_size=2),
        ConvBlock(channels=2, kernel=7, stride=1, padding=3, pool="max", pool_size=4),
    ],
    ids=lambda block: f"{block.kernel}-{block.stride}-{block.padding}-{block.pool}",
)
def test_the_size_of_feature_maps_is_foretold(size, block):
    model = nn.Sequential(*(module for _, module in block.modules(1, 1, "relu", "none")))
    assert model(torch.zeros(1, 1, size, size)).shape == (1, 2, *[block.output_size(size)] * 2)


def test_blocks_that_leave_no_pixel_are_refused():
    problems = problems_of(
        settings({"data.name": "digits", "data.size": 8, "model": {"kind": "cnn", "blocks": [{}] * 4}})
    )
    assert list(problems) == ["model.blocks.3"]
    assert problems["model.blocks.3"].startswith("feature maps of 1×1 shrink to nothing here; take")


def test_a_mean_over_one_number_is_refused():
    blocks = [{"channels": 1, "pool_size": 4}, {"channels": 1, "kernel": 2, "padding": 0, "pool": "none"}]
    changes = {"data.size": 8, "model.blocks": blocks, "model.norm": "layer"}
    assert "single number" in problems_of(settings(changes, SMALL_PICTURES))["model.blocks.1"]
    for norm in ("batch", "none"):
        assert math.isfinite(trained(pictures({**changes, "model.norm": norm})).metrics["train_loss"])


def test_padding_as_large_as_the_kernel_is_refused():
    problems = problems_of(settings({"data.name": "digits", "model": {"kind": "cnn", "blocks": [{"padding": 3}]}}))
    assert "must be below kernel 3" in problems["model.blocks.0"]


@pytest.mark.parametrize("make", [small, pictures])
def test_batch_norm_needs_two_examples_a_step(make):
    for size, refused in ((1, True), (2, False)):
        changes = {"model.norm": "batch", "train.batch_size": size}
        if refused:
            base = make().model_dump(mode="json")
            assert list(problems_of(settings(changes, base))) == ["train.batch_size"]
        else:
            assert len(epochs(history_of(make(changes)))) > 1


def test_an_architecture_says_where_it_can_not_be_built():
    with pytest.raises(CannotBuild) as caught:
        CNN().check(DATASETS.get("circle")().info())
    assert caught.value.field == "kind"


def test_dropout_acts_while_training_and_not_while_looking():
    training = Training(small({"model.dropout": 0.9}))
    assert not training.model.training
    part = training.parts.test
    assert torch.equal(training.model(part.x), training.model(part.x))
    losses = {epochs(history_of(small({"model.dropout": share})))[-1].metrics["train_loss"] for share in (0, 0.9)}
    assert len(losses) == 2


def test_a_cnn_may_be_deep():
    blocks = [{"channels": 2, "pool": "none"}] * 64
    assert isinstance(parse(settings({"model.blocks": blocks}, SMALL_PICTURES)).model, CNN)
    problems = problems_of(settings({"model.blocks": [*blocks, blocks[0]]}, SMALL_PICTURES))
    assert problems == {"model.blocks": "has 65 entries; it takes at most 64"}


def test_a_cnn_takes_pictures_of_any_proportions():
    info = DataInfo("multiclass", (2, 9, 14), 3)
    config = CNN(blocks=(ConvBlock(channels=3), ConvBlock(channels=4, stride=2)), dense_sizes=())
    model = config.build(info, 3).eval()
    assert model(torch.zeros(2, *info.input_shape)).shape == (2, 3)
    assert config.room(info, 3).parameters == sum(parameter.numel() for parameter in model.parameters())
    with pytest.raises(CannotBuild, match="feature maps of 1×5 shrink to nothing here"):
        CNN(blocks=(ConvBlock(pool_size=4), ConvBlock(pool="none", kernel=2, padding=0))).check(
            DataInfo("multiclass", (2, 4, 20), 3)
        )


@pytest.mark.parametrize("norm", ["none", "batch", "layer"])
@pytest.mark.parametrize(
    "model",
    [
        {"kind": "mlp", "hidden_sizes": []},
        {"kind": "mlp", "hidden_sizes": [7, 3, 5]},
        {"kind": "cnn"},
        {"kind": "cnn", "blocks": [{"channels": 3, "kernel": 5, "stride": 2, "pool": "none"}], "dense_sizes": []},
        {
            "kind": "cnn",
            "blocks": [{"channels": 2, "pool_size": 3}, {"channels": 5, "padding": 0}],
            "dense_sizes": [9, 4],
        },
    ],
)
def test_what_a_network_holds_is_known_before_it_is_built(model, norm):
    experiment = parse({"data": {"name": "digits", "size": 16}, "model": {**model, "norm": norm}})
    info = experiment.data.info()
    network = experiment.model.build(info, 10).eval()
    room = experiment.model.room(info, 10)
    assert room.parameters == sum(parameter.numel() for parameter in network.parameters())
    left_behind, x = 0, torch.zeros(1, *info.input_shape)
    for module in network:
        x = module(x)
        left_behind += x.numel() if not isinstance(module, torch.nn.Flatten) else 0
    assert left_behind <= room.activations <= left_behind * 1.5
