"""Drawn strangers: a sheet of faces that any encoder can look at."""

from types import SimpleNamespace

import numpy as np
import pytest

from core.imaging.reading import read_picture
from core.recognise.gallery import Gallery
from core.recognise.threshold import ENOUGH
from core.workspace import drawn_strangers
from core.workspace.drawn_strangers import SHEET, SIDE, cut_sheet, drawn_stranger_vectors


class MeanColour:
    def embed(self, faces, framing):
        found = np.array([np.append(face.mean(axis=(0, 1)), 1.0) for face in faces], np.float32)
        return found / np.linalg.norm(found, axis=1, keepdims=True)


def test_the_faces_of_a_sheet_come_row_by_row():
    sheet = np.zeros((2 * SIDE, 3 * SIDE, 3), np.uint8)
    for k in range(6):
        sheet[k // 3 * SIDE : (k // 3 + 1) * SIDE, k % 3 * SIDE : (k % 3 + 1) * SIDE] = k
    assert [int(face.mean()) for face in cut_sheet(sheet)] == list(range(6))
    assert all(face.shape == (SIDE, SIDE, 3) and (face == face[0, 0]).all() for face in cut_sheet(sheet))


def test_the_shipped_sheet_shows_different_characters():
    faces = cut_sheet(read_picture(SHEET))
    assert len(faces) == 320 > ENOUGH
    looks = np.stack([face[:: SIDE // 4, :: SIDE // 4].ravel() for face in faces])
    assert len(np.unique(looks, axis=0)) == 320
    assert SHEET.stat().st_size < 1_000_000


def test_they_are_embedded_once_for_each_encoder_and_never_without_the_sheet(tmp_path, monkeypatch):
    workspace = SimpleNamespace(cache=tmp_path / "cache")
    first = drawn_stranger_vectors(workspace, "a" * 64, MeanColour)
    assert first.shape == (320, 4)
    kept = drawn_stranger_vectors(workspace, "a" * 64, lambda: pytest.fail("they are kept"))
    assert np.array_equal(kept, first)
    monkeypatch.setattr(drawn_strangers, "SHEET", tmp_path / "missing.webp")
    assert drawn_stranger_vectors(workspace, "b" * 64, MeanColour) is None
    assert Gallery(first[:2], ("a", "b"), ("1", "2"), "e", drawn=None).drawn is None
