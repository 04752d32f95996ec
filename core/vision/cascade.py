"""The article's detector: nagadomi's LBP cascade for anime faces, run by OpenCV.

The cascade's file (MIT) is not part of this project: it is looked for, else fetched once from its upstream.
Its boxes hold hair and background; a fixed factor, measured on drawn boxes, brings them to the tight convention
(mid-forehead to chin, cheek to cheek) that all detectors here share.
"""

from __future__ import annotations

import os
import tempfile
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from core.errors import DetectorError
from core.imaging.boxes import Box, Detection
from core.imaging.hashes import sha256
from core.settings import PRETRAINED, Settings

FILE_NAME = "lbpcascade_animeface.xml"
URL = "https://raw.githubusercontent.com/nagadomi/lbpcascade_animeface/master/lbpcascade_animeface.xml"
SHA256 = "9376d30ac38db6bda2a68b88b3b76bbd7e6aa33af47f7f5c76bc88ca75f1ce30"

TIGHT_SIZE = 0.67
"""Side of the tight box over the side of the cascade's box: median over the cascade's hits on drawn boxes."""
TIGHT_SHIFT = 0.01
"""How far down the tight box's centre lies, as a share of the cascade's side: same measurement."""


@dataclass(frozen=True)
class CascadePreset:
    """How the cascade is run. The defaults are the article's settings."""

    name: str = "cascade"
    scale_factor: float = 1.1
    min_neighbours: int = 5
    min_size: int = 24
    sides: tuple[int, int] | None = None
    """Bring the long side into this range of pixels first; None leaves the picture as it is."""
    mirrored: bool = False
    """Look at the mirror image too, and join what both passes find."""
    tight: bool = True
    """Bring the boxes to the tight convention; False leaves them as OpenCV returns them."""


PRESETS = {
    preset.name: preset
    for preset in (
        CascadePreset("cascade"),
        CascadePreset("cascade-raw", tight=False),
        CascadePreset("cascade-sensitive", 1.05, 3, 24, sides=(500, 700), mirrored=True),
    )
}


class CascadeDetector:
    """The cascade behind the Detector interface.

    The score is n / (n + m) for n windows that agree on a face and m the preset's minimum: 0.5 is the preset's own
    operating point, a lower min_score lets faces with fewer agreeing windows through. OpenCV's classifier keeps
    state while it works, so each thread gets its own.
    """

    operating_point = 0.5

    def __init__(self, path: Path, preset: CascadePreset = PRESETS["cascade"]):
        self.name = preset.name
        self.preset = preset
        self._path = path
        self._local = threading.local()
        self._classifier()

    def detect(self, rgb: np.ndarray, *, min_score: float | None = None) -> list[Detection]:
        """Faces of a uint8 HxWx3 RGB picture, best first; see Detector."""
        preset = self.preset
        least = self.operating_point if min_score is None else min(max(min_score, 0.0), 0.95)
        neighbours = max(int(preset.min_neighbours * least / (1 - least)), 1)
        height, width = rgb.shape[:2]
        factor = _working_factor(max(height, width), preset.sides)
        grey = cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY)
        if factor != 1:
            how = cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC
            grey = cv2.resize(grey, None, fx=factor, fy=factor, interpolation=how)
        grey = cv2.equalizeHist(grey)
        found = self._windows(grey, neighbours)
        if preset.mirrored:
            wide = grey.shape[1]
            mirrored = self._windows(np.ascontiguousarray(grey[:, ::-1]), neighbours)
            found = merge(found + [(Box(wide - b.right, b.y, b.w, b.h), n) for b, n in mirrored])
        detections = []
        for box, count in found:
            box = (tighten(box) if preset.tight else box).scale(1 / factor).clip(width, height)
            if box is not None:
                detections.append(Detection(box, count / (count + preset.min_neighbours), self.name))
        return sorted(detections, key=lambda d: -d.score)

    def detect_many(self, pictures: Sequence[np.ndarray], *, min_score: float | None = None) -> list[list[Detection]]:
        """One picture after the other; OpenCV itself uses all cores on each."""
        return [self.detect(rgb, min_score=min_score) for rgb in pictures]

    def _windows(self, grey: np.ndarray, neighbours: int) -> list[tuple[Box, float]]:
        p = self.preset
        boxes, counts = self._classifier().detectMultiScale2(
            grey, scaleFactor=p.scale_factor, minNeighbors=neighbours, minSize=(p.min_size, p.min_size)
        )
        return [(Box(*map(float, box)), float(n)) for box, n in zip(boxes, counts, strict=True)]

    def _classifier(self) -> cv2.CascadeClassifier:
        classifier = getattr(self._local, "classifier", None)
        if classifier is None:
            classifier = cv2.CascadeClassifier()
            try:
                loaded = classifier.load(str(self._path))
            except cv2.error as error:
                raise DetectorError(f"{self._path} is not a cascade that OpenCV can read: {error}") from error
            if not loaded:
                raise DetectorError(f"{self._path} is not a cascade that OpenCV can read. Put {FILE_NAME} there.")
            self._local.classifier = classifier
        return classifier


def tighten(box: Box) -> Box:
    """A cascade box by the tight convention: smaller by TIGHT_SIZE, its centre moved down by TIGHT_SHIFT."""
    cx, cy = box.centre
    return Box.from_centre(cx, cy + TIGHT_SHIFT * box.h, box.w * TIGHT_SIZE, box.h * TIGHT_SIZE)


def merge(found: Sequence[tuple[Box, float]], iou: float = 0.3) -> list[tuple[Box, float]]:
    """Join boxes of several passes that overlap: the mean box, weighted by its windows; the counts averaged over 2.

    >>> merge([(Box(0, 0, 10, 10), 6.0), (Box(0, 0, 10, 10), 2.0), (Box(50, 50, 10, 10), 4.0)])
    [(Box(x=0.0, y=0.0, w=10.0, h=10.0), 4.0), (Box(x=50.0, y=50.0, w=10.0, h=10.0), 2.0)]
    """
    groups: list[list[tuple[Box, float]]] = []
    for box, count in sorted(found, key=lambda item: -item[1]):
        for group in groups:
            if group[0][0].iou(box) >= iou:
                group.append((box, count))
                break
        else:
            groups.append([(box, count)])
    merged = []
    for group in groups:
        weights = np.array([count for _, count in group])
        corners = np.array([(b.x, b.y, b.w, b.h) for b, _ in group])
        mean = (corners * weights[:, None]).sum(0) / weights.sum()
        merged.append((Box(*map(float, mean)), float(weights.sum() / 2)))
    return merged


def find_cascade(settings: Settings | None = None) -> Path:
    """The cascade's file: as set in the settings, in a models folder, else fetched once from its upstream.

    Raises DetectorError, in words, where it cannot be had.
    """
    settings = settings or Settings()
    if settings.cascade is not None:
        if settings.cascade.is_file():
            return settings.cascade
        raise DetectorError(
            f"The settings name {settings.cascade} as the cascade, but there is no such file. "
            "Correct `cascade` in settings.toml (or WHOAMI_CASCADE), or remove it."
        )
    for folder in (settings.models, PRETRAINED.parent, PRETRAINED):
        if (folder / FILE_NAME).is_file():
            return folder / FILE_NAME
    return fetch_cascade(settings.models / FILE_NAME, user_agent=settings.user_agent)


def fetch_cascade(target: Path, *, user_agent: str = "", url: str = URL) -> Path:
    """Download the cascade to `target`, check its sha256, and put it in place in one step.

    Raises DetectorError where the network fails or the bytes are not the ones expected.
    """
    import httpx

    advice = f"Download it from {URL} and save it as {target}, or name its place in settings.toml (cascade = ...)."
    try:
        answer = httpx.get(url, timeout=20, follow_redirects=True, headers={"User-Agent": user_agent or "WhoAmI"})
        answer.raise_for_status()
    except httpx.HTTPError as error:
        reason = str(error) or type(error).__name__
        raise DetectorError(
            f"The cascade {FILE_NAME} is not here and could not be fetched: {reason}. {advice}"
        ) from error
    digest = sha256(answer.content)
    if digest != SHA256:
        raise DetectorError(
            f"What {url} returned is not the cascade this project knows (sha256 {digest[:12]}..., "
            f"expected {SHA256[:12]}...); nothing was saved. {advice}"
        )
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=".cascade-")
    with os.fdopen(handle, "wb") as file:
        file.write(answer.content)
    Path(temporary).replace(target)
    return target


def _working_factor(side: int, sides: tuple[int, int] | None) -> float:
    """By how much the long side must be scaled to lie in the range.

    >>> _working_factor(320, (640, 1000)), _working_factor(2000, (640, 1000)), _working_factor(800, (640, 1000))
    (2.0, 0.5, 1.0)
    """
    if sides is None:
        return 1.0
    return min(max(side, sides[0]), sides[1]) / side
