"""Where a face's crop lies in each state, how it is cut, and that no name is given twice."""

from __future__ import annotations

import numpy as np
import pytest

from core.atomic import write_bytes
from core.errors import PictureError
from core.imaging.boxes import Box
from core.imaging.hashes import sha256
from core.imaging.reading import encode_jpeg, read_picture
from core.workspace import characters, faces
from core.workspace.crops import Crop, crop_path, cut, face_pixels, free_face_path, free_path, place, slug_of
from core.workspace.moves import Move, record_moves
from core.workspace.undo import undo
from tests.conftest import noise
from tests.faces import add_faces


@pytest.mark.parametrize(
    ("state", "where"),
    [("kept", "faces/Rei/a_1.jpg"), ("rejected", "bin/faces/Rei/a_1.jpg"), ("proposed", ""), ("removed", None)],
)
def test_a_kept_crop_lies_at_its_path_a_rejected_one_in_the_bin_a_proposal_nowhere(workspace, state, where):
    shown = crop_path(workspace, "faces/Rei/a_1.jpg", state)
    assert shown == (workspace.root / where if where else None)
    if where is not None:  # a removed face's file waits in the bin for an undo, but is not shown
        assert place("faces/Rei/a_1.jpg", state) == where
    assert crop_path(workspace, "", state) is None
    assert place("", state) == ""


def test_a_removed_face_keeps_its_file_in_the_bin():
    assert place("faces/Rei/a_1.jpg", "removed") == "bin/faces/Rei/a_1.jpg"


def test_a_crop_is_twice_as_large_as_its_box_and_carries_the_hash_of_its_bytes(tmp_path):
    crop = cut(noise(1, 200, 200), Box(80, 90, 40, 30))
    assert read_picture(write_bytes(tmp_path / "a.jpg", crop.data)).shape == (80, 80, 3)
    assert crop.hashes == {"sha256": sha256(crop.data), "phash": crop.phash}
    assert len(crop.phash) == 16


def test_hashes_have_sixteen_digits_even_for_a_plain_picture():
    """Leading zeros count: two hashes are compared digit by digit."""
    assert len(Crop.of(np.zeros((60, 60, 3), np.uint8)).phash) == 16


def test_a_faces_pixels_come_from_its_file_before_its_picture(project):
    (face_id,) = add_faces(project, {"Rei": 1})["Rei"]
    face = project.catalogue.face(face_id)
    write_bytes(project.workspace.path(face.path), encode_jpeg(noise(9, 50, 40)))
    assert face_pixels(project, face).shape == (50, 40, 3)
    project.workspace.path(face.path).unlink()
    with pytest.raises(PictureError, match=rf"{face.path} of face {face_id} is gone"):
        face_pixels(project, face)


@pytest.fixture
def known(project):
    """A face of Rei as a long step knows it: what follows happens afterwards."""
    (face_id,) = add_faces(project, {"Rei": 1, "Asuka": 1})["Rei"]
    return project.catalogue.face(face_id)


MOVED = {
    "renamed": lambda project, rei, asuka: characters.rename(project, rei, "Ayanami"),
    "merged": lambda project, rei, asuka: characters.merge(project, rei, asuka),
    "deleted": lambda project, rei, asuka: characters.delete(project, rei),
    "rejected": lambda project, rei, asuka: faces.reject(project, project.catalogue.faces(character_id=rei.id)),
}


@pytest.mark.parametrize("how", MOVED)
def test_a_face_s_file_is_read_wherever_it_was_moved_since(project, known, how):
    pixels = face_pixels(project, known)
    MOVED[how](project, *(project.catalogue.character(name) for name in ("Rei", "Asuka")))
    assert not project.workspace.path(known.path).exists()
    assert np.array_equal(face_pixels(project, known), pixels)
    undo(project)
    assert np.array_equal(face_pixels(project, known), pixels)


def test_a_face_s_file_is_read_where_it_lies_until_it_is_moved(project, known):
    pixels = face_pixels(project, known)
    away = project.workspace.path("faces/new.jpg")
    project.workspace.path(known.path).rename(away)
    project.catalogue.set_values("faces", {known.id: {"path": "faces/Ayanami/a.jpg"}})
    with project.catalogue.writing() as db:
        record_moves(db, [Move("faces/new.jpg", "faces/Ayanami/a.jpg")])
    assert np.array_equal(face_pixels(project, known), pixels)


def test_a_face_that_was_cut_anew_is_not_taken_for_the_one_that_is_gone(project, known):
    write_bytes(project.workspace.path("faces/new.jpg"), encode_jpeg(noise(9)))
    project.workspace.path(known.path).unlink()
    project.catalogue.set_values("faces", {known.id: {"path": "faces/new.jpg", "sha256": "another"}})
    with pytest.raises(PictureError, match="is gone"):
        face_pixels(project, known)


def test_numbers_of_faces_begin_at_one_and_skip_what_is_taken_in_any_case():
    assert free_face_path("Rei", "a", set()) == "faces/Rei/a_1.jpg"
    assert free_face_path("Rei", "A", {"faces/rei/a_1.jpg", "faces/rei/a_2.jpg"}) == "faces/Rei/A_3.jpg"


def test_a_name_that_is_taken_in_a_folder_gets_a_number():
    assert free_path("pictures/Rei", "old/a.png", set()) == "pictures/Rei/a.png"
    assert free_path("pictures/Rei", "A.png", {"pictures/rei/a.png"}) == "pictures/Rei/A_2.png"


def test_nobodys_faces_have_a_folder_of_their_own(catalogue):
    assert slug_of(catalogue.add_character("Rei Ayanami")) == "Rei_Ayanami"
    assert slug_of(None) == "unnamed"
