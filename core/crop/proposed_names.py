"""Frames of videos that are nobody's yet: a recognised face gets the name as a proposal, the others stay unnamed.

Who recognises is handed in: this step knows no gallery.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import replace

import numpy as np

from core.crop.eyes import Eyes
from core.crop.find_faces import Looker
from core.crop.looking import Looked, Seen, SeenFace
from core.errors import PictureError
from core.imaging.boxes import Box
from core.imaging.reading import read_picture
from core.workspace.states import ReviewState
from core.workspace.tables import Picture

SOURCES = ("video",)
"""The sources whose unnamed pictures are sorted so: one cast, seen again and again."""

Namer = Callable[[Sequence[np.ndarray], Sequence[Sequence[Box]]], list[list[str]]]
"""Pictures (uint8 RGB) and the boxes on each -> the name of each box, "" where nobody is recognised."""


def with_names(look: Looker, name: Namer) -> Looker:
    """The same looker; what it saw on unnamed frames of videos has the names that are recognised."""

    def looked(eyes: Eyes, batches: Iterator[list[Picture]]) -> Generator[Looked, None, None]:
        with closing(look(eyes, batches)) as found:
            for one in found:
                yield replace(one, seen=_named(one, eyes, name))

    return looked


def proposed(seen: Seen, names: Sequence[str]) -> Seen:
    """What was seen on a picture with these names of its faces: a person looks before a named one is kept."""
    if not any(names):
        return seen
    faces = [_proposal(face, name) if name else face for face, name in zip(seen.faces, names, strict=True)]
    return Seen(ReviewState.LOOK, tuple(faces))


def _proposal(face: SeenFace, name: str) -> SeenFace:
    """vector: it was of the crop that is dropped, and is made again from the picture where somebody asks for it."""
    return replace(face, proposal=replace(face.proposal, kept=False, name=name), crop=None, vector=None)


def _named(looked: Looked, eyes: Eyes, name: Namer) -> list[Seen]:
    seen = list(looked.seen)
    numbers = [
        i
        for i, picture in enumerate(looked.pictures)
        if picture.character_id is None and picture.source in SOURCES and seen[i].faces
    ]
    pixels = {i: rgb for i in numbers if (rgb := _still_there(eyes.path(looked.pictures[i]))) is not None}
    if not pixels:
        return seen
    boxes = [[face.proposal.detection.box for face in seen[i].faces] for i in pixels]
    for i, own in zip(pixels, name(list(pixels.values()), boxes), strict=True):
        seen[i] = proposed(seen[i], own)
    return seen


def _still_there(path: str) -> np.ndarray | None:
    """The pixels of a frame; None where somebody has named or deleted it since it was looked at."""
    try:
        return read_picture(path)
    except PictureError:
        return None
