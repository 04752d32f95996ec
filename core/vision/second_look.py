"""A second look at what the detector is not sure of: what the face encoder makes of the candidate's crop.

The encoder has learned what drawn faces look like in detail; butterflies, hands, lettering, circles and blossoms look
like nothing to it. A logistic regression on its pooled features (the layer before the embedding) and on the detector's
logit says how likely a box is a face (recipes.detector.second_look fits it, docs/detector.md says what it brings).
Its weights belong to one detector and one encoder, and are left out with any others.
"""

from __future__ import annotations

import hashlib
import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from safetensors import SafetensorError, safe_open

from core.imaging.boxes import Detection
from core.imaging.framing import face_crop
from core.settings import PRETRAINED
from core.vision.agreement import logit, sigmoid
from core.vision.converted import Source
from core.vision.framing import fit_square
from core.vision.runtimes import Runtime, divided, open_runtime
from core.vision.specs import read_encoder_header

if TYPE_CHECKING:
    from torch import nn

log = logging.getLogger(__name__)
WEIGHTS = PRETRAINED / "second_look.safetensors"
ENCODER = PRETRAINED / "encoder.safetensors"
"""Not asked of core.vision.encoder, which asks the detector to frame crops."""
BATCH = 16
"""Crops that go through the encoder together."""
LEAST, SURE = 0.15, 0.8
"""Detector's scores between which a box is looked at again: below hardly any is a face, above hardly any is none."""


@dataclass(frozen=True)
class Regression:
    """The score of a box: sigmoid(features @ weights + share * detector's logit + bias).

    weights: float32 (d,), for the encoder's d pooled features.
    """

    weights: np.ndarray
    share: float
    bias: float

    def scores(self, features: np.ndarray, before: Sequence[float]) -> list[float]:
        """features: float32 (n, d). before: the detector's n scores. The n scores after it."""
        seen = features @ self.weights + self.bias
        return [sigmoid(float(z) + self.share * logit(score)) for z, score in zip(seen, before, strict=True)]


class SecondLook:
    """A regression with the encoder that it belongs to, which is opened when the first crop is looked at."""

    def __init__(self, regression: Regression, size: int, opened: Callable[[], Runtime]):
        self.regression = regression
        self.size = size
        self._open = opened
        self._runtime: Runtime | None = None
        self._lock = threading.Lock()

    def again(
        self, pictures: Sequence[np.ndarray], found: Sequence[Sequence[Detection]], least: float
    ) -> list[list[Detection]]:
        """The boxes of each picture (uint8 HxWx3) with their scores after the second look, those of `least` and more,
        best first."""
        doubtful = [(k, i) for k, boxes in enumerate(found) for i, d in enumerate(boxes) if LEAST <= d.score < SURE]
        crops = [face_crop(pictures[k], found[k][i].box) for k, i in doubtful]
        scores = self.regression.scores(self.features(crops), [found[k][i].score for k, i in doubtful])
        after = dict(zip(doubtful, scores, strict=True))
        looked = [
            [Detection(d.box, after.get((k, i), d.score), d.detector) for i, d in enumerate(boxes)]
            for k, boxes in enumerate(found)
        ]
        return [sorted((d for d in boxes if d.score >= least), key=lambda d: -d.score) for boxes in looked]

    def features(self, crops: Sequence[np.ndarray]) -> np.ndarray:
        """The encoder's pooled features of crops as face_crop cuts them, float32 (n, d)."""
        if not crops:
            return np.zeros((0, len(self.regression.weights)), np.float32)
        with self._lock:
            self._runtime = self._runtime or self._open()
        return np.concatenate(self._runtime.run(divided(crops, BATCH), self._prepare))

    def _prepare(self, crops: Sequence[np.ndarray]) -> np.ndarray:
        return np.stack([fit_square(crop, self.size) for crop in crops])


def open_features(encoder: Path) -> Runtime:
    """The encoder up to its pooled features: uint8 (n, size, size, 3) -> float32 (n, d)."""
    spec, _ = read_encoder_header(encoder)
    return open_runtime(Source(encoder, lambda: _module(encoder), (2, spec.size, spec.size, 3), kind="pooled"))


def load_second_look(detector: Path, encoder: Path, path: Path | None = None) -> SecondLook | None:
    """The second look that belongs to these weights files; None where there is none, and, with a sentence in the log,
    where it belongs to others or is broken."""
    path = path or WEIGHTS
    if not path.is_file() or not encoder.is_file():
        return None
    try:
        regression, belongs = read_regression(path)
    except (SafetensorError, KeyError, TypeError, ValueError, OSError) as error:
        log.warning("%s cannot be read (%s): faces are looked at once.", path, error)
        return None
    for name, file in (("detector", detector), ("encoder", encoder)):
        if belongs.get(name) != digest(file):
            log.warning(
                "%s was made for another %s than %s: faces are looked at once. Make it again with "
                "`python -m recipes.detector.second_look`.",
                path,
                name,
                file,
            )
            return None
    return SecondLook(regression, read_encoder_header(encoder)[0].size, lambda: open_features(encoder))


def read_regression(path: Path) -> tuple[Regression, dict[str, Any]]:
    """What is in a file: the regression, and the digests of the detector and the encoder that it was fitted to."""
    with safe_open(path, "np") as file:
        weights, shared = file.get_tensor("weights"), file.get_tensor("share_and_bias")
        belongs = file.metadata() or {}
    if not (np.isfinite(weights).all() and np.isfinite(shared).all()):
        raise ValueError("it holds values that are no numbers")
    return Regression(weights.astype(np.float32), float(shared[0]), float(shared[1])), belongs


def digest(path: Path) -> str:
    """Hex digest of a weights file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _module(encoder: Path) -> nn.Module:
    from core.vision.network import PooledFeatures, read_encoder

    return PooledFeatures(read_encoder(encoder)[0])
