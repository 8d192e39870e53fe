"""Networks over sequences: shapes, padding, causality, first weights, and what they refuse."""

from typing import Any

import pytest
import torch

from nets.architectures import ARCHITECTURES, CannotBuild
from nets.datasets.base import DataInfo
from nets.experiment import parse, switch_kind
from nets.losses import resolve
from nets.modules.attention import Attention
from nets.objectives.stepwise import NO_ANSWER, evaluate_steps
from tests.nets.training.test_state import assert_goes_on
from tests.nets.views.series import over_series

NUMBERS = DataInfo("regression", (12, 3), 2)
TOKENS = DataInfo("multiclass", (10,), 4, vocab_size=20)
STEPS = DataInfo("multiclass", (10,), 20, vocab_size=20, per_step=True)
POINTS = DataInfo("binary", (2,), 2)
NETWORKS: dict[str, tuple[str, dict[str, Any]]] = {
    "plain": ("rnn", {"cell": "rnn", "nonlinearity": "relu"}),
    "lstm": ("rnn", {"num_layers": 2, "dense_sizes": (5,)}),
    "gru-mean": ("rnn", {"cell": "gru", "readout": "mean"}),
    "both-ways": ("rnn", {"bidirectional": True, "num_layers": 2}),
    "both-ways-max": ("rnn", {"bidirectional": True, "readout": "max"}),
    "transformer": ("transformer", {"positions": "learned"}),
    "transformer-last": ("transformer", {"causal": True, "readout": "last"}),
    "conv": ("conv1d", {"dilation": 2}),
    "conv-strided": ("conv1d", {"stride": 2, "pool": "max", "readout": "mean"}),
    "bag-of-words": ("mlp", {}),
}


def network(kind: str, data: DataInfo, **settings: Any) -> Any:
    """A network in evaluation mode."""
    torch.manual_seed(0)
    config = ARCHITECTURES.get(kind)(**settings)
    config.check(data)
    return config.build(data, data.num_targets).eval()


@pytest.mark.parametrize("name", NETWORKS)
def test_numbers_and_tokens_give_outputs_and_gradients(name):
    kind, settings = NETWORKS[name]
    for data, x in ((NUMBERS, torch.randn(3, 12, 3)), (TOKENS, torch.randint(1, 20, (3, 10)))):
        model = network(kind, data, **settings)
        outputs = model(x)
        assert outputs.shape == (3, data.num_targets)
        outputs.square().sum().backward()
        assert all(parameter.grad is not None for parameter in model.parameters())
        room = ARCHITECTURES.get(kind)(**settings).room(data, data.num_targets)
        assert room.parameters == sum(parameter.numel() for parameter in model.parameters())


@pytest.mark.parametrize("name", [name for name in NETWORKS if name != "conv-strided"])
def test_padding_changes_nothing(name):
    kind, settings = NETWORKS[name]
    model = network(kind, TOKENS, **settings)
    short = torch.randint(1, 20, (4, 6))
    padded = torch.cat([short, torch.zeros(4, 4, dtype=torch.int64)], dim=1)
    longer = torch.randint(1, 20, (1, 10))
    together = model(torch.cat([padded, longer]))
    assert torch.allclose(together[:4], model(short), atol=1e-5)
    assert torch.allclose(together[4:], model(longer), atol=1e-5)
    assert torch.isfinite(model(torch.zeros(2, 10, dtype=torch.int64))).all()


@pytest.mark.parametrize("kind", ["rnn", "transformer", "conv1d"])
def test_a_step_with_an_answer_never_sees_what_follows(kind):
    config = ARCHITECTURES.get(kind)().fitted(STEPS)
    config.check(STEPS)
    model = config.build(STEPS, 20).eval()
    x = torch.randint(1, 20, (2, 10))
    other = x.clone()
    other[:, 6:] = (other[:, 6:] + 3) % 19 + 1
    before, after = model(x), model(other)
    assert before.shape == (2, 10, 20)
    assert torch.allclose(before[:, :6], after[:, :6], atol=1e-5)
    assert not torch.allclose(before[:, 6:], after[:, 6:], atol=1e-3)


@pytest.mark.parametrize(
    ("kind", "settings", "data", "field", "words"),
    [
        ("rnn", {}, POINTS, "kind", "pick mlp"),
        ("transformer", {}, POINTS, "kind", "pick mlp"),
        ("conv1d", {}, POINTS, "kind", "pick mlp"),
        ("rnn", {}, STEPS, "readout", "an answer at every step"),
        ("rnn", {"readout": "every_step"}, TOKENS, "readout", "one answer"),
        ("rnn", {"readout": "every_step", "bidirectional": True}, STEPS, "bidirectional", "take false"),
        ("transformer", {"readout": "every_step"}, STEPS, "causal", "take true"),
        ("transformer", {"num_heads": 5}, NUMBERS, "num_heads", "choose from 1, 2, 4"),
        ("conv1d", {"readout": "every_step", "causal": True, "stride": 2}, STEPS, "stride", "take 1"),
        ("conv1d", {}, DataInfo("binary", (9,), 2, vocab_size=5000), "embedding_dim", "5,000 tokens"),
        ("mlp", {}, STEPS, "kind", "pick rnn"),
        ("autoencoder", {}, TOKENS, "kind", "tokens"),
        ("cnn", {}, NUMBERS, "kind", "pick mlp"),
    ],
)
def test_what_does_not_fit_is_refused_by_name(kind, settings, data, field, words):
    with pytest.raises(CannotBuild, match=words) as caught:
        ARCHITECTURES.get(kind)(**settings).check(data)
    assert caught.value.field == field


def test_attention_maps_are_what_the_forward_pass_takes():
    torch.manual_seed(0)
    attention = Attention(8, 2, causal=True).eval()
    x = torch.randn(2, 5, 8)
    maps = attention.maps(x)
    assert maps.shape == (2, 2, 5, 5)
    assert torch.allclose(maps.sum(dim=3), torch.ones(2, 2, 5))
    assert not maps.triu(1).any()
    mixed = attention.mix((maps @ attention.split(attention.value(x))).transpose(1, 2).flatten(2))
    assert torch.allclose(mixed, attention(x), atol=1e-5)


def test_initializers_reach_each_gate_and_leave_what_remembers():
    model = network("rnn", TOKENS, initializer="orthogonal", forget_bias=3.0, input_bias=-1.0)
    layers = model.core.layers
    for gate in layers.weight_hh_l0.split(32):
        assert torch.allclose(gate @ gate.T, torch.eye(32), atol=1e-4)
    let_in, forget, new, out = layers.bias_ih_l0.split(32)
    assert (let_in.unique().tolist(), forget.unique().tolist()) == ([-1.0], [3.0])
    assert not new.any()
    assert not out.any()
    assert 0.8 < model.embedding.weight[1:].std() < 1.2
    assert not model.embedding.weight[0].any()
    reset, update, new = network("rnn", TOKENS, cell="gru", forget_bias=3.0).core.layers.bias_ih_l0.split(32)
    assert update.unique().tolist() == [3.0]
    assert max(reset.abs().max(), new.abs().max()) < 1


def test_steps_without_an_answer_count_for_nothing():
    loss = resolve("auto", STEPS).bind(STEPS)
    x = torch.randint(1, 20, (70, 10))
    labels = torch.randint(0, 20, (70, 10))
    labels[:, 7:] = NO_ANSWER
    outputs = torch.randn(20, 20)
    found = evaluate_steps(loss, lambda part: outputs[part], x, labels)
    asked = labels != NO_ANSWER
    assert found["loss"] == pytest.approx(
        torch.nn.functional.cross_entropy(outputs[x][asked], labels[asked]).item(), rel=1e-5
    )
    assert found["accuracy"] == pytest.approx((outputs[x].argmax(2) == labels)[asked].float().mean().item())


def test_a_switch_to_data_of_one_answer_brings_the_read_out_along():
    settings = {
        "data": {"kind": "series", "name": "sines"},
        "model": {"kind": "rnn", "readout": "every_step", "hidden_size": 7},
    }
    switched = switch_kind(settings, "data", "lorenz")
    assert switched["model"]["readout"] == "last"
    assert switched["model"]["hidden_size"] == 7
    assert parse(switched)


def test_a_recurrent_network_with_dropout_goes_on_bit_for_bit_from_inside_an_epoch(tmp_path):
    model = {"cell": "lstm", "num_layers": 2, "dropout": 0.3, "dense_sizes": [4]}
    assert_goes_on(over_series(model=model, max_epochs=4), 6, tmp_path)
