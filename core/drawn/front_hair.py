"""The hair in front: cap, fringe, side locks, ahoge and the band of gloss."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.drawn.colours import mix
from core.drawn.curves import bend, ellipse, locks, spline, vec
from core.drawn.hair import Tones, mass, tones
from core.drawn.pose import Head, between
from core.drawn.style import Pen
from core.drawn.traits import Character

Edge = list[tuple[float, float]]


@dataclass(frozen=True, slots=True)
class FrontHair:
    """Where the front hair lies, in head units: closed outlines of cap and side locks, and the fringe's valleys."""

    cap: np.ndarray
    crown: np.ndarray
    fringe: np.ndarray
    valleys: np.ndarray
    tips: np.ndarray
    sides: tuple[np.ndarray, ...]


def fringe_edge(character: Character, flip: int) -> Edge:
    """The fringe's lower edge as (u, y): valley, tip, ... valley from the left temple (u = -0.9) to the right one.

    `flip` is -1 where the head is mirrored, so that a parting stays on the character's own side.
    """
    rng = np.random.default_rng(character.seed)
    part = character.parting * flip
    jitter = lambda size: float(rng.uniform(-size, size))  # noqa: E731
    left, right = (-0.9, -0.2), (0.9, -0.2)

    def teeth(n: int, tip, valley) -> Edge:
        us = np.linspace(-0.9, 0.9, n + 1)
        edge: Edge = [left]
        for i in range(n):
            middle = (us[i] + us[i + 1]) / 2
            edge.append((middle + jitter(0.05), tip(middle)))
            edge.append((us[i + 1], valley(us[i + 1])) if i < n - 1 else right)
        return edge

    match character.fringe:
        case "blunt":
            return teeth(8, lambda u: -0.2 + jitter(0.035), lambda u: -0.31 + jitter(0.04))
        case "choppy":
            return teeth(6, lambda u: -0.14 + 0.1 * abs(u) + jitter(0.12), lambda u: -0.5 + jitter(0.1))
        case "m":
            return [
                left,
                (-0.62 + jitter(0.05), 0.08),
                (-0.36, -0.68),
                (part * 0.25, 0.08 + jitter(0.08)),
                (0.36, -0.68),
                (0.62 + jitter(0.05), 0.08),
                right,
            ]
        case "parted":
            return [
                left,
                (-0.78, 0.18),
                (-0.62, -0.32),
                (-0.52 + part * 0.2, -0.12),
                (-0.3 + part * 0.5, -0.52),
                (-0.24 + part * 0.6, -0.38),
                (part, -1.05),
                (0.24 + part * 0.6, -0.38),
                (0.3 + part * 0.5, -0.52),
                (0.52 + part * 0.2, -0.12),
                (0.62, -0.32),
                (0.78, 0.18),
                right,
            ]
        case "curtain":
            return [
                left,
                (-0.82, 0.42),
                (-0.66, -0.1),
                (-0.5, 0.02),
                (part * 0.4, -1.1),
                (0.5, 0.02),
                (0.66, -0.1),
                (0.82, 0.42),
                right,
            ]
        case "open":
            return [
                left,
                (-0.72, -0.5),
                (-0.55, -0.86),
                (-0.3, -0.84),
                (0.0, -0.98),
                (0.3, -0.84),
                (0.55, -0.86),
                (0.72, -0.5),
                right,
            ]
        case _:  # swept and one eye: all locks fall from a parting on one side to the other
            deep = 0.42 if character.fringe == "one eye" else 0.06
            edge = [
                left,
                (-0.8, 0.1),
                (-0.64, -0.95),
                (-0.36, -0.3 + jitter(0.06)),
                (-0.22, -0.52),
                (0.02, -0.16 + jitter(0.06)),
                (0.12, -0.38),
                (0.42, deep * 0.6 + jitter(0.05)),
                (0.5, -0.2),
                (0.72, deep + 0.1),
                right,
            ]
            return edge if part > 0 else [(-u, y) for u, y in reversed(edge)]


def _side_lock(x: float, side: int, length: float, width: float, curl: bool, sway: float) -> np.ndarray:
    top, end = -0.75, length
    swing = side * 0.06 + sway
    outer = spline(
        [
            (x + side * width * 0.5, top),
            (x + side * (width * 0.75), 0.0),
            (x + side * width * 0.6 + swing, end * 0.6),
            (x + side * width * 0.1 + swing * 1.6, end),
        ],
        steps=6,
    )
    inner = spline(
        [
            (x + side * width * 0.1 + swing * 1.6, end),
            (x - side * width * 0.4 + swing, end * 0.62),
            (x - side * width * 0.55, 0.0),
            (x - side * width * 0.5, top),
        ],
        steps=6,
    )
    lock = np.vstack([outer, inner])
    if curl:
        below = np.clip((lock[:, 1] - 0.2) / max(end, 0.5), 0, None)
        lock[:, 0] += 0.14 * np.sin(below * 9) * side
    return lock


def arrange(character: Character, head: Head, flip: int, sway: float) -> FrontHair:
    """The front hair of a character on a head so turned; sway moves the tips sideways, in head units."""
    volume = character.hair_volume
    rx, ry = head.skull_r * (1.04 + 0.1 * volume), 1.05 + 0.2 * volume
    cy = -0.36
    crown = ellipse(head.skull_x, cy, rx, ry, between(head.turn, 172, 158, 134), 368, 40)
    edge = fringe_edge(character, flip)
    radius = head.skull_r * 0.99
    placed = [
        (head.around(u, radius) + (sway if i % 2 else 0), y + 0.06 * head.nod * (y > -0.8))
        for i, (u, y) in enumerate(edge)
    ]
    fringe = locks(placed[::-1], belly=0.22)
    near = (placed[0][0] - 0.03, between(head.turn, -0.1, 0.1, 0.45))
    cap = np.vstack([crown, fringe, [near]])
    sides = []
    spec = {"short": (0.95, 0.26), "long": (2.0, 0.34), "tied": (1.8, 0.28), "curl": (1.7, 0.26), "none": (0.3, 0.2)}
    length, width = spec[character.side_hair]
    length *= 0.6 + 0.4 * character.hair_length
    for side in (-1, 1):
        if side > 0 and head.turn > 0.8:
            continue
        x = head.around(side * 0.86, head.skull_r * 0.98)
        squeeze = 1.0 if side < 0 else between(head.turn, 1, 0.7, 0.4)
        sides.append(_side_lock(x, side, length, width * squeeze, character.side_hair == "curl", sway))
    points = np.array(placed)
    return FrontHair(cap, crown, fringe, points[2:-1:2], points[1::2], tuple(sides))


def draw_front_hair(pen: Pen, character: Character, head: Head, front: FrontHair, flip: int, sway: float) -> None:
    """Side locks, cap with fringe, gloss, ahoge."""
    hair = tones(character, pen)
    tips = hair.second if character.hair_pattern == "tips" else None
    for lock in front.sides:
        low = lock[:, 1].max()
        middle = (lock[: len(lock) // 2] + lock[::-1][: len(lock) // 2]) / 2
        shadow = np.vstack([lock[: len(lock) // 2], middle[::-1]])
        mass(pen, lock, hair, span=(0.0, low), strands=[middle], wedges=[shadow], tips=tips)
        if character.side_hair == "tied":
            at = lock[np.abs(lock[:, 1] - 0.85) < 0.16]
            if len(at) > 1:
                x0, x1 = at[:, 0].min() - 0.04, at[:, 0].max() + 0.04
                pen.shape(np.array([[x0, 0.8], [x1, 0.8], [x1, 0.95], [x0, 0.95]]), character.accent, 0.8)
    whorl = np.array([head.skull_x + between(head.turn, 0.0, 0.05, 0.0), -1.2])
    strands, wedges = [], []
    rng = np.random.default_rng(character.seed + 1)
    for x, y in front.valleys:
        root = whorl + vec(0.25 * (x - whorl[0]), -0.1)
        path = bend(root, (x + 0.18 * (x - whorl[0]), -0.95), (x, y), 16)
        # A strand is seen where it parts from its neighbour and where it leaves the whorl, not all the way.
        strands += [path[int(rng.integers(6, 11)) :], path[: int(rng.integers(4, 8))]]
        width, reach = float(rng.uniform(0.07, 0.13)), int(rng.integers(7, 11))
        stem = path[reach:]
        wedges.append(
            np.vstack(
                [stem - vec(0.01, 0), [(x - width, y + 0.16)], [(x + width, y + 0.16)], stem[::-1] + vec(0.03, 0)]
            )
        )
    for x, y in front.tips:
        lean = float(rng.uniform(-0.1, 0.1))
        strands.append(bend((x + lean * 1.6, y - float(rng.uniform(0.3, 0.55))), (x + lean, y - 0.2), (x, y - 0.03), 6))
    away = 1 if pen.style.lit_from_left else -1
    s = np.linspace(0, 1, 18)
    rim = front.crown[-18:] if away > 0 else front.crown[:18]
    depth = 0.3 * np.sin(np.pi * s) ** 1.7
    wedges.append(np.vstack([rim, (rim - np.stack([away * depth, -0.35 * depth], axis=1))[::-1]]))
    mass(
        pen,
        front.cap,
        hair,
        span=(-1.2, 0.4),
        wedges=wedges,
        tips=None,
        edge=front.fringe,
    )
    with pen.clip(front.cap) as inside:
        # Thin hair before the brow lets the skin's warmth through.
        veil = ellipse(head.middle * 0.9, -0.02, 0.7 * (1 - 0.4 * head.turn), 0.3)
        with inside.clip(veil, soft=0.22, opacity=0.34) as warmth:
            warmth.gradient(character.skin, character.skin, 0, 1)
        if character.hair_pattern == "streak":
            side = flip * (1 if character.seed % 2 else -1)
            x0, x1 = sorted((head.around(side * 0.34), head.around(side * 0.52)))
            root = whorl + vec(0.2 * side, -0.1)
            inside.fill(
                np.vstack([bend(root, (x0, -0.9), (x0, 0.4)), bend((x1, 0.4), (x1 + 0.1 * side, -0.9), root)]),
                hair.second,
            )
        _gloss(inside, head, hair, character.seed)
        for strand in strands:
            inside.taper(strand, mix(hair.deep, hair.ink, 0.5), 1.0)
    if character.back_hair != "spiky":
        pen.line(front.crown[8:] if head.turn > 0.3 else front.crown, hair.ink, 1.1)
    for k in range(character.ahoge):
        s = (1 if character.seed % 3 else -1) * flip * (1 if k == 0 else -1)
        root = np.array([whorl[0] + 0.05 * s, -1.45 - 0.1 * character.hair_volume])
        tip = root + vec(0.5 * s + sway * 2, -0.28 - 0.1 * (character.seed % 4) / 4)
        blade = np.vstack(
            [
                bend(root - (0.07, 0), root + vec(0.0, -0.6), tip, 8),
                bend(tip, root + vec(0.16 * s, -0.42), root + vec(0.07, 0.02), 8),
            ]
        )
        pen.shape(blade, hair.base)


def _gloss(pen: Pen, head: Head, hair: Tones, seed: int) -> None:
    """The 'angel ring': a ragged band of light around the head."""
    if pen.style.gloss < 0.15:
        return
    rng = np.random.default_rng(seed + 2)
    thick = 0.1 * pen.style.gloss
    for u0, u1 in ((-0.82, -0.15), (-0.05, 0.6)):
        us = np.linspace(u0, u1, 9)
        line = np.array([(head.around(u, head.skull_r * 0.97), -0.98 + 0.3 * u * u) for u in us])
        swell = np.sin(np.pi * np.linspace(0, 1, 9)) ** 0.6
        ragged = np.where(np.arange(9) % 2, 0.5, 1.4) * rng.uniform(0.7, 1.2, 9)
        top = line - np.stack([np.zeros(9), thick * swell * np.where(np.arange(9) % 2, 1.1, 0.6)], axis=1)
        bottom = line + np.stack([np.zeros(9), thick * swell * ragged], axis=1)
        pen.fill(np.vstack([top, bottom[::-1]]), hair.gloss)
