"""Embeds a training's own pixels and measures by the two protocols, while it trains and at its end."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from core.similarity.evaluation import Evaluation, evaluate
from core.train.data import STRANGER, TRAIN, VALIDATION, FaceSet
from core.vision.network import FaceNet


@torch.inference_mode()
def embed(
    net: FaceNet, pixels: Tensor, *, device: torch.device, flip: bool = True, half: bool = False, batch: int = 64
) -> np.ndarray:
    """Unit embeddings float32 (n, dim) of uint8 pixels (n, 3, s, s).

    flip: mean with the mirrored view. half: computed in bfloat16.
    """
    net.eval()
    rows = []
    for start in range(0, len(pixels), batch):
        faces = pixels[start : start + batch].to(device, memory_format=torch.channels_last).float().div_(255.0)
        with torch.autocast(device.type, torch.bfloat16, enabled=half):
            rows.append(net.embed(faces, mirror=flip).cpu().numpy())
    return np.concatenate(rows) if rows else np.empty((0, net.spec.dim), np.float32)


def measure(net: FaceNet, pixels: Tensor, faces: FaceSet, *, device: torch.device, quick: bool = False) -> Evaluation:
    """Both protocols on the validation faces, and the open set where there are strangers.

    quick: no mirrored face and bfloat16, for choosing between epochs. Raises DataError without validation faces.
    """
    asking = faces.where(VALIDATION)
    enrolled, strangers = faces.where(TRAIN), faces.where(STRANGER) if not quick else np.array([], np.int64)
    labels = np.asarray(faces.labels)
    every = np.concatenate([asking, enrolled, strangers])
    vectors = embed(net, pixels[every], device=device, flip=not quick, half=quick)
    asked, kept, others = np.split(vectors, [len(asking), len(asking) + len(enrolled)])
    return evaluate(asked, labels[asking], kept, labels[enrolled], strangers=others)
