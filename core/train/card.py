"""The graphics card that trains, where this machine has one. Faces are found and embedded on the processor."""

from __future__ import annotations

import logging
from contextlib import AbstractContextManager
from functools import cache

import torch

log = logging.getLogger(__name__)


@cache
def graphics_card() -> str:
    """`cuda` where torch can compute on a graphics card, else nothing; found out once for a process.

    A card that torch sees but has no kernels for, or whose memory is full, is none, and the log says why.
    """
    if not torch.cuda.is_available():
        return ""
    try:
        _try_out()
    except RuntimeError as error:
        reason = (str(error).strip().splitlines() or [type(error).__name__])[0].rstrip(".")
        log.warning("The processor trains, because torch cannot compute on the graphics card (%s).", reason)
        return ""
    return "cuda"


def _try_out() -> None:
    """One small convolution on the card: RuntimeError where torch has no kernels for it, or its memory is full."""
    picture, kernel = torch.ones(1, 3, 8, 8, device="cuda"), torch.ones(4, 3, 3, 3, device="cuda")
    torch.nn.functional.conv2d(picture, kernel).sum().item()


def cards() -> int:
    """How many graphics cards can train."""
    return torch.cuda.device_count() if graphics_card() else 0


def repeatable() -> AbstractContextManager[None]:
    """Inside, cuDNN adds up in the same order every time: the same seed gives the same training."""
    return torch.backends.cudnn.flags(enabled=True, deterministic=True)
