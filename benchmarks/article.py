"""The article's way, written as its readers would write it: the baselines of the benchmarks."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

SIDE = 225
"""Pixels at which the article's EfficientNet-B3 looks at a face."""


def cascade_loop(xml: Path, pictures: list[Path], out: Path) -> int:
    """The article's loop over pictures: grey, equalised, detectMultiScale, each face cut and written; the faces."""
    cascade, count = cv2.CascadeClassifier(str(xml)), 0
    for path in pictures:
        image = cv2.imread(str(path))
        grey = cv2.equalizeHist(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY))
        for x, y, w, h in cascade.detectMultiScale(grey, scaleFactor=1.1, minNeighbors=5, minSize=(24, 24)):
            cv2.imwrite(str(out / f"{path.stem}_{count}.jpg"), image[y : y + h, x : x + w])
            count += 1
    return count


class B3:
    """EfficientNet-B3 without its head, in torch, one face after the other. Random weights: its speed is the same."""

    def __init__(self):
        import torch

        from core.vision.torchvision_shim import load_torchvision

        net = load_torchvision().models.efficientnet_b3(weights=None)
        net.classifier = torch.nn.Identity()
        self._torch, self._net = torch, net.eval()

    def embed(self, faces: list[np.ndarray]) -> np.ndarray:
        """uint8 HxWx3 -> float32 (n, 1536)."""
        rows = []
        with self._torch.no_grad():
            for face in faces:
                small = cv2.resize(face, (SIDE, SIDE)).astype(np.float32) / 255
                rows.append(self._net(self._torch.from_numpy(small.transpose(2, 0, 1)[None]))[0].numpy())
        return np.stack(rows)


def recognise(xml: Path, net: B3, gallery: np.ndarray, path: Path) -> list[int]:
    """Cascade, B3, nearest of the gallery's vectors float32 (n, 1536): the place of the nearest of each face."""
    image = cv2.imread(str(path))
    grey = cv2.equalizeHist(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY))
    cascade = cv2.CascadeClassifier(str(xml))
    boxes = cascade.detectMultiScale(grey, scaleFactor=1.1, minNeighbors=5, minSize=(24, 24))
    faces = [cv2.cvtColor(image[y : y + h, x : x + w], cv2.COLOR_BGR2RGB) for x, y, w, h in boxes]
    if not faces:
        return []
    return [int(np.linalg.norm(gallery - vector, axis=1).argmin()) for vector in net.embed(faces)]
