"""A batch's sources drawn by other hands: what one artist, one show or one scan does to all its faces alike.

Half of every change is shared by the faces of a group, half is each face's own. What a group shares tells nothing about
who a face is, so a loss that competes within groups learns to look past it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F


@dataclass(frozen=True, slots=True)
class StyleConfig:
    """How far a style may go. `share` of the groups, and of the faces, are changed; 0 switches all off.

    `gamma` and `gain` are +- exponents of e, `cast` +- parts of full scale, `saturation` the range of the factor,
    `sharpen` the range of the share of the difference to a blurred face, `stroke` the share of thicker or thinner
    lines, `levels` the fewest steps of a posterised channel, `noise` a standard deviation of full scale.
    """

    share: float = 0.5
    gamma: float = 0.4
    gain: float = 0.2
    cast: float = 0.06
    saturation: tuple[float, float] = (0.35, 1.35)
    sharpen: tuple[float, float] = (-1.0, 1.2)
    stroke: float = 0.7
    levels: int = 5
    noise: float = 0.04


LUMA = (0.299, 0.587, 0.114)


class _Draw:
    """Values for each face: the mean of its group's draw and its own, neutral (0) where neither is changed."""

    def __init__(self, groups: Tensor, share: float, generator: torch.Generator):
        self.place = groups.unique(return_inverse=True)[1]
        self.count, self.share, self.generator = int(self.place.max()) + 1, share, generator

    def __call__(self, channels: int = 1) -> Tensor:
        """(n, channels, 1, 1) from -1 to 1."""
        wide = self._some(self.count, channels)[self.place]
        own = self._some(len(self.place), channels)
        return (0.6 * wide + 0.4 * own)[:, :, None, None]

    def _some(self, n: int, channels: int) -> Tensor:
        device = self.generator.device
        on = torch.rand(n, 1, generator=self.generator, device=device) < self.share
        return on * (torch.rand(n, channels, generator=self.generator, device=device) * 2 - 1)


def restyle(pixels: Tensor, groups: Tensor, config: StyleConfig, generator: torch.Generator) -> Tensor:
    """(n, 3, s, s) float in 0..1 and (n,) group numbers -> the faces in other styles, in 0..1.

    The same generator state gives the same faces.
    """
    if config.share <= 0:
        return pixels
    draw = _Draw(groups, config.share, generator)
    pixels = _stroke(pixels, config.stroke * draw())
    pixels = _between(pixels, _neighbours(pixels, lambda a, b, c: (a + b + c) / 3), config.sharpen, draw())
    luma = (pixels * torch.tensor(LUMA, device=pixels.device).view(1, 3, 1, 1)).sum(1, keepdim=True)
    pixels = _between(pixels, luma, config.saturation, draw(), one=True)
    pixels = pixels.clamp_(1e-3, 1.0).pow((config.gamma * draw()).exp())
    pixels = pixels * (config.gain * draw()).exp() + config.cast * draw(3)
    few = draw()
    steps = config.levels / few.abs().clamp_min(0.05)
    pixels = torch.where(few > 0.1, torch.round(pixels * steps) / steps, pixels)
    grain = torch.randn(pixels.shape, generator=generator, device=pixels.device) * (config.noise * draw().clamp_min(0))
    return (pixels + grain).clamp_(0.0, 1.0)


def _between(pixels: Tensor, other: Tensor, span: tuple[float, float], value: Tensor, *, one: bool = False) -> Tensor:
    """other + factor x (pixels - other); value -1..1 runs over the span, 0 leaves the faces as they are."""
    low, high = (span[0] - 1, span[1] - 1) if one else span
    return other + (1 + torch.where(value < 0, -low * value, high * value)) * (pixels - other)


def _stroke(pixels: Tensor, value: Tensor) -> Tensor:
    """Dark lines thicker (value below 0) or thinner (above), as parts of one pixel."""
    sign = torch.where(value < 0, -1.0, 1.0)
    other = _neighbours(sign * pixels, lambda a, b, c: torch.maximum(torch.maximum(a, b), c))
    return torch.lerp(pixels, sign * other, value.abs())


def _neighbours(pixels: Tensor, join: Callable[[Tensor, Tensor, Tensor], Tensor]) -> Tensor:
    """Three pixels beside each other joined, then three above each other; several times as fast as a pooling layer."""
    wide = F.pad(pixels, (1, 1, 1, 1), mode="replicate")
    wide = join(wide[..., :-2], wide[..., 1:-1], wide[..., 2:])
    return join(wide[..., :-2, :], wide[..., 1:-1, :], wide[..., 2:, :])
