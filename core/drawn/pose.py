"""How a head is turned, and where its own coordinates lie on the picture.

A head's own coordinates: the origin between the eyes, x to the right, y down, 1 = half the width of the face seen
from the front (so the chin is near y = 1.15 and the top of the skull near y = -1.4). A head is always drawn as
turned to the right, from 0 (front) over 0.55 (three quarters) to 1 (profile); `mirror` makes it the left.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from core.drawn.words import PoseName

_TURNS = (0.0, 0.55, 1.0)


def between(turn: float, front: float, threequarter: float, profile: float) -> float:
    """The value at a turn, from its values at the three turns that were designed by hand."""
    return float(np.interp(turn, _TURNS, (front, threequarter, profile)))


@dataclass(frozen=True, slots=True)
class Pose:
    """A head on a picture: turn 0 to 1, nod (looking down > 0), tilt in degrees, place and scale in picture pixels."""

    turn: float
    nod: float
    tilt: float
    mirror: bool
    x: float
    y: float
    scale: float
    back: bool = False

    @property
    def name(self) -> PoseName:
        """The pose in one word; a face tilted by more than 18 degrees is 'tilted' unless it is a profile."""
        if self.back:
            return "back"
        if self.turn > 0.8:
            return "profile"
        if abs(self.tilt) > 18:
            return "tilted"
        return "threequarter" if self.turn > 0.28 else "front"

    def place(self, points: np.ndarray) -> np.ndarray:
        """From the head's own coordinates to picture pixels, (n, 2)."""
        p = np.atleast_2d(np.asarray(points, float))
        x, y = p[:, 0] * (-1 if self.mirror else 1), p[:, 1]
        a = math.radians(self.tilt)
        # The head tilts about the neck, not about the eyes.
        y = y - 1.3
        turned = np.stack([x * math.cos(a) - y * math.sin(a), x * math.sin(a) + y * math.cos(a) + 1.3], axis=1)
        return turned * self.scale + (self.x, self.y)

    def place_body(self, points: np.ndarray) -> np.ndarray:
        """The same without the head's tilt: for the shoulders and what hangs from them."""
        p = np.atleast_2d(np.asarray(points, float))
        # The neck is short: the shoulders sit a little higher than their design.
        p = p - (0, 0.14)
        return p * (-self.scale if self.mirror else self.scale, self.scale) + (self.x, self.y)


@dataclass(frozen=True, slots=True)
class Head:
    """Where the parts of a turned head lie, in the head's own coordinates."""

    turn: float
    nod: float

    @property
    def skull_x(self) -> float:
        return between(self.turn, 0, -0.08, -0.26)

    @property
    def skull_r(self) -> float:
        return between(self.turn, 1.08, 1.11, 1.14)

    def around(self, u: float, radius: float | None = None) -> float:
        """x of a place on the head, u from -1 (over the left ear) over 0 (the middle of the face) to 1 (right ear)."""
        yaw = between(self.turn, 0, 22, 74)
        angle = np.clip(u * 86 + yaw, -105, 96)
        r = self.skull_r if radius is None else radius
        return self.skull_x + r * math.sin(math.radians(angle))

    def eye(self, side: int, gap: float) -> tuple[float, float, float]:
        """Centre x, y of an eye and its width as a share; side -1 is the near (left) one, 1 the far one."""
        if side < 0:
            return (
                between(self.turn, -0.47 * gap, -0.13 * gap, 0.36),
                0.06 * self.nod,
                between(self.turn, 1, 0.96, 0.62),
            )
        return between(self.turn, 0.47 * gap, 0.54 * gap, 0.7), 0.06 * self.nod, between(self.turn, 1, 0.72, 0.2)

    @property
    def far_eye_seen(self) -> bool:
        return self.turn < 0.8

    @property
    def middle(self) -> float:
        """x of the middle line of the face, at the mouth."""
        return between(self.turn, 0, 0.3, 0.62)
