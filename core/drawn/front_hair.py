"""The hair in front: cap, fringe, side locks, ahoge and the band of gloss."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.drawn.colours import mix
from core.drawn.curves import bend, ellipse, locks, spline, vec
from core.drawn.fringes import fringe_edge
from core.drawn.hair import Tones, mass, tones
from core.drawn.pose import Head, between
from core.drawn.style import Pen
from core.drawn.traits import Character


@dataclass(frozen=True, slots=True)
class FrontHair:
    """Where the front hair lies, in head units: closed outlines of cap and side locks, and the fringe's valleys."""

    cap: np.ndarray
    crown: np.ndarray
    fringe: np.ndarray
    behind: np.ndarray | None
    valleys: np.ndarray
    tips: np.ndarray
    sides: tuple[np.ndarray, ...]


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
        steps=10,
    )
    inner = spline(
        [
            (x + side * width * 0.1 + swing * 1.6, end),
            (x - side * width * 0.4 + swing, end * 0.62),
            (x - side * width * 0.55, 0.0),
            (x - side * width * 0.5, top),
        ],
        steps=10,
    )
    lock = np.vstack([outer, inner])
    if curl:
        below = np.clip((lock[:, 1] - 0.2) / max(end, 0.5), 0, None)
        lock[:, 0] += 0.12 * np.sin(below * 7) * side
    return lock


def _behind_the_ear(character: Character, head: Head, near: tuple[float, float], end: np.ndarray) -> np.ndarray | None:
    """The ragged lower edge of short hair between the near temple and the back of a turned head.

    None where the hair falls on without a seam.
    """
    if head.turn < 0.25 or character.back_hair in ("bob", "medium", "long", "straight", "wavy"):
        return None
    rng = np.random.default_rng(character.seed + 4)
    n = 2 if head.turn < 0.8 else 4
    xs = np.linspace(near[0], float(end[0]), n + 1)
    ys = np.linspace(near[1], float(end[1]), n + 1)
    edge = [(xs[0], ys[0])]
    for i in range(n):
        edge.append(((xs[i] + xs[i + 1]) / 2 - 0.08, (ys[i] + ys[i + 1]) / 2 + float(rng.uniform(0.22, 0.36))))
        edge.append((xs[i + 1], ys[i + 1]))
    return locks(edge, belly=0.3)


def _tousled(crown: np.ndarray, centre: tuple[float, float], character: Character) -> np.ndarray:
    """The crown with a few tufts that stand off it, on the characters who have such hair."""
    rng = np.random.default_rng(character.seed + 6)
    if character.back_hair == "spiky" or rng.random() < 0.35:
        return crown
    grown = np.ones(len(crown))
    for _ in range(int(rng.integers(2, 6))):
        left = rng.random() < 0.5
        at = int(rng.integers(2, 18)) if left else len(crown) - int(rng.integers(3, 19))
        size, reach = float(rng.uniform(0.025, 0.055)), int(rng.integers(4, 8))
        for k in range(reach + 1):
            # A tuft rises slowly from above and drops at once: it hangs like a tile.
            i = at + k if left else at - k
            if 0 <= i < len(crown):
                grown[i] = max(grown[i], 1 + size * (1 - k / reach))
    return np.asarray(centre) + (crown - centre) * grown[:, None]


def arrange(character: Character, head: Head, flip: int, sway: float) -> FrontHair:
    """The front hair of a character on a head so turned; sway moves the tips sideways, in head units."""
    volume = character.hair_volume
    rx, ry = head.skull_r * (1.04 + 0.1 * volume), 1.05 + 0.2 * volume
    cy = -0.36
    crown = ellipse(head.skull_x, cy, rx, ry, between(head.turn, 172, 158, 134), 368, 60)
    crown = _tousled(crown, (head.skull_x, cy), character)
    edge = fringe_edge(character, flip)
    radius = head.skull_r * 0.99
    placed = [
        (head.around(u, radius) + (sway if i % 2 else 0), y + 0.06 * head.nod * (y > -0.8))
        for i, (u, y) in enumerate(edge)
    ]
    fringe = locks(placed[::-1], belly=0.22)
    near = (placed[0][0] - 0.03, between(head.turn, -0.1, 0.1, 0.45))
    behind = _behind_the_ear(character, head, near, crown[0])
    cap = np.vstack([crown, fringe, [near] if behind is None else behind])
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
    return FrontHair(cap, crown, fringe, behind, points[2:-1:2], points[1::2], tuple(sides))


def draw_front_hair(pen: Pen, character: Character, head: Head, front: FrontHair, flip: int, sway: float) -> None:
    """Side locks, cap with fringe, gloss, ahoge."""
    hair = tones(character, pen)
    _draw_sides(pen, character, front, hair)
    whorl = np.array([head.skull_x + between(head.turn, 0.0, 0.05, 0.0), -1.2])
    _draw_cap(pen, character, head, front, hair, whorl, flip)
    for k in range(character.ahoge):
        s = (1 if character.seed % 3 else -1) * flip * (1 if k == 0 else -1)
        root = np.array([whorl[0] + 0.05 * s, -1.43 - 0.12 * character.hair_volume])
        tip = root + vec(0.5 * s + sway * 2, -0.28 - 0.1 * (character.seed % 4) / 4)
        rise = bend(root - vec(0.07, 0), root + vec(0.0, -0.6), tip, steps=8)
        fall = bend(tip, root + vec(0.16 * s, -0.42), root + vec(0.07, 0.02), steps=8)
        blade = np.vstack([rise, fall])
        pen.fill(blade, hair.base)
        pen.line(blade, hair.ink)


def _draw_sides(pen: Pen, character: Character, front: FrontHair, hair: Tones) -> None:
    tips = hair.second if character.hair_pattern == "tips" else None
    for lock in front.sides:
        low, half = lock[:, 1].max(), len(lock) // 2
        middle = (lock[:half] + lock[::-1][:half]) / 2
        shadow = np.vstack([lock[:half], middle[::-1]])
        mass(pen, lock, hair, span=(0.0, low), strands=[middle], wedges=[shadow], tips=tips)
        at = lock[np.abs(lock[:, 1] - 0.87) < 0.12]
        if character.side_hair == "tied" and len(at) > 1:
            x0, x1 = at[:, 0].min(), at[:, 0].max()
            pen.shape(np.array([[x0, 0.8], [x1, 0.8], [x1, 0.95], [x0, 0.95]]), character.accent, 0.8)


def _draw_cap(
    pen: Pen, character: Character, head: Head, front: FrontHair, hair: Tones, whorl: np.ndarray, flip: int
) -> None:
    strands, wedges, lit = [], [], []
    rng = np.random.default_rng(character.seed + 1)
    for x, y in front.valleys:
        root = whorl + vec(0.25 * (x - whorl[0]), -0.1)
        path = bend(root, (x + 0.18 * (x - whorl[0]), -0.95), (x, y), steps=16)
        # A strand is seen where it parts from its neighbour and where it leaves the whorl, not all the way.
        strands += [path[int(rng.integers(6, 11)) :], path[: int(rng.integers(4, 8))]]
        lit.append(path[5:14] + vec(float(rng.uniform(0.04, 0.12)), 0.05))
        width, reach = float(rng.uniform(0.07, 0.13)), int(rng.integers(7, 11))
        stem = path[reach:]
        foot = [(x - width, y + 0.16), (x + width, y + 0.16)]
        wedges.append(np.vstack([stem - vec(0.01, 0), foot, stem[::-1] + vec(0.03, 0)]))
    for x, y in front.tips:
        lean = float(rng.uniform(-0.1, 0.1))
        above = (x + lean * 1.6, y - float(rng.uniform(0.3, 0.55)))
        strands.append(bend(above, (x + lean, y - 0.2), (x, y - 0.03), steps=6))
    away = 1 if pen.style.lit_from_left else -1
    s = np.linspace(0, 1, 27)
    rim = front.crown[-27:] if away > 0 else front.crown[:27]
    depth = 0.3 * np.sin(np.pi * s) ** 1.7
    wedges.append(np.vstack([rim, (rim - np.stack([away * depth, -0.35 * depth], axis=1))[::-1]]))
    mass(pen, front.cap, hair, span=(-1.2, 0.4), wedges=wedges, edge=front.fringe)
    if front.behind is not None:
        pen.line(front.behind, hair.ink, 1.1)
    with pen.clip(front.cap) as inside:
        # Thin hair before the brow lets the skin's warmth through.
        veil = ellipse(head.middle * 0.9, -0.02, 0.7 * (1 - 0.4 * head.turn), 0.3)
        with inside.clip(veil, soft=0.22, opacity=0.34) as warmth:
            warmth.gradient(character.skin, character.skin, 0, 1)
        if character.hair_pattern == "streak":
            side = flip * (1 if character.seed % 2 else -1)
            x0, x1 = sorted((head.around(side * 0.34), head.around(side * 0.52)))
            root = whorl + vec(0.2 * side, -0.1)
            streak = [bend(root, (x0, -0.9), (x0, 0.4)), bend((x1, 0.4), (x1 + 0.1 * side, -0.9), root)]
            inside.fill(np.vstack(streak), hair.second)
        for strand in lit:
            inside.taper(strand, mix(hair.base, hair.gloss, 0.55 * min(pen.style.gloss, 1)), 2.2)
        _gloss(inside, head, hair, character.seed)
        for strand in strands:
            inside.taper(strand, mix(hair.deep, hair.ink, 0.5), 1.0)
    if character.back_hair != "spiky":
        pen.line(front.crown[12:] if head.turn > 0.3 else front.crown, hair.ink, 1.1)


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
