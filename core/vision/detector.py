"""What a face detector is, and which one a name stands for.

Two ways of finding faces stand behind one small interface: the cascade of the article (core.vision.cascade) and
our own network (core.vision.cnn). Everything above asks `load_detector` and never knows which it got.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol, runtime_checkable

import numpy as np

from core.errors import DetectorError
from core.imaging.boxes import Detection
from core.plugins import refuse_taken
from core.settings import PRETRAINED, Settings

WEIGHTS = PRETRAINED / "detector.safetensors"
"""The shipped weights of `cnn`."""

NAMES = ("auto", "cnn", "cnn-tiles", "cascade", "cascade-sensitive", "cascade-raw")
"""What `load_detector` knows. cnn-tiles looks at pictures over 2,000 pixels in overlapping tiles too, for small faces.
cascade-raw: the article's boxes as OpenCV returns them, about 1.5 times too large."""


@runtime_checkable
class Detector(Protocol):
    """Finds faces. Safe to use from several threads at once."""

    name: str
    operating_point: float
    """The score at which faces are kept without a person's look; what min_score None means."""

    def detect(self, rgb: np.ndarray, *, min_score: float | None = None) -> list[Detection]:
        """Faces of one picture (uint8 HxWx3, RGB), best first, boxes in its pixels by the tight convention.

        min_score None is the detector's own operating point; lower brings more boxes, for a person to look at.
        """
        ...

    def detect_many(self, pictures: Sequence[np.ndarray], *, min_score: float | None = None) -> list[list[Detection]]:
        """The same for many pictures of any sizes, in their order; faster than one by one where it can be."""
        ...


_added: dict[str, Callable[[Settings], Detector]] = {}


def register_detector(name: str, load: Callable[[Settings], Detector]) -> None:
    """Add a detector by name; `load` is called when it is asked for. Raises PluginError where the name is taken."""
    refuse_taken("detector", name, detector_names())
    _added[name] = load


def detector_names() -> tuple[str, ...]:
    """All that load_detector knows, those of plugins last."""
    return (*NAMES, *_added)


def check_detector(name: str) -> None:
    """Raises DetectorError, with the names there are, for one that load_detector does not know: before any work."""
    if name not in detector_names():
        raise DetectorError(f"There is no detector {name!r}. Choose one of: {', '.join(detector_names())}.")


def load_detector(name: str = "auto", *, settings: Settings | None = None) -> Detector:
    """The detector of that name, ready to use.

    auto is `cnn` where its weights are, else `cascade-sensitive` where the cascade's file is or can be fetched.
    Raises DetectorError, in words, where the name is unknown or nothing can be had.
    """
    check_detector(name)
    settings = settings or Settings()
    if name == "auto":
        return _best(settings)
    if name in _added:
        return _added[name](settings)
    if name in ("cnn", "cnn-tiles"):
        from core.vision.cnn import CnnDetector
        from core.vision.second_look import ENCODER, load_second_look

        second_look = load_second_look(WEIGHTS, ENCODER)
        return CnnDetector.load(WEIGHTS, tiles=name == "cnn-tiles", second_look=second_look)
    from core.vision.cascade import PRESETS, CascadeDetector, find_cascade

    return CascadeDetector(find_cascade(settings), PRESETS[name])


def _best(settings: Settings) -> Detector:
    if WEIGHTS.is_file():
        return load_detector("cnn", settings=settings)
    try:
        return load_detector("cascade-sensitive", settings=settings)
    except DetectorError as error:
        raise DetectorError(f"No face detector can be had: {WEIGHTS} does not exist, and: {error}") from error
