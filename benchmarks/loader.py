"""Embedding files as one would without this app: the shipped network in torch, pictures read by PIL."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch.utils.data import DataLoader, Dataset

from core.vision.encoder import read_net
from core.vision.network import FaceNet


@cache
def network() -> FaceNet:
    """The shipped encoder's network."""
    return read_net("pretrained").eval()


def pixels(path: Path, size: int) -> torch.Tensor:
    """(3, size, size) in 0..1."""
    with Image.open(path) as opened:
        rgb = np.asarray(opened.convert("RGB").resize((size, size), Image.Resampling.BILINEAR))
    return torch.from_numpy(rgb.transpose(2, 0, 1).copy()).float() / 255


@torch.inference_mode()
def one_by_one(paths: Sequence[Path]) -> np.ndarray:
    """float32 (n, d), and the mirrored view, as the app's own."""
    net = network()
    return np.concatenate([net.embed(pixels(path, net.spec.size)[None], mirror=True).numpy() for path in paths])


class Files(Dataset):  # type: ignore[type-arg]
    """Pictures on disk."""

    def __init__(self, paths: Sequence[Path], size: int):
        self.paths, self.size = paths, size

    def __len__(self) -> int:
        return len(self.paths)

    def __getitem__(self, index: int) -> torch.Tensor:
        return pixels(self.paths[index], self.size)


@torch.inference_mode()
def loader_embeds(paths: Sequence[Path]) -> np.ndarray:
    """The same in batches of 64, read by two processes."""
    net = network()
    loader = DataLoader(Files(paths, net.spec.size), batch_size=64, num_workers=2)
    return np.concatenate([net.embed(batch, mirror=True).numpy() for batch in loader])
