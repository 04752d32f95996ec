"""Embeds a training's own pixels and measures by the two protocols, while it trains and at its end."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from core.similarity.evaluation import Evaluation, evaluate
from core.train.data import STRANGER, TRAIN, VALIDATION, FaceSet
from core.train.microbatches import Cores
from core.vision.network import FaceNet


def embed(
    net: FaceNet,
    pixels: Tensor,
    *,
    device: torch.device,
    flip: bool = True,
    half: bool = False,
    batch: int | None = None,
    cores: Cores | None = None,
) -> np.ndarray:
    """Unit embeddings float32 (n, dim) of uint8 pixels (n, 3, s, s).

    flip: mean with the mirrored view. half: computed in bfloat16. cores: batches computed at the same time; small ones
    stay in a core's cache (of 64 faces each takes a fifth more time, and twice the memory). A card takes batches of one
    size: for each further size it would prepare itself for seconds.
    """
    net.eval()
    on_card = device.type != "cpu"
    batch = batch or (64 if on_card else 16)

    def run(part: Tensor) -> np.ndarray:
        with torch.inference_mode(), torch.autocast(device.type, torch.bfloat16, enabled=half):
            faces = part.to(device, memory_format=torch.channels_last).float().div_(255.0)
            return net.embed(faces, mirror=flip).cpu().numpy()

    parts = torch.split(filled_up(pixels, batch) if on_card else pixels, batch) if len(pixels) else []
    rows = cores.map(run, parts) if cores else [run(part) for part in parts]
    return np.concatenate(rows)[: len(pixels)] if rows else np.empty((0, net.spec.length), np.float32)


def filled_up(pixels: Tensor, batch: int) -> Tensor:
    """Pixels (n, ...) with as many black faces behind them as make whole batches."""
    return torch.cat([pixels, pixels.new_zeros(-len(pixels) % batch, *pixels.shape[1:])])


def measure(
    net: FaceNet,
    pixels: Tensor,
    faces: FaceSet,
    *,
    device: torch.device,
    quick: bool = False,
    half: bool = False,
    cores: Cores | None = None,
) -> Evaluation:
    """Both protocols on the validation faces, and the open set where there are strangers.

    quick: without the mirrored view and the strangers, for choosing between epochs. half: in bfloat16. Raises
    DataError without validation faces.
    """
    asking = faces.where(VALIDATION)
    enrolled, strangers = faces.where(TRAIN), faces.where(STRANGER) if not quick else np.array([], np.int64)
    labels = np.asarray(faces.labels)
    every = np.concatenate([asking, enrolled, strangers])
    vectors = embed(net, pixels[every], device=device, flip=not quick, half=half, cores=cores)
    asked, kept, others = np.split(vectors, [len(asking), len(asking) + len(enrolled)])
    return evaluate(asked, labels[asking], kept, labels[enrolled], strangers=others)
