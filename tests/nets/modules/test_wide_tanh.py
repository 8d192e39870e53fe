"""The hyperbolic tangent of pictures, by way of the sigmoid."""

import torch

from nets.modules.generative import WideTanh


def test_it_is_the_hyperbolic_tangent():
    x = torch.linspace(-12, 12, 4001, requires_grad=True)
    plain = x.detach().clone().requires_grad_()
    found, known = WideTanh()(x), plain.tanh()
    assert torch.allclose(found, known, rtol=0, atol=2.5e-7)
    for value in (found, known):
        value.sum().backward()
    assert x.grad is not None
    assert plain.grad is not None
    assert torch.allclose(x.grad, plain.grad, rtol=0, atol=1e-6)
