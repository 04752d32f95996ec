"""Convolutions that learn in half the time on a processor: the same sums as torch's own, added up in another order.

oneDNN's gradient of a depthwise kernel's weights is fast up to a width of three; at five it takes thirty times as long,
on maps of a few pixels more than everything else in a network together. And on such maps a 1x1 convolution is a product
of two matrices, for which MKL takes two thirds of the time forward and a third of it backward.

Only while a layer learns on a processor, in float32; whoever asks a network gets torch's own convolution.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn
from torch.autograd import Function
from torch.autograd.function import once_differentiable
from torch.nn import functional as F

FAST_WIDTH = 3
"""Widest depthwise kernel whose weights' gradient oneDNN has a fast way for; the height does not matter."""


def _learns_here(layer: nn.Conv2d, x: Tensor) -> bool:
    return layer.training and x.device.type == "cpu" and not torch.is_autocast_enabled("cpu")


class Pointwise(nn.Conv2d):
    """A 1x1 convolution with stride 1 and without bias."""

    def __init__(self, inner: int, outer: int):
        super().__init__(inner, outer, 1, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        if not _learns_here(self, x):
            return super().forward(x)
        return F.linear(x.permute(0, 2, 3, 1), self.weight.permute(0, 2, 3, 1).flatten(1)).permute(0, 3, 1, 2)


class Depthwise(nn.Conv2d):
    """A kernel for each channel, odd in size, without bias; the map keeps its size but for the stride."""

    def __init__(self, channels: int, kernel: int, stride: int):
        super().__init__(channels, channels, kernel, stride, kernel // 2, groups=channels, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        if self.kernel_size[1] != 5 or not _learns_here(self, x):
            return super().forward(x)
        found: Tensor = _Five.apply(x, self.weight, self.stride[0])  # type: ignore[no-untyped-call]
        return found


class _Five(Function):
    """The depthwise convolution with a 5x5 kernel, its weights' gradient in two halves of three columns each."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, weight: Tensor, stride: int) -> Tensor:
        ctx.save_for_backward(x, weight)
        ctx.stride = stride
        return F.conv2d(x, weight, None, stride, 2, 1, len(weight))

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor | None, Tensor | None, None]:
        x, weight = ctx.saved_tensors
        of_x = of_weight = None
        if ctx.needs_input_grad[0]:
            of_x = _gradients(gradient, x, weight, ctx.stride, (2, 2), (True, False))[0]
        if ctx.needs_input_grad[1]:
            of_weight = _weights_gradient(gradient, x, weight, ctx.stride)
        return of_x, of_weight, None


def _weights_gradient(gradient: Tensor, x: Tensor, weight: Tensor, stride: int) -> Tensor:
    """Columns 0 to 2 of each kernel from the map as it lies under them, 2 to 4 from the map two pixels on.

    The map is given a border, because a kernel that reaches over it has no fast way either.
    """
    n, channels, height, width = x.shape
    rows, needed = x.permute(0, 2, 3, 1), (gradient.shape[3] - 1) * stride + FAST_WIDTH
    found = torch.empty_like(weight)
    narrow = torch.empty(channels, 1, 5, FAST_WIDTH).contiguous(memory_format=torch.channels_last)  # its shape counts
    part = x.new_zeros(n, height + 4, needed, channels)
    inside = part[:, 2:-2]
    for left in (0, 2):
        border, columns = 2 - left, slice(left, left + FAST_WIDTH)
        end = min(border + width, needed)
        inside[:, :, border:end] = rows[:, :, : end - border]
        inside[:, :, end:] = 0
        of_half = _gradients(gradient, part.permute(0, 3, 1, 2), narrow, stride, (0, 0), (False, True))[1]
        found[..., columns] = of_half
    return found


def _gradients(
    gradient: Tensor, x: Tensor, weight: Tensor, stride: int, padding: tuple[int, int], which: tuple[bool, bool]
) -> tuple[Tensor, Tensor]:
    """Of the input and of the weights of a depthwise convolution; only those that are asked for are computed."""
    of_x, of_weight, _ = torch.ops.aten.convolution_backward(
        gradient, x, weight, None, [stride] * 2, list(padding), [1, 1], False, [0, 0], len(weight), [*which, False]
    )
    return of_x, of_weight
