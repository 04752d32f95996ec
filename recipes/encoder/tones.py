"""Faces as print, scans and moods show them: grey, duotone, screentone, tinted, re-lit. The person stays the same.

Colour tells an encoder who somebody is, until a picture has none. A batch therefore shows some faces twice, once as
they are and once through one of these, as two pictures of one character.
"""

from __future__ import annotations

import torch
from torch import Tensor

LUMA = (0.299, 0.587, 0.114)


def retone(pixels: Tensor, generator: torch.Generator) -> Tensor:
    """(n, 3, s, s) float in 0..1 -> the same faces, each through one of TONES, drawn at random."""
    kinds = torch.randint(0, len(TONES), (len(pixels),), generator=generator, device=generator.device)
    out = pixels.clone()
    for number, tone in enumerate(TONES):
        chosen = (kinds == number).nonzero().squeeze(1)
        if len(chosen):
            out[chosen] = tone(pixels[chosen], generator)
    return out.clamp_(0.0, 1.0)


def luma(pixels: Tensor) -> Tensor:
    """(n, 3, s, s) -> (n, 1, s, s), as bright as the eye sees it."""
    return (pixels * torch.tensor(LUMA, device=pixels.device).view(1, 3, 1, 1)).sum(1, keepdim=True)


def grey(pixels: Tensor, generator: torch.Generator) -> Tensor:
    """Without colour."""
    return luma(pixels).expand(-1, 3, -1, -1)


def duotone(pixels: Tensor, generator: torch.Generator) -> Tensor:
    """Two colours instead of black and white, the darker one for the shadows."""
    dark = _uniform(generator, len(pixels), 3, 1, 1, low=0.0, high=0.45)
    light = _uniform(generator, len(pixels), 3, 1, 1, low=0.55, high=1.0)
    return dark + (light - dark) * luma(pixels)


def screentone(pixels: Tensor, generator: torch.Generator) -> Tensor:
    """Black dots on white, as manga is printed: the darker a place, the larger its dots (a raster of 3 to 5 pixels)."""
    n, side = len(pixels), pixels.shape[-1]
    pitch = _uniform(generator, n, 1, 1, 1, low=3.0, high=5.5)
    angle = torch.deg2rad(_uniform(generator, n, 1, 1, 1, low=20.0, high=70.0))
    y = torch.arange(side, dtype=torch.float32, device=pixels.device).view(1, 1, side, 1)
    x = torch.arange(side, dtype=torch.float32, device=pixels.device).view(1, 1, 1, side)
    u = (x * angle.cos() + y * angle.sin()) * (2 * torch.pi / pitch)
    v = (y * angle.cos() - x * angle.sin()) * (2 * torch.pi / pitch)
    raster = 0.5 + 0.25 * (u.cos() + v.cos())
    bright = luma(pixels)
    dots = torch.sigmoid((bright - raster) * 12)
    lines = (bright < 0.25).float()  # ink stays ink
    return (dots * (1 - lines)).expand(-1, 3, -1, -1)


def tint(pixels: Tensor, generator: torch.Generator) -> Tensor:
    """A coloured light over everything: sunset, night, a red alarm."""
    colour = _uniform(generator, len(pixels), 3, 1, 1, low=0.35, high=1.0)
    colour = colour / colour.amax(1, keepdim=True)
    saturation = _uniform(generator, len(pixels), 1, 1, 1, low=0.2, high=1.0)
    return (luma(pixels) + saturation * (pixels - luma(pixels))) * colour


def relight(pixels: Tensor, generator: torch.Generator) -> Tensor:
    """One side in the light and the other in the shade, and another exposure."""
    n, side = len(pixels), pixels.shape[-1]
    angle = _uniform(generator, n, 1, 1, 1, low=0.0, high=2 * torch.pi)
    way = torch.linspace(-1, 1, side, device=pixels.device)
    slope = way.view(1, 1, 1, side) * angle.cos() + way.view(1, 1, side, 1) * angle.sin()
    strength = _uniform(generator, n, 1, 1, 1, low=0.2, high=0.6)
    gamma = _uniform(generator, n, 1, 1, 1, low=-0.6, high=0.6).exp()
    return pixels.clamp_min(1e-3).pow(gamma) * (1 + strength * slope)


TONES = (grey, duotone, screentone, tint, relight)


def _uniform(generator: torch.Generator, *shape: int, low: float, high: float) -> Tensor:
    return torch.rand(*shape, generator=generator, device=generator.device) * (high - low) + low
