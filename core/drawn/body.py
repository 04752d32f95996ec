"""Neck, torso, arms and legs, dressed; in body coordinates (the head's own, but never tilted)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.drawn.clothes import draw_details
from core.drawn.colours import Colour, mix, shade
from core.drawn.curves import bend, ellipse, ribbon, spline, vec
from core.drawn.face import shadowed
from core.drawn.pose import Head, between
from core.drawn.style import Pen
from core.drawn.traits import Character

_BARE_SHOULDERS = ("off shoulder", "dress")
_SHORT_SLEEVES = ("sailor", "maid", "off shoulder", "dress")
_LONG_SKIRTS = ("dress", "off shoulder", "maid", "kimono", "cape")
# Shoulder, elbow and wrist of the right arm; the left is its mirror image.
_ARMS = {
    "down": ((1.12, 2.3), (1.5, 3.9), (1.42, 5.5)),
    "hip": ((1.12, 2.3), (2.15, 3.8), (1.12, 4.7)),
    "behind": ((1.12, 2.3), (1.6, 3.8), (0.8, 4.9)),
    "chest": ((1.12, 2.3), (1.5, 3.9), (0.35, 3.45)),
    "raised": ((1.12, 2.3), (2.0, 3.5), (1.95, 1.75)),
}
ARM_POSES = tuple(_ARMS)


@dataclass(frozen=True, slots=True)
class Dress:
    """What is worn on one picture, and how the arms (left, right) are held."""

    outfit: str
    cloth: Colour
    trim: Colour
    arms: tuple[str, str] = ("down", "down")


def draw_neck(pen: Pen, character: Character, head: Head) -> None:
    """The neck with the chin's shadow on it, and the collar bones."""
    skin, boy = character.skin, character.build == "boy"
    w, x = (0.38 if boy else 0.3), between(head.turn, 0, 0.02, -0.04)
    right = spline([(x + w, 0.6), (x + w, 1.3), (x + w + 0.1, 1.68), (x + w + 0.42, 1.95), (0.7, 2.6)])
    neck = np.vstack(
        [right, spline([(-0.7, 2.6), (x - w - 0.42, 1.95), (x - w - 0.1, 1.68), (x - w, 1.3), (x - w, 0.6)])]
    )
    pen.fill(neck, skin)
    dark = shadowed(skin, pen.style.depth * 1.25)
    shift = between(head.turn, 0, 0.12, 0.2)
    with pen.clip(neck) as inside:
        chin = bend((x - w - 0.1, 1.25), (x + shift, 1.95), (x + w + 0.1, 1.2))
        inside.fill(np.vstack([[(x - w - 0.1, 0.5)], chin, [(x + w + 0.1, 0.5)]]), dark)
    for s in (-1, 1):
        pen.line(
            spline([(x + s * w, 0.9), (x + s * w, 1.3), (x + s * (w + 0.1), 1.68), (x + s * (w + 0.4), 1.85)]),
            pen.ink(skin),
        )
        pen.taper(bend((s * 0.55, 2.0), (s * 0.25, 1.98), (s * 0.06, 2.12)), shadowed(skin, 2.5), 1.0)


def draw_body(pen: Pen, character: Character, head: Head, dress: Dress) -> None:
    """Legs, skirt or trousers, torso, arms and the outfit's own details."""
    boy = character.build == "boy"
    broad = between(head.turn, 1.0, 0.95, 0.78) * (1.22 if boy else 1.0)
    with pen.clip(ellipse(0, 13.95, 1.9, 0.3), soft=0.15, opacity=0.4) as ground:
        ground.gradient((40, 36, 60), (40, 36, 60), 13, 14)
    arms = list(zip((-1, 1), dress.arms, strict=True))
    for side, arm in arms:
        if arm == "behind":
            _draw_arm(pen, character, dress, side, arm, broad)
    _draw_legs(pen, character, dress, broad)
    _draw_torso(pen, character, dress, broad)
    # The chest turns with the head: what is on it moves and narrows.
    narrow, shift = between(head.turn, 1.0, 0.94, 0.76), between(head.turn, 0.0, 0.1, 0.22)
    chest = Pen(pen.canvas, lambda p: pen.place(np.atleast_2d(p) * (narrow, 1) + (shift, 0)), pen.scale, pen.style)
    draw_details(chest, character, dress.outfit, dress.cloth, dress.trim)
    for side, arm in arms:
        if arm != "behind":
            _draw_arm(pen, character, dress, side, arm, broad)


def _both(half: list[tuple[float, float]]) -> np.ndarray:
    right = spline(half, steps=5)
    return np.vstack([right, right[::-1] * (-1, 1)])


def _draw_torso(pen: Pen, character: Character, dress: Dress, broad: float) -> None:
    boy = character.build == "boy"
    waist, hip = (1.0, 1.08) if boy else (0.78, 1.08)
    loose = 0.22 if dress.outfit in ("hoodie", "sweater", "cape", "kimono") else 0.0
    low = [(1.02 * broad, 3.0), ((waist + loose) * broad, 4.25), ((hip + loose * 0.6) * broad, 5.5), (hip * broad, 5.7)]
    top = [(0.0, 1.9), (0.42, 1.78), (1.0 * broad, 1.98), (1.2 * broad, 2.35)]
    body = _both(top + low)
    if dress.outfit in _BARE_SHOULDERS:
        pen.shape(body, character.skin)
        pen.taper(bend((-0.55, 2.0), (-0.25, 1.98), (-0.06, 2.12)), shadowed(character.skin, 2.5), 1.0)
        pen.taper(bend((0.55, 2.0), (0.25, 1.98), (0.06, 2.12)), shadowed(character.skin, 2.5), 1.0)
        body = _both([(0.0, 2.62), (0.5, 2.5), (1.12 * broad, 2.55), *low])
    cloth, dark = dress.cloth, shade(dress.cloth, pen.style.depth)
    with pen.clip(body) as inside:
        inside.gradient(cloth, shade(cloth, 0.35), 2.0, 6.0)
        away = 1 if pen.style.lit_from_left else -1
        inside.fill(
            np.array([(0.75, 2.4), (0.85, 3.1), (0.55, 4.3), (0.8, 6), (2, 6), (2, 2)]) * (away * broad, 1), dark
        )
        if not boy:
            for s in (-1, 1):
                inside.taper(bend((s * 0.12, 3.15), (s * 0.5, 3.5), (s * 0.95, 3.1)), dark, 3.0)
        for s in (-1, 1):
            inside.taper(bend((s * 1.0 * broad, 2.8), (s * 0.75, 2.95), (s * 0.6, 2.8)), dark, 3.0)
            inside.taper(bend((s * 0.8 * broad, 4.2), (s * 0.5, 4.4), (s * 0.25, 4.3)), dark, 3.0)
    pen.line(body, pen.ink(cloth), 1.1, closed=True)
    if "choker" in character.accessories:
        w = 0.4 if boy else 0.32
        band = np.vstack([bend((-w, 1.36), (0, 1.54), (w, 1.36)), bend((w, 1.5), (0, 1.68), (-w, 1.5))])
        pen.shape(band, character.accent, 0.8)


def _draw_legs(pen: Pen, character: Character, dress: Dress, broad: float) -> None:
    boy, cloth = character.build == "boy", dress.cloth
    trousers = mix(shade(cloth, 1.2), dress.trim, 0.25)
    leather = mix(dress.trim, (60, 40, 36), 0.7)
    for s in (-1, 1):
        thigh, ankle = (1.04 if boy else 0.96) * broad, 0.72 if boy else 0.6
        outer = spline([(s * thigh, 5.3), (s * thigh * 0.98, 7.2), (s * (ankle + 0.14), 10), (s * ankle, 13.4)])
        inner = spline([(s * 0.24, 13.4), (s * 0.16, 10), (s * 0.05, 6.5)])
        leg = np.vstack([outer, inner])
        pen.shape(
            spline([(s * 0.14, 13.2), (s * 0.8, 13.2), (s * 1.0, 13.95), (s * 0.12, 13.95)], closed=True), leather
        )
        pen.shape(leg, trousers if boy else character.skin)
        if not boy and character.seed % 4 < 3:
            with pen.clip(leg) as sock:
                top = 8.2 if character.seed % 2 else 10.5
                colour = (44, 40, 52) if character.seed % 4 else (246, 246, 250)
                sock.fill(np.array([(-2, top), (2, top), (2, 15), (-2, 15)]), colour)
    if boy:
        pen.fill(
            np.array([(-1.0 * broad, 5.2), (1.0 * broad, 5.2), (1.02 * broad, 6.2), (0, 6.75), (-1.02 * broad, 6.2)]),
            trousers,
        )
        pen.line(np.array([(0, 5.6), (0, 6.75)]), pen.ink(trousers))
        return
    hem, wide = (10.5, 2.4) if dress.outfit in _LONG_SKIRTS else (7.2, 1.85)
    if dress.outfit == "kimono":
        hem, wide = 13.1, 1.25
    skirt_colour = cloth if dress.outfit in _LONG_SKIRTS else mix(dress.trim, cloth, 0.35)
    n = 8
    xs = np.linspace(wide, -wide, n + 1)
    low = [(x, hem + (0.12 if i % 2 else 0.0) + 0.1 * (1 - (x / wide) ** 2)) for i, x in enumerate(xs)]
    skirt = np.vstack(
        [
            [(-0.78 * broad, 4.2), (0.78 * broad, 4.2)],
            spline([(0.95 * broad, 4.8), (wide * 0.8, (4.8 + hem) / 2)]),
            low,
            [(-wide * 0.8, (4.8 + hem) / 2), (-0.95 * broad, 4.8)],
        ]
    )
    with pen.clip(skirt) as inside:
        inside.gradient(skirt_colour, shade(skirt_colour, 0.5), 4.5, hem)
        for i in range(0, n, 2):
            inside.fill(
                np.array([(xs[i] * 0.45, 4.3), (xs[i], hem + 0.3), ((xs[i] + xs[i + 1]) / 2, hem + 0.3)]),
                shade(skirt_colour),
            )
        inside.line(np.array(low) - (0, 0.35), mix(skirt_colour, dress.trim, 0.8), 2.5)
    pen.line(skirt, pen.ink(skirt_colour), 1.1, closed=True)


def _draw_hand(pen: Pen, skin: Colour, wrist: np.ndarray, along: np.ndarray, *, fingers: bool) -> None:
    across = np.array([-along[1], along[0]])
    palm = wrist + along * 0.28
    if fingers:
        for k in (-1.5, -0.5, 0.5, 1.5):
            root = palm + across * 0.13 * k + along * 0.1
            pen.shape(
                ribbon(
                    np.stack(
                        [
                            root,
                            root + along * 0.2 + across * 0.03 * k,
                            root + along * (0.42 - 0.04 * abs(k)) + across * 0.06 * k,
                        ]
                    ),
                    np.array([0.14, 0.14, 0.08]),
                ),
                skin,
                0.8,
            )
    a = np.degrees(np.arctan2(along[1], along[0]))
    turned = ellipse(0, 0, 0.32, 0.24, steps=18) @ np.array(
        [[np.cos(np.radians(a)), np.sin(np.radians(a))], [-np.sin(np.radians(a)), np.cos(np.radians(a))]]
    )
    pen.shape(turned + palm, skin, 0.9)
    pen.fill(turned * 0.8 + palm, skin)


def _draw_arm(pen: Pen, character: Character, dress: Dress, side: int, arm: str, broad: float) -> None:
    points = np.array(_ARMS[arm]) * (side, 1)
    points[:, 0] *= broad
    curve = spline(points, steps=9)
    s = np.linspace(0, 1, len(curve))
    thin = (0.62 - 0.22 * s) * np.clip(0.35 + s * 6, 0, 1)
    skin, cloth = character.skin, dress.cloth
    wrist, before = curve[-1], curve[-4]
    along = (wrist - before) / max(float(np.hypot(*(wrist - before))), 1e-6)
    across = np.array([-along[1], along[0]])
    if arm != "behind":
        _draw_hand(pen, skin, wrist, along, fingers=arm == "raised")
    bare = dress.outfit in _BARE_SHOULDERS
    short = dress.outfit in _SHORT_SLEEVES
    if short:
        pen.shape(ribbon(curve, thin * 0.78), skin)
    if bare and dress.outfit == "dress":
        return
    part = curve[: len(curve) // 2] if short else curve
    wide = {"kimono": 0.55, "cape": 0.35, "hoodie": 0.18, "sweater": 0.14, "maid": 0.3}.get(dress.outfit, 0.0)
    puff = thin[: len(part)] * (1.12 if short else 1.0) + wide * np.linspace(0.3, 1, len(part))
    sleeve = ribbon(part, puff)
    dark = shade(cloth, pen.style.depth)
    with pen.clip(sleeve) as inside:
        inside.gradient(cloth, shade(cloth, 0.35), 2.0, 6.0)
        away = 1 if pen.style.lit_from_left else -1
        inside.fill(ribbon(part + vec(away * 0.28, 0), puff * 0.6), dark)
        elbow = curve[len(curve) // 2]
        for k in (-0.12, 0.14):
            inside.taper(
                bend(elbow + across * 0.3 + vec(0, k), elbow + vec(0, k + 0.08), elbow - across * 0.1 + vec(0, k)),
                pen.ink(cloth),
                0.8,
            )
    pen.line(sleeve, pen.ink(cloth), 1.1, closed=True)
    if not short:
        cuff = ribbon(np.stack([wrist - along * 0.16, wrist + along * 0.05]), np.array([1, 1]) * (puff[-1] + 0.05))
        pen.shape(cuff, dress.trim, 0.8)
