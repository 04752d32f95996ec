"""A plugin with a detector for tests on several processes: bright rectangles are faces, and it can be told to die."""

import os
import signal
from pathlib import Path

import numpy as np

from core.imaging.boxes import Box, Detection
from core.vision.detector import register_detector

DEADLY = "WHOAMI_TEST_DEADLY"
"""Names a file; where it exists, the next look at a picture with a red corner deletes it and kills its process."""


class Bright:
    """Finds each bright rectangle of a picture; one in its left half surely, others faintly."""

    name, operating_point = "bright", 0.5

    def detect(self, rgb, *, min_score=None):
        deadly = Path(os.environ.get(DEADLY, "/nowhere"))
        if rgb[0, 0, 0] > 150 > rgb[0, 0, 1] and deadly.exists():
            deadly.unlink()
            os.kill(os.getpid(), signal.SIGKILL)
        found = []
        for left, score in ((0, 0.9), (100, 0.4)):
            ys, xs = np.nonzero(rgb[:, left : left + 100].min(axis=2) > 150)
            if len(xs):
                box = Box.from_corners(left + xs.min(), ys.min(), left + xs.max() + 1, ys.max() + 1)
                found.append(Detection(box, score, self.name))
        return found

    def detect_many(self, pictures, *, min_score=None):
        return [self.detect(rgb, min_score=min_score) for rgb in pictures]


register_detector("bright", lambda settings: Bright())
