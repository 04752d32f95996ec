"""Whole batches of faces changed as artists, boxes and files change them, on uint8 tensors, not picture by picture.

Framing (mirror, turn, scale, shift) is one grid_sample a batch. Hair colour tells who somebody is, so colours move
little; grey and line art are off unless asked for.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F


@dataclass(frozen=True, slots=True)
class AugmentConfig:
    """What may happen to a face. `..._share` is the share of faces that it happens to; 0 switches it off.

    `zoom` is the range of the new frame's side over the old one's (below 1 comes nearer); `turn` in degrees; `shift`
    as a share of the side; brightness, contrast, cast as +- shares of full scale; `warp` how far a point of the face
    may wander, as a share of the side: other proportions, as another artist would draw them.
    """

    flip: bool = True
    zoom: tuple[float, float] = (0.75, 1.1)
    stretch: float = 0.06
    turn: float = 10.0
    shift: float = 0.06
    brightness: float = 0.12
    contrast: float = 0.25
    cast: float = 0.06
    soften_share: float = 0.25
    erase_share: float = 0.0
    grey_share: float = 0.0
    line_share: float = 0.0
    jpeg_share: float = 0.0
    warp: float = 0.0

    @classmethod
    def none(cls) -> AugmentConfig:
        """Nothing happens; faces are only resized."""
        return cls(False, (1.0, 1.0), 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)


def augment(
    faces: Tensor,
    config: AugmentConfig,
    generator: torch.Generator,
    *,
    size: int | None = None,
    zoom: Tensor | None = None,
    centre: Tensor | None = None,
) -> Tensor:
    """(n, 3, h, w) uint8 -> (n, 3, size, size) float32 in 0..1, each face changed by its own draw.

    `zoom` (n,) replaces the drawn zoom, for faces whose framing is known, and `centre` (n, 2), as a share of the side
    from the middle to the right and down, is where the new frame's middle lies before it is shifted. Border pixels are
    repeated where the new frame leaves the old one. The same generator state gives the same batch. Faces and generator
    are on one device.
    """
    size = size or faces.shape[-1]
    if config.jpeg_share > 0:
        faces = save_as_jpeg(faces, config.jpeg_share, generator)
    pixels = _reframe(faces.float().div_(255.0), config, generator, size, zoom, centre)
    if config.soften_share > 0:
        pixels = _soften(pixels, config.soften_share, generator)
    if config.line_share > 0:
        pixels = _lines(pixels, config.line_share, generator)
    pixels = _light(pixels, config, generator)
    if config.erase_share > 0:
        pixels = _erase(pixels, config.erase_share, generator)
    return pixels.clamp_(0.0, 1.0)


def rotate_hue(faces: Tensor, degrees: Tensor) -> Tensor:
    """(n, 3, h, w) uint8, hues turned by (n,) degrees around the grey axis at constant luma: another character.

    A turned character is a new identity (class augmentation). The matrix is the YIQ rotation.
    """
    angle = torch.deg2rad(degrees.float())
    to_yiq = torch.tensor([[0.299, 0.587, 0.114], [0.596, -0.274, -0.322], [0.211, -0.523, 0.312]]).to(faces.device)
    turn = torch.zeros(len(faces), 3, 3, device=faces.device)
    turn[:, 0, 0] = 1
    turn[:, 1, 1] = turn[:, 2, 2] = angle.cos()
    turn[:, 1, 2], turn[:, 2, 1] = -angle.sin(), angle.sin()
    matrix = torch.linalg.inv(to_yiq) @ turn @ to_yiq
    turned = torch.bmm(matrix, faces.float().flatten(2)).view(faces.shape)
    return turned.round_().clamp_(0, 255).to(torch.uint8)


def _uniform(generator: torch.Generator, *shape: int, low: float = 0.0, high: float = 1.0) -> Tensor:
    return torch.rand(*shape, generator=generator, device=generator.device) * (high - low) + low


def _reframe(
    pixels: Tensor, c: AugmentConfig, g: torch.Generator, size: int, zoom: Tensor | None, centre: Tensor | None
) -> Tensor:
    n = len(pixels)
    drawn = _uniform(g, n, low=math.log(c.zoom[0]), high=math.log(c.zoom[1])).exp()
    zoom = drawn if zoom is None else zoom.float()
    stretch = _uniform(g, n, low=-c.stretch, high=c.stretch).exp()
    angle = torch.deg2rad(_uniform(g, n, low=-c.turn, high=c.turn))
    mirror = torch.where(_uniform(g, n) < 0.5, -1.0, 1.0) if c.flip else torch.ones(n, device=pixels.device)
    shift = _uniform(g, n, 2, low=-2 * c.shift, high=2 * c.shift)
    theta = torch.empty(n, 2, 3, device=pixels.device)
    theta[:, 0, 0] = mirror * zoom * stretch * angle.cos()
    theta[:, 0, 1] = -zoom / stretch * angle.sin()
    theta[:, 1, 0] = mirror * zoom * stretch * angle.sin()
    theta[:, 1, 1] = zoom / stretch * angle.cos()
    theta[:, :, 2] = shift if centre is None else shift + 2 * centre
    grid = F.affine_grid(theta, [n, 3, size, size], align_corners=False)
    if c.warp > 0:
        field = _uniform(g, n, 2, 4, 4, low=-2 * c.warp, high=2 * c.warp) * zoom.view(-1, 1, 1, 1)
        grid += F.interpolate(field, size=(size, size), mode="bicubic", align_corners=False).permute(0, 2, 3, 1)
    return F.grid_sample(pixels, grid, mode="bilinear", padding_mode="border", align_corners=False)


def _soften(pixels: Tensor, share: float, g: torch.Generator) -> Tensor:
    """Down and up again: what a thumbnail did to some of the faces."""
    chosen = (_uniform(g, len(pixels)) < share).nonzero().squeeze(1)
    side = round(pixels.shape[-1] * float(_uniform(g, 1, low=0.4, high=0.8)))
    if len(chosen):
        small = F.interpolate(pixels[chosen], size=(side, side), mode="bilinear", antialias=True, align_corners=False)
        pixels[chosen] = F.interpolate(small, size=pixels.shape[-2:], mode="bilinear", align_corners=False)
    return pixels


def _light(pixels: Tensor, c: AugmentConfig, g: torch.Generator) -> Tensor:
    n = len(pixels)
    gain = 1 + _uniform(g, n, 1, 1, 1, low=-c.contrast, high=c.contrast)
    offset = _uniform(g, n, 1, 1, 1, low=-c.brightness, high=c.brightness)
    offset = offset + _uniform(g, n, 3, 1, 1, low=-c.cast, high=c.cast)
    if c.grey_share > 0:
        chosen = _uniform(g, n) < c.grey_share
        pixels[chosen] = _luma(pixels[chosen]).expand(-1, 3, -1, -1)
    middle = pixels.mean((1, 2, 3), keepdim=True)
    return (pixels - middle).mul_(gain).add_(middle + offset)


def _luma(pixels: Tensor) -> Tensor:
    return (pixels * torch.tensor([0.299, 0.587, 0.114], device=pixels.device).view(1, 3, 1, 1)).sum(1, keepdim=True)


def _lines(pixels: Tensor, share: float, g: torch.Generator) -> Tensor:
    """Line art: what is darker than its surroundings stays, on white."""
    chosen = (_uniform(g, len(pixels)) < share).nonzero().squeeze(1)
    if len(chosen):
        luma = _luma(pixels[chosen])
        around = F.avg_pool2d(luma, 7, 1, 3, count_include_pad=False)
        pixels[chosen] = (1 + 4 * (luma - around).clamp_max(0)).clamp(0, 1).expand(-1, 3, -1, -1)
    return pixels


def _erase(pixels: Tensor, share: float, g: torch.Generator) -> Tensor:
    """A rectangle of 2 to 20 % of the face is filled with a random colour (Zhong et al. 2017)."""
    n, side = len(pixels), pixels.shape[-1]
    on = _uniform(g, n) < share
    area, aspect = _uniform(g, n, low=0.02, high=0.2), _uniform(g, n, low=-0.7, high=0.7).exp()
    along = torch.arange(side, device=pixels.device)

    def span(part: Tensor) -> Tensor:
        """(n, side) bool: a stretch of this part of the side, somewhere."""
        length = (side * part.sqrt()).round().clamp(1, side)
        start = (_uniform(g, n) * (side - length + 1)).floor()[:, None]
        return (along >= start) & (along < start + length[:, None])

    inside = span(area * aspect)[:, :, None] & span(area / aspect)[:, None] & on[:, None, None]
    return torch.where(inside[:, None], _uniform(g, n, 3, 1, 1), pixels)


def save_as_jpeg(faces: Tensor, share: float, g: torch.Generator) -> Tensor:
    """(n, 3, h, w) uint8, on the processor: a share of them saved as JPEG of quality 20 to 60 and read again."""
    faces = faces.clone()
    for index in (_uniform(g, len(faces)) < share).nonzero().squeeze(1).tolist():
        quality = int(torch.randint(20, 61, (1,), generator=g))
        picture = np.ascontiguousarray(faces[index].permute(1, 2, 0).numpy())
        _, data = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])
        faces[index] = torch.from_numpy(cv2.imdecode(data, cv2.IMREAD_COLOR)).permute(2, 0, 1)
    return faces
