"""The vision transformer: squares, places, attention, the read-out, what is refused, live edits."""

import pytest
import torch
from torch import nn

from nets.architectures import CannotBuild
from nets.architectures.vit import ViT
from nets.initializers import INITIALIZERS
from nets.modules.patches import EncoderBlock, Patches, Positions, ReadOut
from tests.nets.architectures.looking import after_edit, built, kept, left_behind, number_of_parameters, pictures_of
from tests.nets.experiments import SMALL_PICTURES, problems_of, settings, small, trained

GREY = pictures_of(1, 16, 16)
SMALL_VIT = {**SMALL_PICTURES, "model": {"kind": "vit", "d_model": 8, "num_heads": 2, "num_layers": 2}}


def names(model: nn.Module) -> list[str]:
    return [name for name, _ in model.named_children()]


def test_it_is_squares_places_blocks_a_read_out_and_an_output():
    expected = ["patches", "positions", "block1", "block2", "norm", "readout", "output"]
    assert names(built(ViT(num_layers=2), GREY)) == expected
    assert names(built(ViT(num_layers=2, dropout=0.1), GREY)) == [*expected[:2], "drop", *expected[2:]]


def test_squares_are_cut_row_by_row():
    patches = Patches(3, 5, 4).eval()
    x = torch.randn(2, 3, 8, 12)
    squares = patches(x)
    assert squares.shape == (2, 6, 5)
    for place, (row, column) in enumerate([(0, 0), (0, 4), (0, 8), (4, 0), (4, 4), (4, 8)]):
        alone = patches.conv(x[:, :, row : row + 4, column : column + 4]).flatten(1)
        assert torch.allclose(squares[:, place], alone, atol=1e-6)


def test_a_place_is_added_to_each_square_and_a_token_stands_in_front():
    squares = torch.randn(2, 6, 5)
    without, with_token = Positions(6, 5), Positions(6, 5, has_token=True)
    assert torch.equal(without(squares), squares + without.places)
    placed = with_token(squares)
    assert torch.equal(placed[:, 1:], squares + with_token.places)
    assert torch.equal(placed[:, :1], with_token.token.expand(2, 1, 5))
    assert without.places.std() > 0
    assert with_token.token.std() > 0


def test_the_class_is_read_off_the_token_or_the_mean():
    x = torch.randn(2, 7, 5)
    assert torch.equal(ReadOut(of_token=True)(x), x[:, 0])
    assert torch.equal(ReadOut()(x), x.mean(dim=1))
    assert number_of_parameters(built(ViT(), GREY)) == number_of_parameters(built(ViT(readout="mean"), GREY)) + 64


def test_a_block_is_torch_s_encoder_layer_that_normalizes_first():
    torch.manual_seed(0)
    block = EncoderBlock(8, 2, 24, nn.GELU()).eval()
    layer = nn.TransformerEncoderLayer(8, 2, 24, 0.0, nn.GELU(), batch_first=True, norm_first=True).eval()
    layer.load_state_dict(block.state_dict())
    x = torch.randn(3, 5, 8)
    assert torch.equal(block(x), layer(x))


def test_without_places_the_order_of_the_squares_would_not_matter():
    model = built(ViT(readout="mean"), GREY)
    x = torch.randn(2, 1, 16, 16)
    turned = x.roll(4, dims=3)
    assert not torch.allclose(model(x), model(turned), atol=1e-4)
    with torch.no_grad():
        dict(model.named_parameters())["positions.places"].zero_()
    assert torch.allclose(model(x), model(turned), atol=1e-5)


@pytest.mark.parametrize("activation", ["tanh", "relu", "gelu", "silu"])
def test_the_activation_is_the_chosen_one_in_every_block(activation):
    model = built(ViT(activation=activation), GREY)
    blocks = [module for module in model.modules() if isinstance(module, EncoderBlock)]
    kinds = {"tanh": nn.Tanh, "relu": nn.ReLU, "gelu": nn.GELU, "silu": nn.SiLU}
    assert [type(block.activation) for block in blocks] == [kinds[activation]] * 4
    outputs = model(torch.ones(1, 1, 16, 16))
    blocks[0].activation = nn.Identity()
    blocks[0].activation_relu_or_gelu = 0
    assert not torch.allclose(outputs, model(torch.ones(1, 1, 16, 16)), atol=1e-5)


@pytest.mark.parametrize("initializer", INITIALIZERS.names())
def test_the_initializer_starts_attention_too(initializer):
    model = built(ViT(initializer=initializer), GREY)
    attention = [module for module in model.modules() if isinstance(module, nn.MultiheadAttention)]
    assert len(attention) == 4
    for module in attention:
        weight = module.in_proj_weight.detach()
        spread = {"zeros": 0.0, "normal": 0.1, "uniform": 1 / 12**0.5, "kaiming_normal": (2 / 64) ** 0.5}
        if initializer in spread:
            assert weight.std().item() == pytest.approx(spread[initializer], rel=0.05)
        if initializer == "orthogonal":
            assert torch.allclose(weight.T @ weight, torch.eye(64), atol=1e-4)
        assert torch.equal(module.in_proj_bias, torch.zeros(192))


@pytest.mark.parametrize("readout", ["token", "mean"])
@pytest.mark.parametrize("dropout", [0.0, 0.1])
def test_what_it_holds_is_known_before_it_is_built(readout, dropout):
    info = pictures_of(3, 16, 24)
    config = ViT(readout=readout, dropout=dropout, d_model=24, num_heads=3, num_layers=2, feed_forward=3)
    model = built(config, info)
    assert config.room(info, 10).parameters == number_of_parameters(model)
    held = left_behind(model, torch.zeros(1, 3, 16, 24))
    assert held <= config.room(info, 10).activations <= 2 * held


@pytest.mark.parametrize(
    ("shape", "changes", "field", "message"),
    [
        ((4,), {}, "kind", "pick mlp"),
        (
            (1, 28, 28),
            {"patch": 8},
            "patch",
            "squares of 8×8 do not fill pictures of 28×28; choose from 1, 2, 4, 7, 14, 28",
        ),
        ((1, 16, 24), {"patch": 16}, "patch", "choose from 1, 2, 4, 8$"),
        ((1, 28, 28), {"num_heads": 3}, "num_heads", "a d_model of 64 evenly; choose from 1, 2, 4, 8, 16, 32, or"),
    ],
)
def test_what_it_can_not_be_built_for_is_refused(shape, changes, field, message):
    with pytest.raises(CannotBuild, match=message) as caught:
        ViT(**changes).check(pictures_of(*shape))
    assert caught.value.field == field


def test_other_normalizations_than_its_own_are_refused():
    assert problems_of(settings({"model.norm": "batch"}, SMALL_VIT)) == {"model.norm": "got batch; choose from layer"}


def test_the_same_seed_gives_the_same_weights_and_another_seed_others():
    first, again, other = (built(ViT(), GREY, seed=seed).state_dict() for seed in (3, 3, 4))
    assert all(torch.equal(value, again[name]) for name, value in first.items())
    assert not torch.equal(first["block2.self_attn.in_proj_weight"], other["block2.self_attn.in_proj_weight"])
    assert not torch.equal(first["positions.places"], other["positions.places"])


def test_a_block_more_leaves_all_others_their_weights():
    old, new = after_edit(SMALL_VIT, {"model.num_layers": 3})
    assert kept(old, new) == {name.partition(".")[0] for name in old}
    assert {name.partition(".")[0] for name in new.keys() - old.keys()} == {"block3"}
    old, new = after_edit(SMALL_VIT, {"model.num_layers": 1})
    assert kept(old, new) == {name.partition(".")[0] for name in new}


def test_a_mean_instead_of_the_token_keeps_everything_else():
    old, new = after_edit(SMALL_VIT, {"model.readout": "mean"})
    assert all(torch.equal(value, old[name]) for name, value in new.items())
    assert old.keys() - new.keys() == {"positions.token"}


def test_it_learns_digits():
    changes = {"data.train_share": 0.8, "train.max_epochs": 12, "train.optimizer.learning_rate": 0.002}
    model = {"kind": "vit", "patch": 2, "d_model": 32, "num_layers": 2}
    assert trained(small({**changes, "model": model}, SMALL_PICTURES)).metrics["test_accuracy"] > 0.9


def test_the_same_run_gives_the_same_numbers():
    experiment = small({"model.dropout": 0.3, "train.max_epochs": 1}, SMALL_VIT)
    assert trained(experiment).metrics == trained(experiment).metrics
