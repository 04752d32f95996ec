"""Parts of a crop that are looked at one by one: the hair above and beside the face, the face, what lies below."""

from __future__ import annotations

from functools import cache

import torch
from torch import Tensor

PARTS = (
    ((0.0, 0.375), (0.1875, 0.8125), True),
    ((0.0, 0.375), (0.1875, 0.8125), False),
    ((0.375, 0.6875), (0.1875, 0.8125), True),
    ((0.375, 0.6875), (0.1875, 0.8125), False),
    ((0.6875, 1.0), (0.0, 1.0), True),
    ((0.375, 0.8), (0.3, 0.7), True),
)
"""Of the crop's height, of its width, and whether between these two or beside them: mirrored they are the same."""


@cache
def pixel_shares(height: int, width: int) -> Tensor:
    """The share of each pixel in each part, float (PARTS, height x width): a row's sum is 1, or 0 without a pixel."""
    y = (torch.arange(height)[:, None] + 0.5) / height
    x = (torch.arange(width)[None] + 0.5) / width
    rows = []
    for (top, bottom), (from_left, to), between in PARTS:
        across = (x >= from_left) & (x < to)
        inside = (y >= top) & (y < bottom) & (across if between else ~across)
        rows.append(inside.float().flatten())
    found = torch.stack(rows)
    return found / found.sum(1, keepdim=True).clamp(min=1)
