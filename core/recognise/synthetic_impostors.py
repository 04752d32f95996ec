"""Faces that play the stranger: enrolled faces with their hues turned, so that nobody knows them.

An encoder that was trained on the enrolled characters holds them apart as it holds no stranger, so their own scores
promise too much: an encoder trained from random weights on 8 hololive characters let 62 % of the faces of 4 others
pass where 5 % were asked for. With hues turned it let 7 % pass; starting from an encoder that knows anime faces, 5 %. A
person with other colours is another character to whoever goes by hair and eyes; grey and white ones hardly
change and are left out.
"""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

TURNS = (90, 180, 270)
LEAST_CHANGE = 12.0
"""Mean change of a pixel, 0 to 255, from which a turned face counts as another person's."""


def turn_hue(face: np.ndarray, degrees: int) -> np.ndarray:
    """The uint8 RGB face (h, w, 3) with all hues turned; lightness and greys stay."""
    hsv = cv2.cvtColor(face, cv2.COLOR_RGB2HSV)
    hsv[..., 0] = (hsv[..., 0].astype(np.int16) + degrees // 2) % 180  # OpenCV counts hues in two degrees
    return cv2.cvtColor(hsv, cv2.COLOR_HSV2RGB)


def synthetic_impostors(faces: Sequence[np.ndarray], *, limit: int = 240) -> list[np.ndarray]:
    """At most `limit` turned faces out of these uint8 RGB faces, spread evenly over them, three turns of each."""
    wanted = max(limit // len(TURNS), 1)
    if not len(faces):
        return []
    chosen = np.unique(np.linspace(0, len(faces) - 1, min(wanted, len(faces))).astype(int))
    found = []
    for index in chosen:
        face = np.ascontiguousarray(faces[index])
        for degrees in TURNS:
            turned = turn_hue(face, degrees)
            if np.abs(turned.astype(np.int16) - face).mean() >= LEAST_CHANGE:
                found.append(turned)
    return found
