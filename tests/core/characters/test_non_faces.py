"""Vectors of crops without a face: made once for each encoder, and no reason to fail where they cannot be kept."""

from __future__ import annotations

import numpy as np
import pytest

from core.characters import non_faces
from core.characters.non_faces import SHIPPED_VECTORS, non_face_vectors, non_faces_ready
from core.drawn.non_faces import non_face_crops
from core.vision import load_encoder
from core.workspace import arrays
from core.workspace.arrays import save_arrays
from core.workspace.models import shipped_path
from tests.coloured_faces import MeanColour
from tests.core.characters.conftest import NON_FACES


def test_they_are_embedded_once_for_each_encoder_as_they_were_cut(workspace, tmp_path):
    seen = MeanColour()
    encoders = [tmp_path / name for name in ("a", "b")]
    for path in encoders:
        path.write_bytes(path.name.encode())
    assert not non_faces_ready(workspace, encoders[0])
    first = non_face_vectors(workspace, encoders[0], load=lambda path: seen)
    again = non_face_vectors(workspace, encoders[0], load=lambda path: seen)
    assert first.shape == (NON_FACES, 3)
    assert np.array_equal(first, again)
    assert [non_faces_ready(workspace, path) for path in encoders] == [True, False]
    non_face_vectors(workspace, encoders[1], load=lambda path: seen)
    assert seen.asked == [NON_FACES] * 2
    assert set(seen.framings) == {"given"}


def test_a_folder_that_cannot_be_written_is_passed_over(workspace, tmp_path, monkeypatch):
    def full(path, arrays):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(arrays, "save_arrays", full)
    (tmp_path / "a").write_bytes(b"a")
    assert len(non_face_vectors(workspace, tmp_path / "a", load=lambda path: MeanColour())) == NON_FACES


def test_those_of_the_shipped_encoder_are_shipped_and_none_is_drawn(workspace, monkeypatch):
    monkeypatch.setattr(non_faces, "non_face_crops", lambda: 1 / 0)
    assert non_faces_ready(workspace, shipped_path())
    vectors = non_face_vectors(workspace, shipped_path())
    assert vectors.shape[0] == 200
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-4)


@pytest.mark.long
def test_the_shipped_ones_are_what_the_shipped_encoder_makes_of_the_drawn_crops(workspace):
    few = load_encoder(shipped_path()).embed(non_face_crops()[:4], framing="given")
    assert np.sum(non_face_vectors(workspace, shipped_path())[:4] * few, axis=1).min() > 0.99


def test_damaged_or_missing_vectors_are_made_anew(workspace, tmp_path, monkeypatch):
    (tmp_path / "a").write_bytes(b"a")
    for data in (None, b"rubbish", SHIPPED_VECTORS.read_bytes()[:100]):
        path = tmp_path / f"shipped{data is None}"
        if data is not None:
            path.write_bytes(data)
        monkeypatch.setattr(non_faces, "SHIPPED_VECTORS", path)
        assert len(non_face_vectors(workspace, tmp_path / "a", load=lambda path: MeanColour())) == NON_FACES


def test_what_was_kept_without_vectors_is_made_anew(workspace, tmp_path):
    (tmp_path / "a").write_bytes(b"a")
    save_arrays(non_faces._path(workspace, tmp_path / "a"), {"other": np.zeros(3)})
    assert len(non_face_vectors(workspace, tmp_path / "a", load=lambda path: MeanColour())) == NON_FACES
