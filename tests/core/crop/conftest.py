"""A workspace with two characters and pictures whose faces are bright squares at known places."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from core.atomic import write_bytes
from core.imaging.boxes import Box
from core.imaging.reading import encode_jpeg
from tests.edits import write_crop

SIDE = 200
FACE = Box(60, 40, 50, 60)


def picture_pixels(seed: int, boxes: list[Box]) -> np.ndarray:
    """Dark noise of SIDE x SIDE with a bright rectangle in each box."""
    rng = np.random.default_rng(seed)
    rgb = cv2.resize(rng.integers(0, 90, (8, 8, 3), dtype=np.uint8), (SIDE, SIDE))
    for box in boxes:
        x, y, right, bottom = round(box.x), round(box.y), round(box.right), round(box.bottom)
        rgb[y:bottom, x:right] = (250, 200, 180)
    return rgb


class Made:
    """Puts pictures and proposed faces into a workspace, without a detector."""

    def __init__(self, project):
        self.project, self.workspace, self.catalogue = project, project.workspace, project.catalogue
        self.rei = project.catalogue.add_character("Rei Ayanami")
        self.asuka = project.catalogue.add_character("Asuka")
        self._n = 0

    def picture(self, boxes=(FACE,), *, shown=(), character=None, review="look", states=None, scores=None, **values):
        """A picture and its faces; a face that is kept has its crop on disk. shown: boxes that no face is known of."""
        character = character or self.rei
        self._n += 1
        boxes = list(boxes)
        pixels = picture_pixels(self._n, [*boxes, *shown])
        path = f"pictures/{character.slug}/{self._n:03d}.jpg"
        write_bytes(self.workspace.path(path), encode_jpeg(pixels))
        values = {"path": path, "review": review, "width": SIDE, "height": SIDE, "source": "test"} | values
        picture = self.catalogue.add_picture(character.id, **values)
        states = states or ["proposed"] * len(boxes)
        scores = scores or [0.5] * len(boxes)
        rows = [
            {
                "picture_id": picture.id,
                "character_id": character.id,
                "path": f"faces/{character.slug}/{self._n:03d}_{i}.jpg",
                **{"x": box.x, "y": box.y, "w": box.w, "h": box.h},
                **{"detector": "test", "score": score, "state": state},
            }
            for i, (box, state, score) in enumerate(zip(boxes, states, scores, strict=True), 1)
        ]
        faces = self.catalogue.add_faces(rows, action="found") if rows else []
        for face in faces:
            if face.state == "kept":
                write_crop(self.project, face)
        return picture, [self.catalogue.face(f.id) for f in faces]


@pytest.fixture
def made(project) -> Made:
    return Made(project)
