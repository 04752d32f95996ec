"""What a character wears on head and face: glasses, ribbons, clips, headphones, hats, ears that are not human."""

from __future__ import annotations

import numpy as np

from core.drawn.colours import WHITE, Colour, mix, shade
from core.drawn.curves import bend, ellipse, spline, vec
from core.drawn.hair import tones
from core.drawn.pose import Head, between
from core.drawn.style import Pen
from core.drawn.traits import Character


def draw_under_hair(pen: Pen, character: Character, head: Head, flip: int) -> None:
    """What the fringe covers: an eyepatch, earrings."""
    side = flip * (1 if character.seed % 2 else -1)
    if "eyepatch" in character.accessories and (side < 0 or head.far_eye_seen):
        x, y, width = head.eye(side, character.eye_gap)
        white = (250, 250, 252) if character.seed % 3 else (44, 40, 48)
        pen.line(np.array([(x, y - 0.1), (head.around(side * 0.85, head.skull_r * 0.9), y - 0.5)]), white, 3)
        pen.line(np.array([(x, y - 0.1), (head.around(-side * 0.8, head.skull_r * 0.9), y - 0.8)]), white, 3)
        patch = spline(
            [
                (x - 0.36 * width, y - 0.3),
                (x + 0.36 * width, y - 0.3),
                (x + 0.34 * width, y + 0.22),
                (x, y + 0.42),
                (x - 0.34 * width, y + 0.22),
            ],
            closed=True,
            steps=5,
        )
        pen.shape(patch, white)
    if "earrings" in character.accessories:
        for each in (-1, 1):
            if each > 0 and head.turn > 0.3:
                continue
            x = between(head.turn, -1.05, -0.95, -0.28) if each < 0 else 1.05
            pen.shape(ellipse(x, 0.55, 0.08, 0.13, steps=14), character.accent, 0.8)


def draw_glasses(pen: Pen, character: Character, head: Head) -> None:
    """Glasses, thin or thick, round or oval, with a bridge and a glint."""
    if "glasses" not in character.accessories:
        return
    frame = (40, 36, 44) if character.seed % 3 else character.accent
    square = character.seed % 2
    for side in (-1, 1):
        if side > 0 and not head.far_eye_seen:
            continue
        x, y, width = head.eye(side, character.eye_gap)
        a = np.linspace(0, 2 * np.pi, 33)[:-1]
        power = 0.62 if square else 0.95
        rx, ry = 0.41 * width, 0.36 if square else 0.41
        rim = np.stack(
            [
                x + rx * np.sign(np.cos(a)) * np.abs(np.cos(a)) ** power,
                y + 0.07 + ry * np.sign(np.sin(a)) * np.abs(np.sin(a)) ** power,
            ],
            axis=1,
        )
        pen.line(rim, frame, 1.7, closed=True)
        pen.line(
            np.array([(x - rx * 0.6, y - ry * 0.3), (x - rx * 0.3, y - ry * 0.7)]), mix(WHITE, character.skin, 0.2), 1.4
        )
        if side < 0:
            pen.line(np.array([(x - rx, y), (between(head.turn, -1.0, -0.9, -0.25), y + 0.02)]), frame, 1.5)
    if head.far_eye_seen:
        x0, y0, w0 = head.eye(-1, character.eye_gap)
        x1, _, w1 = head.eye(1, character.eye_gap)
        pen.line(bend((x0 + 0.41 * w0, y0 + 0.02), ((x0 + x1) / 2, y0 - 0.06), (x1 - 0.41 * w1, y0 + 0.02)), frame, 1.5)


def _bow(pen: Pen, x: float, y: float, size: float, colour: Colour) -> None:
    for s in (-1, 1):
        pen.shape(
            np.array([(x, y), (x + s * 0.22 * size, y + 0.7 * size), (x + s * 0.42 * size, y + 0.6 * size)]),
            shade(colour, 0.5),
        )
        pen.shape(
            spline(
                [(x, y), (x + s * 0.6 * size, y - 0.4 * size), (x + s * 0.68 * size, y + 0.26 * size)],
                closed=True,
                steps=5,
            ),
            colour,
        )
    pen.shape(ellipse(x, y, 0.13 * size, 0.16 * size, steps=14), shade(colour, 0.25))


def _cat_ears(pen: Pen, character: Character, head: Head, top: float) -> None:
    hair = tones(character, pen)
    for s in (-1, 1):
        x = head.skull_x + between(head.turn, s * 0.68, s * 0.62, s * 0.35 - 0.1)
        ear = np.vstack(
            [
                bend((x - 0.36, top + 0.42), (x - 0.3 + s * 0.1, top - 0.2), (x + s * 0.2, top - 0.5)),
                bend((x + s * 0.2, top - 0.5), (x + 0.32 + s * 0.08, top - 0.1), (x + 0.36, top + 0.42)),
            ]
        )
        pen.shape(ear, hair.base)
        pen.fill((ear - (x, top + 0.3)) * 0.62 + (x, top + 0.34), mix(hair.base, (255, 190, 190), 0.7))
        pen.fill(ellipse(x, top + 0.46, 0.36, 0.1), hair.base)


def _horns(pen: Pen, character: Character, head: Head, top: float) -> None:
    for s in (-1, 1):
        x = head.skull_x + between(head.turn, s * 0.62, s * 0.6, s * 0.3)
        horn = np.vstack(
            [
                bend((x - 0.15, top + 0.36), (x - 0.12 + s * 0.28, top), (x + s * 0.32, top - 0.5)),
                bend((x + s * 0.32, top - 0.5), (x + 0.16 + s * 0.3, top + 0.05), (x + 0.16, top + 0.36)),
            ]
        )
        pen.shape(horn, (232, 222, 200) if character.seed % 2 else (78, 52, 62))


def draw_on_hair(pen: Pen, character: Character, head: Head, flip: int) -> None:
    """What sits on the hair, each on the character's own side of the head."""
    extras, accent = character.accessories, character.accent
    side = flip * (1 if character.seed % 2 else -1)
    temple = head.around(side * 0.58, head.skull_r * 0.97)
    top = -1.42 - 0.17 * character.hair_volume
    if "cat ears" in extras:
        _cat_ears(pen, character, head, top)
    if "horns" in extras:
        _horns(pen, character, head, top)
    if "hairband" in extras or "headband" in extras:
        y = -0.83 if "hairband" in extras else -0.46
        yaw = between(head.turn, 0, 22, 74) / 86
        line = []
        for v in np.linspace(-1, 1, 15):
            # v runs over what we see of the head, u over the head itself, whatever its turn.
            line.append(
                (head.around(v - yaw, head.skull_r * (1.06 + 0.1 * character.hair_volume)), y - 0.34 * (1 - v * v))
            )
        band = np.array(line)
        pen.shape(np.vstack([band, band[::-1] + vec(0, 0.17)]), accent, 0.9)
    if "headphones" in extras:
        arc = ellipse(head.skull_x, -0.4, head.skull_r * 1.2, 1.3, 182, 358, 24)
        pen.line(arc, mix(pen.ink(accent), accent, 0.2), 8)
        pen.line(arc, accent, 5)
        for s in (-1, 1):
            if s > 0 and head.turn > 0.5:
                continue
            x = between(head.turn, -1.16, -1.02, -0.3) if s < 0 else 1.16
            pen.shape(ellipse(x, 0.05, 0.24 if head.turn < 0.5 else 0.34, 0.4), accent)
            pen.fill(ellipse(x + s * 0.03, 0.05, 0.13, 0.26), shade(accent))
    if "ribbon" in extras and character.back_hair not in ("ponytail", "side ponytail", "twintails", "low twintails"):
        _bow(pen, head.around(side * 0.5, head.skull_r), -1.2, 0.75, accent)
    if "hair clip" in extras:
        for k in (0, 0.15):
            clip = np.array([(-0.2, -0.045), (0.2, -0.045), (0.2, 0.045), (-0.2, 0.045)]) @ np.array(
                [[0.9, -0.42 * side], [0.42 * side, 0.9]]
            )
            pen.shape(clip + vec(temple, -0.62 + k), accent, 0.8)
    if "star clip" in extras:
        a = np.arange(10) * np.pi / 5 - np.pi / 2
        r = np.where(np.arange(10) % 2, 0.11, 0.25)
        pen.shape(np.stack([temple + r * np.cos(a), -0.68 + r * np.sin(a)], axis=1), (250, 214, 90), 0.9)
    if "flower" in extras:
        for k in range(5):
            a = k * 2 * np.pi / 5 - 0.4
            pen.shape(
                ellipse(temple + 0.19 * np.cos(a), -0.72 + 0.19 * np.sin(a), 0.15, 0.15, steps=14),
                mix(accent, WHITE, 0.35),
                0.8,
            )
        pen.fill(ellipse(temple, -0.72, 0.1, 0.1, steps=12), (250, 220, 110))
    if "hat" in extras or "beret" in extras:
        _hat(pen, character, head, top, side)


def _hat(pen: Pen, character: Character, head: Head, top: float, side: int) -> None:
    x, r = head.skull_x, head.skull_r * 1.12
    cloth = character.trim if character.seed % 2 else character.accent
    if "beret" in character.accessories:
        beret = spline(
            [
                (x - r * 0.98, -0.82),
                (x - r * 1.1, top + 0.15),
                (x + side * 0.25, top - 0.32),
                (x + r * 1.1, top + 0.15),
                (x + r * 0.98, -0.82),
                (x, -1.08),
            ],
            closed=True,
            steps=7,
        )
        pen.shape(beret, cloth)
        pen.line(bend((x - r * 0.95, -0.86), (x, -1.14), (x + r * 0.95, -0.86)), shade(cloth), 3)
        return
    dome = np.vstack(
        [ellipse(x, -0.85, r * 0.98, abs(top) - 0.55, 180, 360), [(x + r * 0.98, -0.78), (x - r * 0.98, -0.78)]]
    )
    with pen.clip(dome) as inside:
        inside.gradient(cloth, shade(cloth, 0.6), top - 0.3, -0.8)
    pen.line(dome, pen.ink(cloth), 1.1, closed=True)
    band = np.vstack([bend((x - r, -1.0), (x, -1.16), (x + r, -1.0)), bend((x + r, -0.76), (x, -0.92), (x - r, -0.76))])
    pen.shape(band, shade(cloth, 1.6))
    if character.seed % 3 == 0:
        brim = spline(
            [(x - r * 1.5, -0.7), (x, -1.0), (x + r * 1.5, -0.7), (x + r * 1.0, -0.6), (x, -0.82), (x - r * 1.0, -0.6)],
            closed=True,
            steps=6,
        )
    else:
        front = between(head.turn, 0, 0.3, 0.75)
        brim = spline(
            [
                (x + front - r * 0.75, -0.82),
                (x + front, -0.95),
                (x + front + r * 0.75, -0.82),
                (x + front + 0.1, -0.52),
            ],
            closed=True,
            steps=6,
        )
    pen.shape(brim, shade(cloth, 0.5))
