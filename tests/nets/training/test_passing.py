"""The cheapest order of layers gives the same numbers, to the bit; what is watched keeps its order."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor, nn

from nets.experiment import parse
from nets.training import Training
from nets.training.passing import passed

pools = st.builds(
    lambda kernel, stride, padding, closes: nn.MaxPool2d(kernel, stride, min(padding, kernel // 2), ceil_mode=closes),
    st.integers(2, 4),
    st.integers(1, 3),
    st.integers(0, 1),
    st.booleans(),
)
layers = st.one_of(st.just("relu"), st.just("tanh"), st.just("leaky"), pools)


def network(chosen: "list[str | nn.Module]") -> nn.Sequential:
    """Return a convolution, then what was chosen."""
    named = {"relu": nn.ReLU, "tanh": nn.Tanh, "leaky": nn.LeakyReLU}
    return nn.Sequential(
        nn.Conv2d(2, 3, 3), *[named[one]() if isinstance(one, str) else one for one in chosen], nn.Flatten()
    )


def gone_through(model: nn.Module, x: Tensor, outputs: Tensor) -> list[Tensor]:
    """Return outputs and the gradients of all there is."""
    own = [x, *model.parameters()]
    return [outputs, *torch.autograd.grad((outputs * outputs.cos()).sum(), own)]


@given(chosen=st.lists(layers, max_size=3), seed=st.integers(0, 1000), layout=st.booleans())
def test_any_order_gives_the_same_outputs_and_gradients_to_the_bit(
    chosen: "list[str | nn.Module]", seed: int, layout: bool
) -> None:
    torch.manual_seed(seed)
    model = network(chosen)
    x = torch.randn(2, 2, 60, 60).round(decimals=1)  # rounded: there are ties
    if layout:
        x, model = x.contiguous(memory_format=torch.channels_last), model.to(memory_format=torch.channels_last)
    expected = gone_through(model, x.requires_grad_(), model(x))
    found = gone_through(model, x, passed(model, x))
    for one, other in zip(expected, found, strict=True):
        assert torch.equal(one, other)


def seen_by(model: nn.Sequential, kind: type[nn.Module], x: Tensor, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Return the widths of what layers of a kind see, by what they themselves tell: a hook would change the order."""
    widths: list[int] = []
    forward = kind.forward

    def told(self: nn.Module, x: Tensor) -> Tensor:
        widths.append(x.shape[-1])
        out: Tensor = forward(self, x)
        return out

    monkeypatch.setattr(kind, "forward", told)
    passed(model, x)
    monkeypatch.setattr(kind, "forward", forward)
    return widths


def test_a_relu_sees_what_pooling_left_unless_somebody_watches(monkeypatch: pytest.MonkeyPatch) -> None:
    model, x = network(["relu", nn.MaxPool2d(2), "relu"]), torch.randn(1, 2, 18, 18)
    assert seen_by(model, nn.ReLU, x, monkeypatch) == [8, 8]
    for layer in model[1:3]:
        handle = layer.register_forward_hook(lambda *_: None)
        assert seen_by(model, nn.ReLU, x, monkeypatch) == [16, 8]
        handle.remove()
    assert seen_by(network(["tanh", nn.MaxPool2d(2)]), nn.Tanh, x, monkeypatch) == [16]
    assert seen_by(network(["relu", nn.AvgPool2d(2)]), nn.ReLU, x, monkeypatch) == [16]


def test_a_gradient_comes_back_through_a_flattening_in_the_layout_of_the_pictures() -> None:
    training = Training(parse({"data": {"kind": "images", "name": "digits"}, "model": {"kind": "cnn"}}))
    layouts: list[bool] = []
    model = training.model
    assert isinstance(model, nn.Sequential)
    pool = next(layer for layer in reversed(list(model)) if isinstance(layer, nn.MaxPool2d))

    def look(_layer: nn.Module, _inputs: object, gradients: "tuple[Tensor, ...] | Tensor") -> None:
        layouts.append(gradients[0].is_contiguous(memory_format=torch.channels_last))

    pool.register_full_backward_hook(look)
    x, targets = training.batches.next(32)
    training.gradients(training.inputs(x), targets)
    assert layouts == [True]
