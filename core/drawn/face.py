"""The face itself: contour, ears, shadows, blush, nose and brows."""

from __future__ import annotations

import numpy as np

from core.drawn.colours import Colour, mix, shade, turn
from core.drawn.curves import bend, ellipse, spline
from core.drawn.pose import Head, between
from core.drawn.style import Pen
from core.drawn.traits import Character

# The contour from the near temple over the chin to the far temple, as designed for three turns of the head.
_FRONT = (
    (-0.97, -0.75), (-1.0, -0.3), (-0.985, 0.1), (-0.89, 0.46), (-0.58, 0.83), (-0.17, 1.1), (0, 1.17), (0.17, 1.1),
    (0.37, 0.97), (0.58, 0.83), (0.77, 0.65), (0.89, 0.46), (0.965, 0.24), (0.985, 0.05), (1.0, -0.3), (0.97, -0.75),
)  # fmt: skip
_QUARTER = (
    (-0.98, -0.75), (-0.99, -0.3), (-0.94, 0.12), (-0.79, 0.5), (-0.46, 0.85), (0.08, 1.11), (0.3, 1.18), (0.44, 1.1),
    (0.55, 0.97), (0.67, 0.81), (0.77, 0.64), (0.825, 0.47), (0.81, 0.24), (0.775, 0.03), (0.84, -0.3), (0.85, -0.75),
)  # fmt: skip
_PROFILE = (
    (-0.45, -0.75), (-0.4, -0.3), (-0.32, 0.15), (-0.24, 0.5), (-0.04, 0.8), (0.38, 1.06), (0.58, 1.13), (0.69, 1.04),
    (0.665, 0.9), (0.715, 0.77), (0.715, 0.6), (0.85, 0.47), (0.76, 0.16), (0.72, -0.06), (0.785, -0.35), (0.74, -0.8),
)  # fmt: skip

MID_FOREHEAD = -0.7


def contour(character: Character, head: Head) -> np.ndarray:
    """The outline of the face without hair, in head units, closed over the forehead."""
    weights = np.array([between(head.turn, *row) for row in np.eye(3)])
    p = np.tensordot(weights, np.array([_FRONT, _QUARTER, _PROFILE]), 1)
    p[:, 0] *= character.face_width
    low = p[:, 1] > 0.3
    p[low, 1] = 0.3 + (p[low, 1] - 0.3) * character.chin
    p[low, 1] -= 0.05 * head.nod
    return spline(p, steps=7)


def shadowed(skin: Colour, depth: float) -> Colour:
    """The colour of skin in shadow: towards rose, not towards grey."""
    return mix(turn(skin, hue=-6, saturation=1 + 0.5 * depth, value=1 - 0.09 * depth), (214, 110, 120), 0.13 * depth)


def draw_ear(pen: Pen, character: Character, head: Head, side: int) -> None:
    """The ear of one side, -1 near (left) or 1 far, where the turn shows it."""
    if side > 0 and head.turn > 0.3:
        return
    x = between(head.turn, -1.0, -0.93, -0.3) if side < 0 else 1.0
    skin, elf = character.skin, "elf ears" in character.accessories
    outer = (x + side * (1.0 if elf else 0.17), -0.25 if elf else -0.05)
    ear = spline([(x + -side * 0.05, -0.15), outer, (x + side * 0.15, 0.22), (x - side * 0.02, 0.42)], steps=6)
    pen.shape(ear, skin)
    pen.line(bend((x + side * 0.1, 0.0), (x + side * 0.03, 0.08), (x + side * 0.05, 0.26)), shadowed(skin, 1.6))


def draw_face(pen: Pen, character: Character, head: Head, fringe: list[np.ndarray], flush: float) -> None:
    """Skin, the shadow of the hair on it, cheek shading and blush, and the contour."""
    skin, style = character.skin, pen.style
    outline = contour(character, head)
    dark = shadowed(skin, style.depth)
    # Under the hair the forehead goes on to the top of the skull: partings show it.
    dome = [(outline[-1, 0] * 0.85, -1.15), (outline[0, 0] * 0.85, -1.15)]
    with pen.clip(np.vstack([outline, dome])) as inside:
        inside.gradient(skin, skin, 0, 1)
        # The side away from the light, as a cel painter lays it along the cheek.
        away = 1 if style.lit_from_left else -1
        along = outline[outline[:, 1] > -0.5]
        edge = along[: len(along) // 2] if away < 0 else along[len(along) // 2 :]
        swell = np.sin(np.pi * np.linspace(0, 1, len(edge))) ** 0.7
        inner = edge - np.stack([away * 0.13 * swell, 0.05 * swell], axis=1)
        with inside.clip(np.vstack([edge, inner[::-1]]), soft=style.soft) as shadow:
            shadow.gradient(dark, dark, 0, 1)
        drop = np.array([0.05 * away, 0.12])
        with inside.clip(*(f + drop for f in fringe), soft=style.soft * 0.6) as shadow:
            shadow.gradient(dark, dark, 0, 1)
        _blush(inside, character, head, flush)
    low = outline[outline[:, 1] > -0.6]
    pen.line(low, mix(pen.ink(skin), shadowed(skin, 4), 0.35))


def _blush(pen: Pen, character: Character, head: Head, flush: float) -> None:
    strength = min(character.blush * 0.45 + flush, 1.0)
    if strength < 0.08:
        return
    rose = mix(character.skin, (244, 120, 124), 0.6 * strength)
    for side in (-1, 1):
        if side > 0 and not head.far_eye_seen:
            continue
        x, y, width = head.eye(side, character.eye_gap)
        x, y = x + side * 0.1 * width, y + 0.5
        with pen.clip(ellipse(x, y, 0.22 * width, 0.1), soft=0.12) as cheek:
            cheek.gradient(rose, rose, 0, 1)
        if strength > 0.45:
            for k in (-1, 0, 1):
                cx = x + k * 0.09 * width
                pen.line(np.array([[cx + 0.03, y - 0.05], [cx - 0.03, y + 0.05]]), mix(rose, (220, 70, 90), 0.5), 0.7)


def draw_nose(pen: Pen, character: Character, head: Head, kind: int) -> None:
    """A nose as small as anime has it: a dot, a stroke or a shadow; in profile the contour has it."""
    if head.turn > 0.8:
        return
    x, y = between(head.turn, 0.0, 0.44, 0.9), 0.44 + 0.05 * head.nod
    dark = shadowed(character.skin, 3.0)
    if kind == 0 or character.build == "boy":
        pen.taper(bend((x + 0.0, y - 0.14), (x + 0.07, y - 0.01), (x - 0.01, y + 0.02)), dark, 1.0)
    elif kind == 1:
        pen.taper(bend((x - 0.03, y), (x, y + 0.03), (x + 0.035, y)), dark, 1.3, ends=(0.4, 0.4))
    else:
        pen.fill(
            np.array([[x - 0.005, y - 0.07], [x + 0.06, y + 0.01], [x - 0.035, y + 0.02]]),
            shadowed(character.skin, 1.2),
        )


def draw_brows(pen: Pen, character: Character, head: Head, raise_by: float, anger: float) -> None:
    """Both brows; anger > 0 draws their inner ends down, < 0 up (worry)."""
    colour = mix(shade(shade(character.hair)), pen.ink(character.hair), 0.35)
    for side in (-1, 1):
        if side > 0 and not head.far_eye_seen:
            continue
        x, y, width = head.eye(side, character.eye_gap)
        y += -0.54 * character.eye_size - 0.06 - raise_by * 0.1
        slant = character.brow_slant + anger * 0.2
        inner, outer = (x - side * 0.2 * width, y + slant * 0.6), (x + side * 0.3 * width, y - slant * 0.3 + 0.05)
        curve = bend(inner, (x + side * 0.05 * width, y - 0.09 - 0.03 * (anger < 0)), outer)
        pen.taper(curve, colour, 2.0 * character.brow_weight, ends=(0.55, 0.0))


def draw_marks(pen: Pen, character: Character, head: Head, flip: int) -> None:
    """Beauty mark, scar, plaster and freckles: always on the same cheek of the character."""
    extras, skin = character.accessories, character.skin
    side = flip * (1 if character.seed % 2 else -1)
    if side > 0 and not head.far_eye_seen:
        return
    x, y, width = head.eye(side, character.eye_gap)
    if "beauty mark" in extras:
        pen.fill(ellipse(x + side * 0.18 * width, y + 0.44, 0.032, 0.032, steps=10), (70, 40, 45))
    if "scar" in extras:
        line = np.array([[x - 0.1, y - 0.5], [x + 0.06, y + 0.6]])
        pen.taper(spline(np.vstack([line[0], line.mean(axis=0) + 0.02, line[1]])), (196, 96, 92), 3.2)
    if "plaster" in extras:
        box = np.array([[-0.2, -0.07], [0.2, -0.07], [0.2, 0.07], [-0.2, 0.07]]) @ np.array([[0.95, 0.3], [-0.3, 0.95]])
        pen.shape(box * (width, 1) + (x + side * 0.1, y + 0.52), (238, 206, 164), 0.7)
    if "freckles" in extras:
        for each in (-1, 1):
            ex, ey, ew = head.eye(each, character.eye_gap)
            if each > 0 and not head.far_eye_seen:
                continue
            for dx, dy in ((-0.12, 0.48), (0, 0.44), (0.12, 0.48), (-0.06, 0.54), (0.07, 0.55)):
                pen.fill(ellipse(ex + dx * ew, ey + dy, 0.017, 0.017, steps=8), shadowed(skin, 2.6))
