"""Crops of drawn pictures that show no face: what a detector's false boxes look like to an encoder.

Their embeddings let core.similarity.clustering tell hands, clothes and backgrounds from faces with any encoder, also
one that was trained later. They stand for the boxes that a detector wrongly draws on real pictures (docs/groups.md).
"""

from __future__ import annotations

import numpy as np

from core.drawn.casting import cast
from core.drawn.picture import pictures
from core.imaging.boxes import Box
from core.imaging.framing import face_crop, frame

A_PICTURE = 4
"""Crops of one picture at most."""
SMALLEST, LARGEST = 0.1, 0.45
"""Side of a box, as a share of the picture's shorter side."""


def non_face_crops(n: int = 200, *, seed: int = 0) -> list[np.ndarray]:
    """n crops, uint8 side x side x 3, in the framing of faces, none of which touches a face; the same for each seed."""
    rng = np.random.default_rng(seed)
    people = cast(max(n // (2 * A_PICTURE), 1), seed=seed)
    found: list[np.ndarray] = []
    again = 0
    while True:
        for _, _, picture in pictures(people, 4, seed=seed + again):
            height, width = picture.pixels.shape[:2]
            for _ in range(A_PICTURE):
                if len(found) == n:
                    return found
                side = rng.uniform(SMALLEST, LARGEST) * min(height, width)
                box = Box(rng.uniform(0, width - side), rng.uniform(0, height - side), side, side)
                if all(frame(box).iou(face.box) == 0 for face in picture.faces):
                    found.append(face_crop(picture.pixels, box))
        again += 1
