"""The hair behind the head: what falls, stands up, or is tied into tails, buns and braids."""

from __future__ import annotations

import numpy as np

from core.drawn.curves import bend, ellipse, locks, spline
from core.drawn.hair import Tones, mass, tones
from core.drawn.pose import Head, between
from core.drawn.style import Pen
from core.drawn.traits import Character

# How far down each style falls (y of the tips), its half width at the top and at the end, how many locks end it.
_FALL = {
    "short": (0.75, 1.12, 0.85, 7),
    "spiky": (0.55, 1.15, 1.0, 6),
    "bob": (1.15, 1.24, 1.22, 7),
    "medium": (1.95, 1.22, 1.35, 8),
    "long": (3.6, 1.24, 1.6, 8),
    "straight": (3.4, 1.22, 1.35, 12),
    "wavy": (3.3, 1.28, 1.75, 7),
    "twintails": (0.9, 1.1, 0.7, 5),
    "low twintails": (1.0, 1.14, 0.8, 5),
    "ponytail": (0.6, 1.1, 0.7, 5),
    "side ponytail": (0.9, 1.12, 0.8, 6),
    "bun": (0.7, 1.1, 0.7, 5),
    "double bun": (0.9, 1.12, 0.8, 6),
    "braids": (1.0, 1.14, 0.8, 5),
}


# From this turn on, what hangs on the far side is behind the head.
_FAR_BEHIND = 0.3


def draw_back_hair(
    pen: Pen, character: Character, head: Head, flip: int, sway: float, *, from_behind: bool = False
) -> None:
    """All that lies behind neck and shoulders; seen from behind, it covers them and no shade is in it."""
    hair = tones(character, pen)
    rng = np.random.default_rng(character.seed + 3)
    if _FAR_BEHIND < head.turn < 0.8:
        _hanging(pen, character, head, 1, sway)
    style = character.back_hair
    if style in ("ponytail", "side ponytail"):
        side = -1 if head.turn > 0.25 else flip * (1 if character.seed % 2 else -1)
        high = style == "ponytail"
        root = (head.skull_x + side * between(head.turn, 0.45 if high else 1.0, 0.85, 1.0), -1.05 if high else -0.2)
        _tail(pen, character, hair, root, side, 2.2 * character.hair_length, 0.5, sway, rng)
    if style in ("bun", "double bun"):
        _buns(pen, character, hair, head)
    _fall(pen, character, hair, head, sway, rng, hollow=not from_behind)


def _fall(
    pen: Pen, character: Character, hair: Tones, head: Head, sway: float, rng: np.random.Generator, *, hollow: bool
) -> None:
    end, wide_top, wide_end, n = _FALL[character.back_hair]
    volume = character.hair_volume
    end = 0.9 + (end - 0.9) * character.hair_length if end > 1 else end
    rx, ry = head.skull_r * (1.03 + 0.1 * volume), 1.04 + 0.2 * volume
    bulge = max(wide_top - 1.14, 0)
    top = ellipse(head.skull_x, -0.36, rx, ry, 180, 360, 26)
    if character.back_hair == "spiky" and "hat" not in character.accessories and "beret" not in character.accessories:
        top = _spikes(head, rx, ry, rng)
    wide_end *= 0.8 + 0.2 * volume
    left = between(head.turn, -wide_end, -wide_end * 1.05, -wide_end * 1.1 - 0.2)
    right = between(head.turn, wide_end, wide_end * 0.8, 0.0 if end > 1.3 else -0.15)
    wave = 0.12 if character.back_hair == "wavy" else 0.0

    def side_line(x0: float, x1: float) -> np.ndarray:
        ys = np.linspace(-0.36, end - 0.12, 9)
        s = np.linspace(0, 1, 9)
        xs = (
            x0
            + (x1 - x0) * s**0.8
            + sway * s * 1.5
            + (bulge * np.sin(np.pi * np.clip(s * 2.2, 0, 1)) + wave * np.sin(s * 14)) * np.sign(x1 - head.skull_x)
        )
        return spline(np.stack([xs, ys], axis=1), steps=4)

    right_side, left_side = side_line(head.skull_x + rx, right), side_line(head.skull_x - rx, left)
    xs = np.linspace(right_side[-1, 0], left_side[-1, 0], n + 1)
    edge = []
    for i in range(n):
        edge.append((xs[i], end - 0.12 - (0 if i == 0 else 0.22 * min(end, 1.5) * rng.uniform(0.5, 1))))
        edge.append(((xs[i] + xs[i + 1]) / 2 + rng.uniform(-0.05, 0.05), end + rng.uniform(-0.05, 0.16) * min(end, 2)))
    edge.append((xs[n], end - 0.12))
    outline = np.vstack([top, right_side[1:], locks(edge), left_side[::-1]])
    valleys = edge[2:-1:2]
    strands = [
        bend((head.skull_x + (x - head.skull_x) * 0.5, -0.4), (x * 1.1, end * 0.3), (x, y), steps=10)
        for x, y in valleys
    ]
    inner_x, inner_r = between(head.turn, 0, 0.15, 0.3), between(head.turn, 0.95, 0.8, 0.42)
    inner = hair.second if character.hair_pattern == "inner" else hair.deep
    wedge = [np.array([[x - 0.1, y + 0.1], [x, y - min(end, 2) * 0.5], [x + 0.1, y + 0.1]]) for x, y in valleys]
    tips = hair.second if character.hair_pattern == "tips" else None
    mass(pen, outline, hair, span=(0.0, end), strands=strands, wedges=wedge, tips=tips)
    if not hollow:
        return
    # Deep in the hair behind the neck no light falls.
    with (
        pen.clip(outline) as inside,
        inside.clip(ellipse(inner_x, 0.75, inner_r, min(end, 2.4) * 0.62), soft=0.16) as depth,
    ):
        depth.gradient(inner, inner, 0, 1)


def _spikes(head: Head, rx: float, ry: float, rng: np.random.Generator) -> np.ndarray:
    """The crown of a head of hair that stands up: a few large spikes of different size, all leaning one way."""
    n = int(rng.integers(6, 8))
    lean = float(rng.choice([-1, 1]) * rng.uniform(7, 16))
    angles = np.linspace(172, 368, n + 1) + np.concatenate([[0], rng.uniform(-5, 5, n - 1), [0]])
    edge = []
    for i, a in enumerate(np.radians(angles)):
        inner = 0.98 if i in (0, n) else 0.93
        edge.append((head.skull_x + rx * inner * np.cos(a), -0.36 + ry * inner * np.sin(a)))
        if i < n:
            b = np.radians((angles[i] + angles[i + 1]) / 2 + lean)
            r = rng.uniform(1.14, 1.46)
            edge.append((head.skull_x + rx * r * np.cos(b), -0.36 + ry * r * np.sin(b)))
    return locks(edge, belly=0.3)


def _tail(
    pen: Pen,
    character: Character,
    hair: Tones,
    root: tuple[float, float],
    side: int,
    length: float,
    width: float,
    sway: float,
    rng: np.random.Generator,
) -> None:
    """A tied tail that swings out from its root and falls, with a band in the accent colour."""
    x, y = root
    wave = 0.1 if character.seed % 3 == 0 else 0.0
    s = np.linspace(0, 1, 10)
    out = x + side * (0.18 + 0.75 * np.sin(s * 1.9) * 0.9) + sway * s * 2
    down = y - 0.22 * np.sin(np.pi * np.clip(s * 3, 0, 1)) + length * s**1.25
    half = width * np.sin(np.pi * (0.12 + 0.88 * s**0.75)) + 0.02
    out += wave * np.sin(s * 12)
    outer, inner = np.stack([out + side * half, down], axis=1), np.stack([out - side * half, down], axis=1)
    tip = [
        tuple(outer[-2]),
        (out[-1] + side * half[-2] * 0.6, down[-1] + 0.05),
        (out[-2] + side * 0.05, down[-2] + 0.02),
        (out[-1] - side * 0.05, down[-1] + 0.28),
        (out[-2] - side * 0.12, down[-2] - 0.05),
        (out[-1] - side * half[-2] * 0.8, down[-1] - 0.02),
        tuple(inner[-2]),
    ]
    outline = np.vstack([spline(outer[:-1], steps=4), locks(tip), spline(inner[:-1][::-1], steps=4)])
    middle = np.stack([out, down], axis=1)
    strands = [spline(middle + (side * half * k)[:, None] * (1, 0), steps=3) for k in (-0.45, 0.1, 0.5)]
    shadow = np.vstack([inner, (middle - (side * half * 0.35)[:, None] * (1, 0))[::-1]])
    tips = hair.second if character.hair_pattern in ("tips", "inner") else None
    mass(pen, outline, hair, span=(y, y + length), strands=strands, wedges=[shadow], tips=tips)
    band = ellipse(x + side * 0.1, y, 0.16, 0.2)
    pen.shape(band, character.accent)
    if "ribbon" in character.accessories:
        for k in (-1, 1):
            bow = spline(
                [(x + side * 0.1, y), (x + side * 0.1 + k * 0.42, y - 0.3), (x + side * 0.1 + k * 0.46, y + 0.12)],
                closed=True,
                steps=5,
            )
            pen.shape(bow, character.accent)


def _buns(pen: Pen, character: Character, hair: Tones, head: Head) -> None:
    spots = [(-0.72, 0.42), (0.72, 0.42)] if character.back_hair == "double bun" else [(0.0, 0.5)]
    for u, r in spots:
        x = head.skull_x + between(head.turn, u, u * 0.9 - 0.15, u * 0.5 - 0.5)
        y = -1.42 if u else -1.62
        outline = ellipse(x, y, r, r * 0.92)
        strands = [
            bend((x - r * 0.8, y + k * r), (x, y + (k - 0.5) * r), (x + r * 0.8, y + k * r)) for k in (-0.3, 0.25)
        ]
        away = 1 if pen.style.lit_from_left else -1
        shadow = np.vstack([ellipse(x, y, r, r, -60, 80), ellipse(x - 0.2, y, r, r, 80, -60)])
        shadow[:, 0] = x + (shadow[:, 0] - x) * away
        mass(pen, outline, hair, span=(y - r, y + r), strands=strands, wedges=[shadow])


def _hanging(pen: Pen, character: Character, head: Head, side: int, sway: float) -> None:
    """The twin tail or braid of one side, where the character wears any."""
    style, hair = character.back_hair, tones(character, pen)
    x = head.skull_x + between(head.turn, side * 1.0, side * 0.92 - 0.09, side * 0.6 - 0.3)
    if style in ("twintails", "low twintails"):
        y, length = (-0.75, 2.9) if style == "twintails" else (0.75, 1.9)
        rng = np.random.default_rng(character.seed + 5 + side)
        _tail(pen, character, hair, (x, y), side, length * character.hair_length, 0.42, sway, rng)
    elif style == "braids":
        for k in range(int(6 * character.hair_length) + 2):
            y, r = 0.85 + k * 0.3, 0.23 - 0.012 * k
            for s in (-1, 1):
                knot = ellipse(x + s * r * 0.45 + sway * k * 0.15, y + (0.08 if s > 0 else -0.05), r * 0.8, r * 0.95)
                mass(pen, knot, hair, span=(y, y + r), wedges=[ellipse(x + s * r * 0.9, y + 0.15, r * 0.6, r * 0.5)])
        pen.shape(ellipse(x, y + 0.26, 0.13, 0.1), character.accent)


def draw_over_hair(pen: Pen, character: Character, head: Head, sway: float) -> None:
    """What falls in front of the shoulders: twin tails and braids; on a turned head the far one hangs behind it."""
    if head.turn <= _FAR_BEHIND:
        _hanging(pen, character, head, 1, sway)
    _hanging(pen, character, head, -1, sway)
