"""Vectors of crops without a face: made once for each encoder, and no reason to fail where they cannot be kept."""

from __future__ import annotations

import numpy as np

from core.characters import non_faces
from core.characters.non_faces import non_face_vectors, non_faces_ready
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

    monkeypatch.setattr(non_faces, "save_arrays", full)
    (tmp_path / "a").write_bytes(b"a")
    assert len(non_face_vectors(workspace, tmp_path / "a", load=lambda path: MeanColour())) == NON_FACES
