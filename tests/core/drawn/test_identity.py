"""A drawn character stays itself from picture to picture, and a cascade sees a face in most frontal ones."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from core.drawn import cast, draw, draw_face

ROOT = Path(__file__).resolve().parents[3]
CASCADE = ROOT.parent / "shared" / "data" / "lbpcascade_animeface.xml"


pytestmark = pytest.mark.usefixtures("no_cover")  # what draws is tested for itself


def colours(face: np.ndarray) -> np.ndarray:
    """A coarse colour histogram of the upper middle of a face crop (hair, eyes, skin), which sums to 1."""
    n = face.shape[0]
    part = np.ascontiguousarray(face[n // 8 : -n // 8, n // 6 : -n // 6])
    counts = cv2.calcHist([part], [0, 1, 2], None, [5, 5, 5], [0, 256] * 3).ravel()
    return np.sqrt(counts / counts.sum())


def test_colours_tell_characters_apart_better_than_chance():
    characters = cast(8, seed=6)
    faces = np.array([[colours(draw_face(c, seed, 64)) for seed in range(6)] for c in characters])
    known, asked = faces[:, :4].mean(axis=1), faces[:, 4:].reshape(-1, 125)
    answers = (asked @ known.T).argmax(axis=1)
    # By chance one in eight; light, shade and background keep it well below all.
    assert (answers == np.repeat(np.arange(8), 2)).mean() >= 0.5


def test_hair_keeps_its_colour_under_plain_light():
    character = cast(1, seed=2)[0]
    faces = [draw_face(character, seed, 96) for seed in range(12)]
    near = [float(np.min(np.linalg.norm(f.astype(float) - character.hair, axis=2))) for f in faces]
    # An artist shifts it by a few percent, and some pictures lie in coloured light.
    assert np.median(near) < 30


@pytest.mark.skipif(not CASCADE.exists(), reason="the cascade's XML is not beside this project")
@pytest.mark.slow
def test_the_cascade_finds_most_frontal_faces_but_not_all():
    finder = cv2.CascadeClassifier(str(CASCADE))
    characters = cast(9, seed=5)
    found = []
    for character in characters:
        for seed in range(4):
            picture = draw(character, seed)
            grey = cv2.equalizeHist(cv2.cvtColor(picture.pixels, cv2.COLOR_RGB2GRAY))
            boxes = finder.detectMultiScale(grey, 1.1, 5, minSize=(24, 24))
            for face in picture.faces:
                if face.pose == "front":
                    found.append(any(face.box.contains(x + w / 2, y + h / 2) for x, y, w, h in boxes))
    assert len(found) > 12
    assert 0.4 <= np.mean(found) <= 0.95
