"""The colours of a face as a second vector beside the network's: what is where in which colour, and nothing of shape.

A network that is to know a character by any artist is trained on turned hues and on grey copies, so that it hardly
looks at colours; but hair, eyes and clothes keep theirs more often than not. Six parts of the crop (the hair above and
beside it, the face, what lies below) have a histogram each, of luma and two chroma channels (ITU-R BT.601), each pixel
shared linearly between the nearest cells. Square roots make Hellinger's distance of Euclid's; a fixed projection,
learned from many characters (recipes/encoder/colours.py), makes a short vector.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from core.vision.parts import PARTS, pixel_shares

LUMA = (16.0, 70.0, 125.0, 180.0, 240.0)
CHROMA = (-100.0, -60.0, -35.0, -18.0, -7.0, 0.0, 7.0, 18.0, 35.0, 60.0, 100.0)
"""Centres of the cells, of 255: closer together where drawn pictures have most of their colours."""
BT601 = ((0.299, 0.587, 0.114), (-0.1687, -0.3313, 0.5), (0.5, -0.4187, -0.0813))
"""RGB to luma, blue minus luma, red minus luma."""
CELLS = len(PARTS) * len(LUMA) * len(CHROMA) ** 2
SIDE = 32
"""Pixels a side that are counted, about: finer than that is no colour of a part."""


class Colours(nn.Module):
    """Faces (n, 3, s, s), float RGB in 0..1 -> float (n, length), each of length 1.

    middle (CELLS,): what all faces have in common; basis (CELLS, length): the projection. Both are part of the weights'
    file and do not learn. Zeros until they are set.
    """

    middle: Tensor
    basis: Tensor
    luma: Tensor
    chroma: Tensor
    matrix: Tensor

    def __init__(self, length: int):
        super().__init__()
        self.register_buffer("middle", torch.zeros(CELLS))
        self.register_buffer("basis", torch.zeros(CELLS, length))
        for name, values in (("luma", LUMA), ("chroma", CHROMA), ("matrix", BT601)):
            self.register_buffer(name, torch.tensor(values), persistent=False)

    def forward(self, faces: Tensor) -> Tensor:
        with torch.autocast(faces.device.type, enabled=False):  # halves are too coarse for shares of pixels
            return F.normalize((self.histograms(faces) - self.middle) @ self.basis)

    def histograms(self, faces: Tensor) -> Tensor:
        """Square roots of the histograms of each part, one after the other: float (n, CELLS); squares sum to PARTS."""
        finer = max(int(faces.shape[-1]) // SIDE, 1)
        small = F.avg_pool2d(faces.float(), finer) if finer > 1 else faces.float()
        parts = pixel_shares(int(small.shape[-2]), int(small.shape[-1])).to(small.device)
        pixels = (255.0 * small.flatten(2)).transpose(1, 2) @ self.matrix.T
        luma = _shares(pixels[..., 0], self.luma)
        blue, red = _shares(pixels[..., 1], self.chroma), _shares(pixels[..., 2], self.chroma)
        where = (parts.T[None, :, :, None] * luma[:, :, None, :]).flatten(2)
        colour = (blue[..., :, None] * red[..., None, :]).flatten(2)
        return (where.transpose(1, 2) @ colour).flatten(1).clamp(min=0).sqrt()


def _shares(values: Tensor, centres: Tensor) -> Tensor:
    """How much of each value lies in each cell: (...,) -> (..., cells), linear between centres, sums 1."""
    gaps = centres[1:] - centres[:-1]
    left, right = torch.cat([gaps[:1], gaps]), torch.cat([gaps, gaps[-1:]])
    away = torch.minimum(torch.maximum(values, centres[0]), centres[-1])[..., None] - centres
    return torch.minimum(1 + away / left, 1 - away / right).clamp(min=0)
