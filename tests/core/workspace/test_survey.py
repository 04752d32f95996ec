"""Folders and catalogue compared by content: each kind of difference is named as what it is, and nothing is changed."""

from __future__ import annotations

import pytest

from core.atomic import write_bytes
from core.errors import PictureError
from core.imaging.hashes import sha256
from core.workspace.survey import Survey, file_digest, is_copy_name, survey

NOTHING = Survey()


def add_picture(project, name, data, *, state="kept", written=True, hashed=True):
    rei = project.catalogue.add_character("Rei")
    path = f"pictures/Rei/{name}"
    if written:
        write_bytes(project.workspace.path(path), data)
    digest = sha256(data) if hashed else ""
    return project.catalogue.add_picture(rei.id, path=path, sha256=digest, state=state)


def add_face(project, name, data, *, state="kept", written=True, **values):
    rei = project.catalogue.add_character("Rei")
    picture = project.catalogue.add_picture(rei.id, kind="face")
    path = f"faces/Rei/{name}"
    if written:
        write_bytes(project.workspace.path(path), data)
    row = {"picture_id": picture.id, "character_id": rei.id, "path": path, "state": state, "sha256": sha256(data)}
    (face,) = project.catalogue.add_faces([row | values], action="made")
    return face


def put(project, path, data):
    write_bytes(project.workspace.path(path), data)


def test_what_agrees_is_no_difference(project):
    add_picture(project, "a.jpg", b"a")
    add_picture(project, "old.jpg", b"old", hashed=False)
    add_face(project, "a_1.jpg", b"face")
    add_face(project, "b_1.jpg", b"rejected", state="rejected", written=False)
    assert survey(project) == NOTHING


def test_a_missing_file_and_one_with_other_content_are_told_apart(project):
    gone, changed = add_picture(project, "a.jpg", b"a", written=False), add_picture(project, "b.jpg", b"b")
    lost, redrawn = add_face(project, "a_1.jpg", b"1", written=False), add_face(project, "b_1.jpg", b"2")
    put(project, changed.path, b"other")
    put(project, redrawn.path, b"another")
    assert survey(project) == Survey(
        pictures_gone=[gone], replaced={changed.path: changed}, faces_gone=[lost], faces_changed={redrawn.path: redrawn}
    )


def test_a_file_that_stands_elsewhere_belongs_to_its_row(project):
    picture = add_picture(project, "a.jpg", b"a", written=False)
    face = add_face(project, "a_1.jpg", b"1", written=False)
    put(project, "pictures/Asuka/z.jpg", b"a")
    put(project, "faces/Asuka/z.jpg", b"1")
    assert survey(project) == Survey(
        moved_pictures={"pictures/Asuka/z.jpg": picture}, moved_faces={"faces/Asuka/z.jpg": face}
    )


def test_a_second_file_of_the_same_content_is_a_duplicate_not_a_move(project):
    picture, face = add_picture(project, "a.jpg", b"a"), add_face(project, "a_1.jpg", b"1")
    put(project, "pictures/Asuka/z.jpg", b"a")
    put(project, "faces/Asuka/z.jpg", b"1")
    assert survey(project) == Survey(duplicates={"pictures/Asuka/z.jpg": picture.path, "faces/Asuka/z.jpg": face.path})


def test_of_two_files_where_one_row_lost_its_own_the_first_is_the_move(project):
    add_picture(project, "a.jpg", b"a", written=False)
    put(project, "pictures/Asuka/y.jpg", b"a")
    put(project, "pictures/Asuka/z.jpg", b"a")
    found = survey(project)
    assert list(found.moved_pictures) == ["pictures/Asuka/y.jpg"]
    assert found.new_pictures == ["pictures/Asuka/z.jpg"]


def test_files_of_nobody_are_new_and_equal_ones_among_them_counted_once(project):
    for name in ("a", "b"):
        put(project, f"pictures/Rei/{name}.jpg", b"same")
        put(project, f"faces/Rei/{name}.jpg", b"same face")
    assert survey(project) == Survey(
        new_pictures=["pictures/Rei/a.jpg"],
        new_faces=["faces/Rei/a.jpg"],
        duplicates={"pictures/Rei/b.jpg": "pictures/Rei/a.jpg", "faces/Rei/b.jpg": "faces/Rei/a.jpg"},
    )


def test_a_kept_face_without_a_hash_is_named(project):
    face = add_face(project, "a_1.jpg", b"1", sha256="")
    assert survey(project) == Survey(faces_unhashed=[face])


def test_a_stray_balancing_copy_is_no_new_face_and_a_copys_content_is_no_home(project):
    original = add_face(project, "a_1.jpg", b"1")
    add_face(project, "a_1_balancing.jpg", b"copy", written=False, copy_of=original.id)
    put(project, "faces/Rei/x_balancing_2.jpg", b"stray")
    put(project, "faces/Rei/y.jpg", b"copy")
    found = survey(project)
    assert found.stray_copies == ["faces/Rei/x_balancing_2.jpg"]
    assert (found.moved_faces, found.new_faces) == ({}, ["faces/Rei/y.jpg"])


def test_a_removed_picture_is_not_missed_and_its_file_is_not_new(project):
    add_picture(project, "a.jpg", b"a", state="removed", written=False)
    add_picture(project, "b.jpg", b"b", state="removed")
    assert survey(project) == NOTHING


def test_names_that_differ_only_in_case_are_one_file(project):
    """On a file system where case does not count the row's file may be listed in another spelling."""
    face = add_face(project, "A_1.jpg", b"1", written=False)
    put(project, "faces/Rei/a_1.jpg", b"1")
    assert survey(project).new_faces == []
    assert survey(project).faces_gone == [face]


def test_system_files_and_folders_are_passed_over(project):
    for path in ("pictures/Rei/.DS_Store", "pictures/Rei/Thumbs.db", "faces/__MACOSX/a.jpg", "pictures/loose.jpg"):
        put(project, path, b"x")
    assert survey(project) == NOTHING


@pytest.mark.parametrize(
    ("name", "copy"),
    [
        ("a_1_balancing.jpg", True),
        ("a_1_balancing_2.jpg", True),
        ("a_balancing_x.jpg", False),
        ("balancing.jpg", False),
    ],
)
def test_how_a_balancing_copy_is_named(name, copy):
    assert is_copy_name(f"faces/Rei/{name}") is copy


def test_a_file_that_cannot_be_read_is_told(tmp_path):
    assert file_digest(write_bytes(tmp_path / "a", b"a")) == sha256(b"a")
    with pytest.raises(PictureError, match="cannot be read: No such file"):
        file_digest(tmp_path / "b")
