"""Smooth curves from a few points: what every drawn outline is made of."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, lru_cache

import numpy as np

Point = Sequence[float] | np.ndarray

Points = np.ndarray | Sequence[tuple[float, float]]


def vec(x: float, y: float) -> np.ndarray:
    """A step by which points are moved, float64 (2,)."""
    return np.array([x, y], float)


def spline(points: Points, *, closed: bool = False, steps: int = 8) -> np.ndarray:
    """A Catmull-Rom curve through the points, float64 (n, 2); it passes through every one of them."""
    p = np.asarray(points, float)
    if len(p) < 3:
        return p
    ends = (p[-1:], p[:2]) if closed else (2 * p[:1] - p[1:2], 2 * p[-1:] - p[-2:-1])
    p = np.vstack([ends[0], p, ends[1]])
    t = (np.arange(steps) / steps)[None, :, None]
    a, b, c, d = (p[i : len(p) - 3 + i][:, None, :] for i in range(4))
    curve = 0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3)
    curve = curve.reshape(-1, 2)
    return curve if closed else np.vstack([curve, p[-2]])


def bend(start: Point, control: Point, end: Point, *, steps: int = 8) -> np.ndarray:
    """A quadratic Bezier curve from start to end, pulled towards control; float64 (steps + 1, 2)."""
    of_start, of_control, of_end = _quadratic(steps)
    s, c, e = (np.asarray(v, float) for v in (start, control, end))
    return np.asarray(of_start * s + of_control * c + of_end * e)


@cache
def _quadratic(steps: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The shares of the three points along the curve, (steps + 1, 1) each."""
    t = np.linspace(0, 1, steps + 1)[:, None]
    return (1 - t) ** 2, 2 * t * (1 - t), t**2


def locks(edge: Sequence[tuple[float, float]], belly: float = 0.25) -> np.ndarray:
    """A ragged edge of pointed locks: valley, tip, valley, tip, ... valley, with sharp tips and rounded sides.

    `edge` alternates valleys and tips. `belly` says how far the sides bulge outwards, as a share of their length.
    """
    p = np.asarray(edge, float)
    parts = []
    for i in range(len(p) - 1):
        start, end = p[i], p[i + 1]
        valley, tip = (start, end) if i % 2 == 0 else (end, start)
        partner = p[i + 2] if i % 2 == 0 and i + 2 < len(p) else p[i - 1]
        middle = (valley + tip) / 2
        away = valley - partner
        norm = np.hypot(*away) or 1.0
        length = np.hypot(*(tip - valley))
        parts.append(bend(start, middle + away / norm * belly * length * 0.5, end, steps=6)[:-1])
    return np.vstack([*parts, p[-1:]])


def ellipse(
    cx: float, cy: float, rx: float, ry: float, start: float = 0, end: float = 360, steps: int = 28
) -> np.ndarray:
    """Points on an ellipse from one angle to another, in degrees; 0 is right, 90 is down (y grows downwards)."""
    return _arc(start, end, steps) * (rx, ry) + (cx, cy)


@lru_cache(maxsize=256)
def _arc(start: float, end: float, steps: int) -> np.ndarray:
    """Points on the unit circle, (steps, 2)."""
    a = np.radians(np.linspace(start, end, steps))
    return np.stack([np.cos(a), np.sin(a)], axis=1)


def ribbon(curve: np.ndarray, widths: np.ndarray) -> np.ndarray:
    """The closed outline of a stroke along a curve whose full width changes from point to point."""
    tangent = np.gradient(curve, axis=0)
    tangent /= np.maximum(np.hypot(tangent[:, 0], tangent[:, 1]), 1e-9)[:, None]
    normal = np.stack([-tangent[:, 1], tangent[:, 0]], axis=1) * (np.asarray(widths) / 2)[:, None]
    return np.vstack([curve + normal, (curve - normal)[::-1]])
