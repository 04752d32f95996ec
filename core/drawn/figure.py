"""One whole figure: all parts of a character in the order in which they cover each other."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from core.drawn.accessories import draw_glasses, draw_on_hair, draw_under_hair
from core.drawn.back_hair import draw_back_hair, draw_over_hair
from core.drawn.body import Dress, draw_body, draw_neck
from core.drawn.canvas import Canvas
from core.drawn.eyes import draw_eye, draw_shut_eye
from core.drawn.face import MID_FOREHEAD, contour, draw_brows, draw_ear, draw_face, draw_marks, draw_nose
from core.drawn.front_hair import arrange, draw_front_hair
from core.drawn.mouth import draw_mouth
from core.drawn.pose import Head, Pose
from core.drawn.style import Pen, Style
from core.drawn.traits import Character
from core.imaging.boxes import Box


@dataclass(frozen=True, slots=True)
class Look:
    """What a face does on one picture: eyes, brows, mouth, colour of the cheeks."""

    left_open: float = 1.0
    right_open: float = 1.0
    wide: float = 1.0
    happy_lids: bool = False
    gaze: tuple[float, float] = (0.0, 0.0)
    raise_brows: float = 0.0
    anger: float = 0.0
    mouth: str = "smile"
    flush: float = 0.0


def draw_figure(
    canvas: Canvas, character: Character, pose: Pose, style: Style, look: Look, dress: Dress, sway: float
) -> None:
    """The figure on the canvas, from the hair behind to the ornaments in front."""
    head = Head(pose.turn, pose.nod)
    flip = -1 if pose.mirror else 1
    pen = Pen(canvas, pose.place, pose.scale, style if flip > 0 else _relit(style))
    body = Pen(canvas, pose.place_body, pose.scale, pen.style)
    if pose.back:
        draw_neck(body, character, head)
        draw_body(body, character, head, replace(dress, outfit="plain"))
        draw_back_hair(pen, character, head, flip, sway, from_behind=True)
        draw_over_hair(pen, character, head, sway)
        return
    draw_back_hair(pen, character, head, flip, sway)
    draw_neck(body, character, head)
    draw_body(body, character, head, dress)
    draw_over_hair(pen, character, head, sway)
    front = arrange(character, head, flip, sway)
    for side in (-1, 1):
        draw_ear(pen, character, head, side)
    draw_face(pen, character, head, [front.cap, *front.sides], look.flush)
    draw_marks(pen, character, head, flip)
    draw_nose(pen, character, head, character.seed % 3)
    draw_mouth(pen, character, head, look.mouth)
    _eyes(pen, character, head, look, flip)
    draw_under_hair(pen, character, head, flip)
    draw_front_hair(pen, character, head, front, flip, sway)
    draw_brows(pen, character, head, look.raise_brows, look.anger)
    draw_glasses(pen, character, head)
    draw_on_hair(pen, character, head, flip)


def _relit(style: Style) -> Style:
    """The style with the light from the other side, for a figure that will be mirrored."""
    return replace(style, lit_from_left=not style.lit_from_left)


def _eyes(pen: Pen, character: Character, head: Head, look: Look, flip: int) -> None:
    opened = (look.left_open, look.right_open)[::flip]
    colours = (character.eye, character.eye_other)[::flip]
    for side, share, colour in zip((-1, 1), opened, colours, strict=True):
        if side > 0 and not head.far_eye_seen:
            continue
        if share < 0.15:
            draw_shut_eye(pen, character, head, side, happy=look.happy_lids)
        else:
            gaze = (look.gaze[0] * flip, look.gaze[1])
            draw_eye(pen, character, head, side, opened=share, gaze=gaze, colour=colour, wide=look.wide)


def face_box(character: Character, pose: Pose) -> Box:
    """The face on the picture: mid-forehead to chin, cheek to cheek, however it is tilted."""
    outline = contour(character, Head(pose.turn, pose.nod))
    placed = pose.place(outline[outline[:, 1] >= MID_FOREHEAD - 0.01])
    (x0, y0), (x1, y1) = placed.min(axis=0), placed.max(axis=0)
    return Box(float(x0), float(y0), float(x1 - x0), float(y1 - y0))


def eye_centres(character: Character, pose: Pose) -> np.ndarray:
    """The centres of the eyes that can be seen, in picture pixels, (1 or 2, 2)."""
    head = Head(pose.turn, pose.nod)
    sides = (-1, 1) if head.far_eye_seen else (-1,)
    return pose.place(np.array([head.eye(side, character.eye_gap)[:2] for side in sides]))
