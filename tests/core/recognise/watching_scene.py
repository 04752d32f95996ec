"""A film of coloured squares on grey, and eyes that see them: red is one face, blue another."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import numpy as np

from core.imaging.boxes import Box, Detection
from tests.core.video.videos import write_video

RED, BLUE = (220, 20, 20), (20, 20, 220)
RATE = 10
SIDE = 24


def frame(*squares, ground=90, height=64, width=128):
    """Squares (colour, x) on a ground."""
    rgb = np.full((height, width, 3), ground, np.uint8)
    for colour, x in squares:
        rgb[20 : 20 + SIDE, x : x + SIDE] = colour
    return rgb


def film(path: Path) -> Path:
    """Two seconds of a red square that moves, one in which it stands still beside a blue one, then two seconds of a
    blue one on another ground."""
    frames = [frame((RED, 2 * n)) for n in range(20)]
    frames += [frame((RED, 40), (BLUE, 90))] * 10
    frames += [frame((BLUE, 100 - 4 * n), ground=230) for n in range(20)]
    return write_video(path, frames, rate=RATE)


class Eyes:
    """What finds and embeds the squares. frames: how many it was shown."""

    def __init__(self):
        self.frames = 0
        self.detector = SimpleNamespace(detect_many=self._detect)
        self.encoder = SimpleNamespace(embed=self._embed)

    def _detect(self, pictures):
        self.frames += len(pictures)
        return [self._squares(rgb.astype(int)) for rgb in pictures]

    def _squares(self, rgb):
        found = []
        for own, other in ((0, 2), (2, 0)):
            columns = np.flatnonzero(((rgb[..., own] - rgb[..., other]) > 90).any(axis=0))
            if len(columns):
                found.append(Detection(Box(float(columns[0]), 20, float(len(columns)), SIDE), 0.9))
        return found

    def _embed(self, crops, *, framing):
        assert framing == "given"
        reds = [crop[crop.shape[0] // 2, crop.shape[1] // 2] for crop in crops]
        return np.array([[1, 0] if c[0] > c[2] else [0, 1] for c in reds], np.float32).reshape(-1, 2)
