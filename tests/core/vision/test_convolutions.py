"""Convolutions that learn faster: the sums are torch's own."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from core.vision import convolutions
from core.vision.convolutions import Depthwise, Pointwise

LAYERS = {
    "1x1": lambda: Pointwise(6, 10),
    "3x3": lambda: Depthwise(6, 3, 1),
    "5x5": lambda: Depthwise(6, 5, 1),
    "5x5, stride 2": lambda: Depthwise(6, 5, 2),
}


def learned(layer: nn.Conv2d, x: torch.Tensor, forward) -> list[torch.Tensor]:
    """What it gives, and the gradients of the input and of the weights."""
    x = x.clone().contiguous(memory_format=torch.channels_last).requires_grad_()
    y = forward(layer, x)
    return [y.detach(), *torch.autograd.grad((y * torch.arange(y.numel()).view(y.shape)).sum(), [x, layer.weight])]


@pytest.mark.parametrize("side", [1, 2, 3, 6, 7])
@pytest.mark.parametrize("name", LAYERS)
def test_output_and_gradients_are_those_of_torchs_convolution(name, side):
    torch.manual_seed(0)
    layer, x = LAYERS[name]().train(), torch.randn(3, 6, side, side)
    ours, torchs = learned(layer, x, type(layer).forward), learned(layer, x, nn.Conv2d.forward)
    for mine, other in zip(ours, torchs, strict=True):
        torch.testing.assert_close(mine, other, rtol=1e-5, atol=1e-5 * float(other.abs().max()))


@pytest.mark.parametrize("name", LAYERS)
def test_whoever_asks_gets_torchs_own_convolution_bit_for_bit(name, monkeypatch):
    monkeypatch.setattr(convolutions, "F", None)
    monkeypatch.setattr(convolutions, "_Five", None)
    layer, x = LAYERS[name]().eval(), torch.randn(2, 6, 5, 5)
    assert torch.equal(layer(x), nn.Conv2d.forward(layer, x))


@pytest.mark.parametrize("name", LAYERS)
def test_in_bfloat16_it_is_torchs_own(name, monkeypatch):
    monkeypatch.setattr(convolutions, "F", None)
    monkeypatch.setattr(convolutions, "_Five", None)
    with torch.autocast("cpu", torch.bfloat16):
        assert LAYERS[name]().train()(torch.randn(2, 6, 5, 5)).dtype == torch.bfloat16


def test_an_input_that_does_not_learn_gets_no_gradient():
    layer = Depthwise(4, 5, 1).train()
    layer(torch.randn(2, 4, 6, 6)).sum().backward()
    assert layer.weight.grad is not None
    assert layer.weight.grad.shape == (4, 1, 5, 5)
