"""Drawn things that a detector takes for faces: circles, blossoms, butterflies, badges, hands, lettering. Each is a
patch, uint8 side x side x 3, with its alpha, uint8 side x side."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np

Patch = tuple[np.ndarray, np.ndarray]
Draw = Callable[[np.ndarray, np.random.Generator], None]
"""Draws on a canvas of four channels (colour and alpha) in place."""


def patch(rng: np.random.Generator, side: int = 96) -> Patch:
    """One such thing, of any colours, about as large as the patch."""
    canvas = np.zeros((side, side, 4), np.uint8)
    kinds = list(KINDS)
    kinds[rng.choice(len(kinds), p=list(KINDS.values()))](canvas, rng)
    return np.ascontiguousarray(canvas[..., :3]), np.ascontiguousarray(canvas[..., 3])


def _colour(rng: np.random.Generator) -> tuple[int, ...]:
    """Any colour; one in three is that of skin."""
    if rng.random() < 0.35:
        light = rng.uniform(0.6, 1.0)
        return (*(int(c * light) for c in (252, rng.integers(205, 232), rng.integers(180, 215))), 255)
    return (*map(int, rng.integers(0, 256, 3)), 255)


def circles(canvas: np.ndarray, rng: np.random.Generator) -> None:
    """Rings and discs in each other, or strewn: bubbles, lamps, wheels, eyes of a pattern."""
    side = canvas.shape[0]
    middle = (side // 2, side // 2)
    if rng.random() < 0.6:
        radius = 0.48 * side
        while radius > 3:
            wide = -1 if rng.random() < 0.6 else max(int(radius * rng.uniform(0.05, 0.3)), 1)
            cv2.circle(canvas, middle, int(radius), _colour(rng), wide, cv2.LINE_AA)
            radius *= rng.uniform(0.5, 0.9)
            if rng.random() < 0.3:
                break
        return
    for _ in range(rng.integers(2, 12)):
        place = tuple(map(int, rng.uniform(0.15, 0.85, 2) * side))
        cv2.circle(canvas, place, int(rng.uniform(0.04, 0.2) * side), _colour(rng), -1, cv2.LINE_AA)


def blossom(canvas: np.ndarray, rng: np.random.Generator) -> None:
    """Petals around a middle."""
    side, petals = canvas.shape[0], int(rng.integers(4, 9))
    colour, second = _colour(rng), _colour(rng)
    start, far, long, wide = rng.uniform(0, 90), rng.uniform(0.2, 0.28), rng.uniform(0.16, 0.22), rng.uniform(0.1, 0.2)
    for k in range(petals):
        angle = start + 360 * k / petals
        place = np.array([side / 2, side / 2]) + far * side * np.array(
            [np.cos(np.deg2rad(angle)), np.sin(np.deg2rad(angle))]
        )
        size = (int(long * side), int(wide * side))
        cv2.ellipse(canvas, tuple(map(int, place)), size, angle, 0, 360, colour, -1, cv2.LINE_AA)
        cv2.ellipse(canvas, tuple(map(int, place)), size, angle, 0, 360, second, 1, cv2.LINE_AA)
    cv2.circle(canvas, (side // 2, side // 2), int(rng.uniform(0.06, 0.16) * side), second, -1, cv2.LINE_AA)


def butterfly(canvas: np.ndarray, rng: np.random.Generator) -> None:
    """Two pairs of wings with spots, alike on both sides."""
    side = canvas.shape[0]
    colour, edge, spot = _colour(rng), _colour(rng), _colour(rng)
    for low in (True, False):
        x, y = rng.uniform(0.2, 0.27), rng.uniform(0.1, 0.2) * (1 if low else -1)
        size = (int(rng.uniform(0.15, 0.24) * side), int(rng.uniform(0.13, 0.22) * side))
        lean = rng.uniform(-40, 40)
        inner = rng.uniform(-0.05, 0.08, 2)
        for sign in (-1, 1):
            place = (int((0.5 + sign * x) * side), int((0.5 + y) * side))
            cv2.ellipse(canvas, place, size, sign * lean, 0, 360, colour, -1, cv2.LINE_AA)
            cv2.ellipse(canvas, place, size, sign * lean, 0, 360, edge, max(side // 40, 1), cv2.LINE_AA)
            dot = (int((0.5 + sign * (x + inner[0])) * side), int((0.5 + y + inner[1]) * side))
            cv2.circle(canvas, dot, max(int(rng.uniform(0.03, 0.06) * side), 1), spot, -1, cv2.LINE_AA)
    cv2.line(canvas, (side // 2, int(0.3 * side)), (side // 2, int(0.72 * side)), edge, max(side // 24, 1), cv2.LINE_AA)


def badge(canvas: np.ndarray, rng: np.random.Generator) -> None:
    """A disc, a shield or a star with a rim and a sign on it."""
    side, colour, rim = canvas.shape[0], _colour(rng), _colour(rng)
    corners = int(rng.choice([4, 5, 6, 8, 40]))
    inner = rng.uniform(0.5, 1.0) if corners < 40 else 1.0
    angles = np.arange(2 * corners) * np.pi / corners + rng.uniform(0, np.pi)
    radii = np.where(np.arange(2 * corners) % 2, inner, 1.0) * 0.46 * side
    points = np.round(side / 2 + radii[:, None] * np.stack([np.cos(angles), np.sin(angles)], 1)).astype(np.int32)
    cv2.fillPoly(canvas, [points], colour, cv2.LINE_AA)
    cv2.polylines(canvas, [points], True, rim, max(int(rng.uniform(0.02, 0.08) * side), 1), cv2.LINE_AA)
    for _ in range(rng.integers(1, 4)):
        _stroke(canvas, rng, (side / 2, side / 2), 0.25 * side, rim)


def hand(canvas: np.ndarray, rng: np.random.Generator) -> None:
    """A palm and fingers, stretched or bent."""
    side = canvas.shape[0]
    skin = tuple(int(c) for c in (252 * rng.uniform(0.7, 1), rng.integers(160, 225), rng.integers(130, 205), 255))
    edge = (*(int(c * 0.55) for c in skin[:3]), 255)
    palm, size = (
        (int(0.5 * side), int(0.64 * side)),
        (int(rng.uniform(0.16, 0.24) * side), int(rng.uniform(0.16, 0.24) * side)),
    )
    spread, start = rng.uniform(8, 24), rng.uniform(-120, -60)
    fingers = []
    for k in range(5):
        angle = np.deg2rad(start + (k - 2) * spread + (35 if k == 4 else 0))
        way = np.array([np.cos(angle), np.sin(angle)])
        tip = np.array(palm) + way * side * rng.uniform(0.25, 0.55)
        fingers.append((tuple(map(int, np.array(palm) + way * size[0] * 0.7)), tuple(map(int, tip))))
    wide = max(int(rng.uniform(0.07, 0.12) * side), 2)
    for colour, more in ((edge, 2), (skin, 0)):
        for a, b in fingers:
            cv2.line(canvas, a, b, colour, wide + more, cv2.LINE_AA)
        cv2.ellipse(canvas, palm, (size[0] + more // 2, size[1] + more // 2), 0, 0, 360, colour, -1, cv2.LINE_AA)


def letters(canvas: np.ndarray, rng: np.random.Generator) -> None:
    """Some large signs, Latin or of strokes like kana, with or without an edge."""
    side, colour, edge = canvas.shape[0], _colour(rng), _colour(rng)
    n = int(rng.integers(1, 4))
    cell = side / n
    for row in range(n):
        for column in range(n):
            middle = (cell * (column + 0.5), cell * (row + 0.5))
            if rng.random() < 0.5:
                for _ in range(rng.integers(2, 6)):
                    _stroke(canvas, rng, middle, 0.42 * cell, colour)
                continue
            sign, font, size = chr(rng.integers(48, 122)), int(rng.integers(0, 7)), cell / 30
            place = (int(middle[0] - 0.35 * cell), int(middle[1] + 0.35 * cell))
            for paint, wide in ((edge, 0.2), (colour, 0.1)):
                cv2.putText(canvas, sign, place, font, size, paint, max(int(wide * cell), 1), cv2.LINE_AA)


def _stroke(canvas: np.ndarray, rng: np.random.Generator, middle: tuple[float, float], reach: float, colour) -> None:
    """A bent line around a middle."""
    points = np.array(middle) + rng.uniform(-reach, reach, (int(rng.integers(2, 5)), 2))
    wide = max(int(rng.uniform(0.1, 0.28) * reach), 1)
    cv2.polylines(canvas, [np.round(points).astype(np.int32)], False, colour, wide, cv2.LINE_AA)


KINDS: dict[Draw, float] = {circles: 0.22, blossom: 0.2, butterfly: 0.16, badge: 0.14, hand: 0.14, letters: 0.14}
"""How often each is drawn."""
