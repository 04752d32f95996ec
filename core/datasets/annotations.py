"""Boxes with names on pictures, as every format becomes them: values that know no catalogue."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from core.imaging.boxes import Box
from core.imaging.names import loose_key, true_name

SHOWN = 20
"""So many problems of a file are told one by one."""

GENERIC = re.compile(
    r"(anime|manga|drawn|human|woman|man|girl|boy|person|people|people|chara|character|face|faces|head|heads|object|"
    r"objects|class|label|unknown|none|null|waifu|target|fg|foreground|default|0|1|[\s_.-])+|\d+|顔|人物|キャラ(クター)?|头|脸|人脸"
)


@dataclass(frozen=True, slots=True)
class NamedBox:
    """A box and whose face it is ("": not said). `id` and `attributes` are written where a format has room for them."""

    box: Box
    name: str = ""
    id: int | None = None
    attributes: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AnnotatedPicture:
    """A picture as an annotation file names it, and the boxes on it.

    width, height: the size that the boxes' coordinates refer to; 1 x 1 where they are shares of the picture, 0 x 0
    where it is not said: then they are pixels of the picture itself. `aliases`: other names that the file gives it.
    `unreadable`: how many boxes on it could not be read.
    """

    file_name: str
    boxes: tuple[NamedBox, ...] = ()
    width: float = 0.0
    height: float = 0.0
    aliases: tuple[str, ...] = ()
    id: int | None = None
    unreadable: int = 0


@dataclass(frozen=True)
class Annotations:
    """What was read. `problems` say what could not be used, with its place; `bad_boxes`: how many boxes of all."""

    pictures: tuple[AnnotatedPicture, ...]
    names: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
    bad_boxes: int = 0

    @property
    def boxes(self) -> int:
        """How many boxes could be read."""
        return sum(len(picture.boxes) for picture in self.pictures)


def is_generic(name: str) -> bool:
    """Whether a class says that it is a face, not whose.

    >>> [is_generic(name) for name in ("anime-face", "Faces", "0", "", "Rei", "Facey")]
    [True, True, True, True, False, False]
    """
    return GENERIC.fullmatch(true_name(name).casefold()) is not None or not loose_key(name)


def finite_numbers(values: object, n: int) -> list[float] | None:
    """n finite numbers, also where they are written as text; None for anything else."""
    if not isinstance(values, list | tuple) or len(values) != n:
        return None
    try:
        numbers = [float(v) for v in values if not isinstance(v, bool)]
    except (TypeError, ValueError, OverflowError):
        return None
    return numbers if len(numbers) == n and all(abs(v) < 1e9 for v in numbers) else None


def envelope(points: list[tuple[float, float]]) -> Box | None:
    """The smallest box around the points of a polygon; None where it has no area."""
    xs, ys = [p[0] for p in points], [p[1] for p in points]
    if not points or max(xs) <= min(xs) or max(ys) <= min(ys):
        return None
    return Box.from_corners(min(xs), min(ys), max(xs), max(ys))
