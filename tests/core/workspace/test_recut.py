"""Crops cut before a write: where the box changes or a kept face has no file, and nowhere else."""

from __future__ import annotations

import pytest

from core.atomic import write_bytes
from core.errors import PictureError
from core.imaging.reading import encode_jpeg, read_picture
from core.workspace import recut
from core.workspace.moves import StagedFiles
from core.workspace.recut import PictureReader, stage_crops
from tests.conftest import noise


@pytest.fixture
def face(project):
    """A kept face with its file, on a picture of 200 x 200."""
    rei = project.catalogue.add_character("Rei")
    write_bytes(project.workspace.path("pictures/Rei/a.jpg"), encode_jpeg(noise(1, 200, 200)))
    picture = project.catalogue.add_picture(rei.id, path="pictures/Rei/a.jpg", width=200, height=200)
    row = {"picture_id": picture.id, "character_id": rei.id, "path": "faces/Rei/a_1.jpg", "state": "kept"}
    (made,) = project.catalogue.add_faces([row | {"x": 80, "y": 80, "w": 40, "h": 40}], action="found")
    write_bytes(project.workspace.path(made.path), encode_jpeg(noise(2)))
    return made


@pytest.fixture
def staged(workspace):
    with StagedFiles(workspace) as files:
        yield files


def sides(project, crops):
    return {key: read_picture(project.workspace.path(crop.path)).shape[0] for key, crop in crops.items()}


@pytest.mark.parametrize("key", ["x", "y", "w", "h"])
def test_a_box_that_changes_is_cut_anew(project, staged, face, key):
    crops = stage_crops(project, [(face.id, {key: 50})], staged)
    assert sides(project, crops) == {face.id: 100 if key in "wh" else 80}
    assert crops[face.id].revision == face.revision


def test_the_same_box_and_a_face_that_is_not_kept_need_no_crop(project, staged, face):
    assert stage_crops(project, [(face.id, {"x": 80.0, "split": "train"})], staged) == {}
    assert stage_crops(project, [(face.id, {"x": 10.0, "state": "proposed"})], staged) == {}
    assert stage_crops(project, [(face.id, {"state": "rejected"})], staged) == {}


@pytest.mark.parametrize("where", ["faces/Rei/a_1.jpg", "bin/faces/Rei/a_1.jpg", "faces/Asuka/a_1.jpg"])
def test_a_file_at_the_old_place_in_the_bin_or_at_the_new_place_will_do(project, staged, face, where):
    project.workspace.path(face.path).unlink()
    after = {"path": "faces/Asuka/a_1.jpg"}
    assert list(stage_crops(project, [(face.id, after)], staged)) == [face.id]
    write_bytes(project.workspace.path(where), b"there")
    assert stage_crops(project, [(face.id, after)], staged) == {}


def test_what_cannot_be_cut_is_told_or_left_out(project, staged, face):
    project.workspace.path("pictures/Rei/a.jpg").unlink()
    with pytest.raises(PictureError):
        stage_crops(project, [(face.id, {"w": 50})], staged)
    assert stage_crops(project, [(face.id, {"w": 50})], staged, lenient=True) == {}


@pytest.mark.parametrize("made_by", ["copy", "augment"])
def test_a_plain_copy_is_made_again_from_its_original_an_augmented_one_is_not(project, staged, face, made_by):
    row = {"picture_id": face.picture_id, "character_id": face.character_id, "path": "faces/Rei/a_1_balancing.jpg"}
    row |= {"state": "kept", "copy_of": face.id, "made_by": made_by, "sha256": "cafe", "phash": "0" * 16}
    (copy,) = project.catalogue.add_faces([row], action="balanced")
    if made_by == "augment":
        with pytest.raises(PictureError, match="Balance again"):
            stage_crops(project, [(copy.id, {})], staged)
        return
    crop = stage_crops(project, [(copy.id, {"x": 3.0})], staged)[copy.id]  # a copy has no box of its own
    assert project.workspace.path(crop.path).read_bytes() == project.workspace.path(face.path).read_bytes()
    assert crop.hashes == {"sha256": "cafe", "phash": "0" * 16}


def test_each_picture_is_read_once(project, face, monkeypatch):
    read = []
    monkeypatch.setattr(recut, "read_picture", lambda path: read.append(path) or read_picture(path))
    pictures = PictureReader(project)
    assert pictures.of(face.picture_id) is pictures.of(face.picture_id)
    assert len(read) == 1
    lone = project.catalogue.add_picture(face.character_id, kind="face")
    with pytest.raises(PictureError, match="nothing to cut it from"):
        pictures.of(lone.id)
