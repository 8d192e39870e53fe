"""Residual networks: what they are made of, that the way around works, what is refused, live edits."""

import pytest
import torch
from torch import nn

from nets.architectures import CannotBuild
from nets.architectures.resnet import ResNet
from nets.modules.residual import BasicBlock, Bottleneck
from nets.training import Training
from tests.nets.architectures.looking import after_edit, built, kept, left_behind, number_of_parameters, pictures_of
from tests.nets.experiments import SMALL_PICTURES, problems_of, settings, small, trained

GREY = pictures_of(1, 16, 16)
MODEL = {"kind": "resnet", "depths": [1, 1], "width": 4}
SMALL_RESNET = {**SMALL_PICTURES, "model": MODEL}


def names(model: nn.Module) -> list[str]:
    return [name for name, _ in model.named_children()]


def test_it_is_a_stem_stages_of_blocks_a_mean_and_an_output():
    blocks = ["block1_1", "block1_2", "block2_1"]
    end = ["pool", "flatten", "output"]
    assert names(built(ResNet(depths=(2, 1)), GREY)) == ["stem1", "stem_norm1", "stem_act1", *blocks, *end]
    model = built(ResNet(depths=(2, 1), stem="large", norm="none", dropout=0.2), GREY)
    assert names(model) == ["stem1", "stem_act1", "stem_pool1", *blocks, "pool", "flatten", "drop", "output"]


def test_each_stage_halves_the_maps_and_doubles_their_number():
    x, shapes = torch.zeros(1, 1, 16, 16), {}
    for name, module in built(ResNet(depths=(1, 2, 1), width=8), GREY).named_children():
        x = module(x)
        shapes[name] = tuple(x.shape[1:])
    assert [shapes[f"block{place}"] for place in ("1_1", "2_1", "2_2", "3_1")] == [
        (8, 16, 16),
        (16, 8, 8),
        (16, 8, 8),
        (32, 4, 4),
    ]


@pytest.mark.parametrize(
    ("config", "weighted"),
    [(ResNet(depths=(9, 9, 9)), 56), (ResNet(depths=(3, 4, 6, 3), block="bottleneck", stem="large"), 50)],
)
def test_the_networks_of_the_paper_have_the_layers_that_name_them(config, weighted):
    model = built(config, pictures_of(3, 32, 32))
    around = [module for name, module in model.named_modules() if "shortcut" in name]
    layers = [m for m in model.modules() if isinstance(m, nn.Conv2d | nn.Linear) and m not in around]
    assert len(layers) == weighted
    assert model(torch.zeros(2, 3, 32, 32)).shape == (2, 10)


@pytest.mark.parametrize("kind", [BasicBlock, Bottleneck])
@pytest.mark.parametrize("norm", ["none", "batch", "layer"])
def test_a_block_adds_what_it_computes_to_what_it_was_given(kind, norm):
    torch.manual_seed(0)
    channels = 4 if kind is BasicBlock else 16
    block = kind(channels, 4, nn.Identity(), norm=norm).eval()
    plain = kind(channels, 4, nn.Identity(), norm=norm, skip=False).eval()
    plain.load_state_dict(block.state_dict())
    x = torch.randn(3, channels, 5, 5)
    assert torch.allclose(block(x), plain(x) + x, atol=1e-6)
    assert not torch.allclose(plain(x), torch.zeros(()), atol=1e-3)


def test_where_the_shape_changes_a_convolution_leads_around():
    block = BasicBlock(4, 8, nn.Identity(), stride=2).eval()
    plain = BasicBlock(4, 8, nn.Identity(), stride=2, skip=False).eval()
    plain.load_state_dict(block.state_dict(), strict=False)
    x = torch.randn(3, 4, 7, 5)
    assert torch.allclose(block(x), plain(x) + block.shortcut(x), atol=1e-6)
    assert block(x).shape == (3, 8, 4, 3)


def test_without_skip_the_network_is_the_same_but_for_the_ways_around():
    with_skip, plain = (built(ResNet(skip=skip), GREY).state_dict() for skip in (True, False))
    assert plain.keys() == {name for name in with_skip if "shortcut" not in name}


def test_the_activation_is_the_chosen_one_everywhere():
    modules = list(built(ResNet(activation="tanh", stem="large"), GREY).modules())
    assert sum(isinstance(module, nn.Tanh) for module in modules) == 7
    assert not any(isinstance(module, nn.ReLU) for module in modules)


@pytest.mark.parametrize("norm", ["none", "batch", "layer"])
@pytest.mark.parametrize("block", ["basic", "bottleneck"])
@pytest.mark.parametrize("skip", [True, False])
@pytest.mark.parametrize("stem", ["small", "large"])
def test_what_it_holds_is_known_before_it_is_built(block, norm, skip, stem):
    info = pictures_of(3, 17, 24)
    config = ResNet(block=block, norm=norm, skip=skip, stem=stem, depths=(1, 2), width=4)
    config.check(info)
    model = built(config, info)
    sums = sum(maps * 4 * (4 if block == "bottleneck" else 1) for maps in sizes_of_sums(stem)) if skip else 0
    assert config.room(info, 10).parameters == number_of_parameters(model)
    assert config.room(info, 10).activations == left_behind(model, torch.zeros(1, 3, 17, 24)) + sums


def sizes_of_sums(stem: str) -> list[int]:
    """Pixels of the maps that each of three blocks adds up, times what their number grew."""
    first, second = (17 * 24, 9 * 12) if stem == "small" else (5 * 6, 3 * 3)
    return [first, 2 * second, 2 * second]


@pytest.mark.parametrize(
    ("shape", "changes", "field", "message"),
    [
        ((4,), {}, "kind", "pick mlp"),
        ((1, 2, 2), {"depths": (1, 1, 1)}, "depths", "take 2 stages, or larger pictures"),
        ((1, 1, 1), {"depths": (1, 1)}, "depths", "take 1 stage, or larger pictures"),
        ((1, 8, 8), {"depths": (1, 1, 1), "stem": "large"}, "depths", "take 2 stages, or larger pictures, or a small"),
        ((1, 1, 1), {"depths": (1,), "stem": "large"}, "stem", "take the small stem"),
    ],
)
def test_what_it_can_not_be_built_for_is_refused(shape, changes, field, message):
    with pytest.raises(CannotBuild, match=message) as caught:
        ResNet(**changes).check(pictures_of(*shape))
    assert caught.value.field == field


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"model.depths": []}, "model.depths"),
        ({"model.depths": [1] * 5}, "model.depths"),
        ({"model.depths": [0]}, "model.depths.0"),
        ({"model.width": 3}, "model.width"),
        ({"model.block": "wide"}, "model.block"),
    ],
)
def test_bounds_are_kept(changes, path):
    assert list(problems_of(settings(changes, SMALL_RESNET))) == [path]


def test_the_same_seed_gives_the_same_weights_and_another_seed_others():
    first, again, other = (built(ResNet(), GREY, seed=seed).state_dict() for seed in (3, 3, 4))
    assert all(torch.equal(value, again[name]) for name, value in first.items())
    assert not torch.equal(first["block3_1.conv1.weight"], other["block3_1.conv1.weight"])


@pytest.mark.parametrize("norm", ["none", "batch", "layer"])
def test_an_untrained_deep_one_does_not_explode(norm):
    outputs = built(ResNet(depths=(9, 9, 9), width=8, norm=norm), GREY)(torch.randn(8, 1, 16, 16))
    assert outputs.abs().max() < 50


def test_a_block_more_in_any_stage_leaves_all_others_their_weights():
    old, new = after_edit(SMALL_RESNET, {"model.depths": [2, 2]})
    assert kept(old, new) == {name.partition(".")[0] for name in old}
    assert {name.partition(".")[0] for name in new.keys() - old.keys()} == {"block1_2", "block2_2"}
    deeper = {**SMALL_RESNET, "model": {**MODEL, "depths": [2, 2]}}
    old, new = after_edit(deeper, {"model.depths": [1, 2]})
    assert kept(old, new) == {name.partition(".")[0] for name in new}


def test_more_feature_maps_keep_the_first_ones():
    old, new = after_edit(SMALL_RESNET, {"model.width": 6})
    assert torch.equal(new["block1_1.conv1.weight"][:4, :4], old["block1_1.conv1.weight"])
    assert torch.equal(new["block2_1.shortcut.0.weight"][:8, :4], old["block2_1.shortcut.0.weight"])
    assert torch.equal(new["output.weight"][:, :8], old["output.weight"])


def test_the_way_around_can_be_closed_in_mid_run():
    old, new = after_edit(SMALL_RESNET, {"model.skip": False})
    assert all(torch.equal(value, old[name]) for name, value in new.items())
    assert any("shortcut" in name for name in old.keys() - new.keys())


def test_batch_norm_needs_two_examples_a_step():
    assert list(problems_of(settings({"train.batch_size": 1}, SMALL_RESNET))) == ["train.batch_size"]


def test_it_learns_digits():
    changes = {
        "data.train_share": 0.8,
        "model": {"kind": "resnet", "depths": [1, 1], "width": 8},
        "train.max_epochs": 5,
    }
    assert trained(small(changes, SMALL_PICTURES)).metrics["test_accuracy"] > 0.9


def test_the_same_run_gives_the_same_numbers():
    experiment = small({"model.dropout": 0.3, "train.max_epochs": 1}, SMALL_RESNET)
    assert trained(experiment).metrics == trained(experiment).metrics
    assert Training(experiment).num_parameters == experiment.model.room(experiment.data.info(), 10).parameters
