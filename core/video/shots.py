"""Cuts: where one shot ends and the next begins, and frames that show nothing new."""

from __future__ import annotations

import cv2
import numpy as np

from core.errors import PictureError

CUT = 27.0
"""Mean difference of hue, saturation and brightness (0 to 255) from which two frames are of different shots."""

SHORTEST = 4
"""Frames that a shot has at least: a flash is no shot."""


class CutDetector:
    """Says frame by frame whether a shot begins (PySceneDetect's content detector). Frames must come in order."""

    def __init__(self, threshold: float = CUT):
        try:
            from scenedetect import FrameTimecode
            from scenedetect.detector import FlashFilter
            from scenedetect.detectors import ContentDetector
        except ImportError as error:
            raise PictureError("Videos need one more package: pip install -r requirements-video.txt") from error
        self._timecode = FrameTimecode
        mode = FlashFilter.Mode.SUPPRESS  # says so at once; the other mode waits until a series of cuts is over
        self._detector = ContentDetector(threshold=threshold, min_scene_len=SHORTEST, filter_mode=mode)
        self._number = 0

    def cut_at(self, small: np.ndarray) -> bool:
        """Whether a new shot begins with this frame (small uint8 hxwx3 RGB). The first frame begins one."""
        code = self._timecode(self._number, 25.0)
        found = self._detector.process_frame(code, cv2.cvtColor(small, cv2.COLOR_RGB2BGR))
        self._number += 1
        return bool(found) or self._number == 1


def differs(small: np.ndarray, other: np.ndarray, *, least: float = 3.0) -> bool:
    """Whether two small frames uint8 hxwx3 show different things: their mean absolute difference is over `least`.

    Animation holds a drawing for two or three frames, and a still scene for seconds: nothing new is to be found there.
    """
    if small.shape != other.shape:
        return True
    return float(cv2.absdiff(small, other).mean()) > least
