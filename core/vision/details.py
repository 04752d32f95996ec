"""What the middle of the network sees, as a third vector behind the embedding and the colours.

The last stages make of a face what they were trained to tell; unseen characters differ in shapes that they have
dropped by then. The middle (a sixteenth of the side, five stages of seven) still has them: how much of each channel is
in each part of the crop, and how much it varies there. A fixed projection, learned from many characters
(recipes/encoder/details.py), makes a short vector of them. The network is run for the embedding anyway, so they cost
next to nothing.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from core.vision.parts import PARTS, pixel_shares


class Details(nn.Module):
    """Maps (n, channels, h, w) of the network's middle -> float (n, length), each of length 1.

    middle (cells,): what all faces have in common; basis (cells, length): the projection. Both are part of the weights'
    file and do not learn. Zeros until they are set.
    """

    middle: Tensor
    basis: Tensor

    def __init__(self, channels: int, length: int):
        super().__init__()
        cells = 2 * len(PARTS) * channels
        self.register_buffer("middle", torch.zeros(cells))
        self.register_buffer("basis", torch.zeros(cells, length))

    def forward(self, maps: Tensor) -> Tensor:
        with torch.autocast(maps.device.type, enabled=False):
            return F.normalize((by_part(maps.float()) - self.middle) @ self.basis)


def by_part(maps: Tensor) -> Tensor:
    """Mean and standard deviation of each channel in each part: maps (n, c, h, w) -> float (n, 2 x PARTS x c)."""
    parts = pixel_shares(int(maps.shape[-2]), int(maps.shape[-1])).to(maps.device)
    pixels = maps.flatten(2).transpose(1, 2)
    mean = parts @ pixels
    spread = (parts @ pixels.square() - mean.square()).clamp(min=0).sqrt()
    return torch.cat([mean.flatten(1), spread.flatten(1)], dim=1)
