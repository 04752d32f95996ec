"""What was learned, and what was known before, in one network: the mean of two sets of weights.

Wortsman et al. 2022, "Robust fine-tuning of zero-shot models" (WiSE-FT): between the weights before and after a
fine-tuning lies a straight way on which the network gains most of what is new and keeps nearly all of what is old.
"""

from __future__ import annotations

import copy

import torch

from core.vision.network import FaceNet


@torch.no_grad()
def blend(trained: FaceNet, start: FaceNet, keep: float) -> FaceNet:
    """A new network with the weights keep x start + (1 - keep) x trained, norms' statistics too; keep is 0 to 1.

    Both have to be of one architecture. It makes sense only where `trained` began as `start`.
    """
    both = copy.deepcopy(trained)
    for mine, old in zip(both.state_dict().values(), start.state_dict().values(), strict=True):
        if mine.is_floating_point():
            mine.lerp_(old.to(mine.device), keep)
    return both
