"""A picture as a collector would find it: figures in a scene, with the true box, name and pose of every face."""

from __future__ import annotations

import zlib
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from core.drawn.backgrounds import draw_background
from core.drawn.canvas import Canvas
from core.drawn.effects import finish, scatter
from core.drawn.figure import draw_figure, eye_centres, face_box
from core.drawn.hands import by_another_hand
from core.drawn.moods import random_dress, random_look
from core.drawn.pose import Pose
from core.drawn.style import random_style
from core.drawn.traits import Character
from core.drawn.words import PoseName
from core.imaging.boxes import Box

# How often a second figure stands beside the first, and how often a picture holds no face at all.
SECOND_SHARE = 0.14
NO_FACE_SHARE = 0.04


@dataclass(frozen=True, slots=True)
class DrawnFace:
    """A face on a drawn picture: its true box (mid-forehead to chin, cheek to cheek), whose it is, and its pose.

    `eyes` are the centres of the eyes that are turned to us, (x, y) in picture pixels.
    """

    box: Box
    name: str
    pose: PoseName
    eyes: tuple[tuple[float, float], ...] = ()


@dataclass(frozen=True, slots=True)
class DrawnPicture:
    """Pixels, uint8 RGB (height, width, 3), and the faces on them; the first face is the asked character's."""

    pixels: np.ndarray
    faces: tuple[DrawnFace, ...]


def _rng(character: Character, seed: int, salt: int) -> np.random.Generator:
    return np.random.default_rng([seed, zlib.crc32(character.name.encode()), character.seed, salt])


def _random_turn(rng: np.random.Generator) -> float:
    kind = rng.choice(["front", "quarter", "profile"], p=[0.56, 0.37, 0.07])
    if kind == "front":
        return min(abs(float(rng.normal(0, 0.12))), 0.27) if rng.random() < 0.75 else 0.0
    return float(rng.uniform(0.3, 0.62)) if kind == "quarter" else float(rng.uniform(0.92, 1.0))


def _random_pose(rng: np.random.Generator, width: int, height: int, place: float) -> Pose:
    """A pose whose whole face lies inside the picture; `place` is the figure's middle as a share of the width."""
    crop = rng.choice(["close", "bust", "half", "far"], p=[0.16, 0.44, 0.28, 0.12])
    low, high = {"close": (0.2, 0.27), "bust": (0.125, 0.19), "half": (0.085, 0.125), "far": (0.06, 0.085)}[crop]
    scale = float(rng.uniform(low, high)) * min(width, height)
    tilt = float(rng.normal(0, 7)) if rng.random() < 0.85 else float(rng.choice([-1, 1]) * rng.uniform(18, 38))
    pose = Pose(
        turn=_random_turn(rng),
        nod=float(rng.normal(0, 0.5)),
        tilt=tilt,
        mirror=bool(rng.random() < 0.5),
        x=width * place + float(rng.normal(0, 0.05)) * width,
        y=0.0,
        scale=scale,
    )
    room_above = {"close": (1.2, 1.7), "bust": (1.8, 2.6), "half": (1.9, 3.0), "far": (2.2, 4.5)}[crop]
    return _moved(pose, pose.x, float(rng.uniform(*room_above)) * scale)


def _moved(pose: Pose, x: float, y: float, scale: float | None = None) -> Pose:
    return Pose(pose.turn, pose.nod, pose.tilt, pose.mirror, x, y, pose.scale if scale is None else scale, pose.back)


def _inside(character: Character, pose: Pose, width: int, height: int) -> Pose:
    """The pose moved, and shrunk where it must be, until the whole face is on the picture."""
    for _ in range(3):
        box = face_box(character, pose)
        if box.w > width - 4 or box.h > height - 4:
            pose = _moved(pose, pose.x, pose.y, pose.scale * 0.8)
            continue
        dx = max(2 - box.x, 0) - max(box.right - width + 2, 0)
        dy = max(2 - box.y, 0) - max(box.bottom - height + 2, 0)
        pose = _moved(pose, pose.x + dx, pose.y + dy)
    return pose


def _size(rng: np.random.Generator) -> tuple[int, int]:
    width, height = ((640, 640), (560, 720), (512, 720), (720, 512), (640, 480), (600, 600))[int(rng.integers(6))]
    return width, height


def draw(character: Character, seed: int, *, others: Sequence[Character] = ()) -> DrawnPicture:
    """One picture of a character, about 640 pixels large; bit for bit the same for the same arguments.

    Mostly the character alone; where `others` are given, sometimes one of them stands beside it; now and then
    there is no face to be seen at all (the character from behind, or an empty scene).
    """
    rng = _rng(character, seed, 1)
    width, height = _size(rng)
    canvas = Canvas(width, height)
    draw_background(canvas, rng)
    others = [c for c in others if c.name != character.name]
    chance = rng.random()
    faceless = chance < NO_FACE_SHARE
    pair = bool(others) and not faceless and chance < NO_FACE_SHARE + SECOND_SHARE
    figures: list[tuple[Character, float]] = []
    if pair:
        side = float(rng.choice([0.29, 0.71]))
        figures = [(others[int(rng.integers(len(others)))], 1 - side), (character, side)]
    elif not faceless or rng.random() < 0.5:
        figures = [(character, 0.5)]
    style = random_style(rng)
    faces: list[DrawnFace] = []
    scale = None
    for whose, place in figures:
        who = by_another_hand(rng, whose)
        pose = _random_pose(rng, width, height, place)
        if pair:
            # Two people in one picture are about as far away, and close-ups have no room for both.
            scale = min(pose.scale, 0.125 * width) if scale is None else scale * float(rng.uniform(0.92, 1.08))
            pose = _moved(pose, width * place, pose.y * scale / pose.scale + 0.04 * height, scale)
        if faceless:
            pose = Pose(pose.turn, pose.nod, pose.tilt, pose.mirror, pose.x, pose.y, pose.scale, back=True)
        pose = _inside(who, pose, width, height)
        draw_figure(canvas, who, pose, style, random_look(rng, who), random_dress(rng, who), float(rng.normal(0, 0.05)))
        if not faceless:
            eyes = tuple((float(x), float(y)) for x, y in eye_centres(who, pose))
            faces.append(DrawnFace(face_box(who, pose), who.name, pose.name, eyes))
    if rng.random() < 0.12:
        scatter(canvas, rng)
    return DrawnPicture(finish(canvas.finish(), rng), tuple(reversed(faces)))


def draw_face(character: Character, seed: int, size: int = 128) -> np.ndarray:
    """One face in the common framing (twice the face, shifted up a little), uint8 RGB (size, size, 3).

    Cheaper than a whole picture: for training on drawn faces.
    """
    rng = _rng(character, seed, 2)
    canvas = Canvas(size, size, 2 if size <= 256 else 1)
    draw_background(canvas, rng)
    style = random_style(rng)
    tilt = float(rng.normal(0, 8))
    character = by_another_hand(rng, character)
    pose = Pose(_random_turn(rng), float(rng.normal(0, 0.5)), tilt, bool(rng.random() < 0.5), 0.0, 0.0, 1.0)
    box = face_box(character, pose)
    scale = size / (2 * max(box.w, box.h)) * float(rng.uniform(0.9, 1.1))
    cx, cy = box.centre
    pose = _moved(pose, size / 2 - cx * scale, size * 0.55 - cy * scale, scale)
    draw_figure(
        canvas,
        character,
        pose,
        style,
        random_look(rng, character),
        random_dress(rng, character),
        float(rng.normal(0, 0.05)),
    )
    return finish(canvas.finish(), rng)


def pictures(
    characters: Sequence[Character], per_character: int, seed: int = 0, *, workers: int = 2
) -> Iterator[tuple[Character, int, DrawnPicture]]:
    """Every picture of a cast, character by character: (character, number from 0, picture).

    Drawn by `workers` threads a little ahead of the reader; the order and the pixels do not depend on their number.
    """
    jobs = [(character, i) for character in characters for i in range(per_character)]
    ahead = max(workers, 1) * 2
    with ThreadPoolExecutor(max(workers, 1)) as pool:
        waiting = deque(pool.submit(draw, c, seed * 100_003 + i, others=characters) for c, i in jobs[:ahead])
        for k, (character, i) in enumerate(jobs):
            if k + ahead < len(jobs):
                c, j = jobs[k + ahead]
                waiting.append(pool.submit(draw, c, seed * 100_003 + j, others=characters))
            yield character, i, waiting.popleft().result()
