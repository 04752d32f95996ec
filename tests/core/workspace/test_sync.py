"""What was put into the folders by hand is taken in; what vanished is mended or reported, never forgotten."""

from __future__ import annotations

import os
import shutil

import pytest

from core.atomic import write_bytes
from core.imaging.reading import encode_jpeg
from core.workspace import characters
from core.workspace.sync import Renames, SyncReport, about, sync
from core.workspace.undo import undo
from tests.conftest import noise
from tests.faces import add_faces


def test_files_put_there_by_hand_are_taken_in_once(project):
    write_bytes(project.workspace.pictures / "Rei Ayanami" / "a.jpg", encode_jpeg(noise(1)))
    write_bytes(project.workspace.faces / "Asuka" / "b.jpg", encode_jpeg(noise(2)))
    write_bytes(project.workspace.faces / "Asuka" / "c.jpg", b"no picture")
    report = sync(project)
    assert report.pictures_taken_in == ["pictures/Rei Ayanami/a.jpg"]
    assert report.faces_taken_in == ["faces/Asuka/b.jpg"]
    assert report.unreadable[0].startswith("faces/Asuka/c.jpg")
    assert [c.name for c in project.catalogue.characters()] == ["Asuka", "Rei Ayanami"]
    (face,) = project.catalogue.faces()
    assert (face.state, face.w, face.h) == ("kept", 80, 80)
    again = sync(project)
    assert not again.pictures_taken_in + again.faces_taken_in


def test_a_vanished_face_is_reported_every_time_and_keeps_its_row(project):
    (face_id,) = add_faces(project, {"Rei": 1})["Rei"]
    path = project.catalogue.face(face_id).path
    project.workspace.path(path).unlink()
    assert sync(project).vanished == [path]
    assert sync(project).vanished == [path]
    assert project.catalogue.face(face_id).state == "kept"


def test_a_crop_that_was_never_written_is_cut_from_its_picture(project):
    rei = project.catalogue.add_character("Rei")
    write_bytes(project.workspace.path("pictures/Rei/a.png"), encode_jpeg(noise(3, 200, 200)))
    picture = project.catalogue.add_picture(rei.id, path="pictures/Rei/a.png")
    box = {"x": 60.0, "y": 60.0, "w": 50.0, "h": 50.0}
    row = {"picture_id": picture.id, "character_id": rei.id, "path": "faces/Rei/a_1.jpg", "state": "kept", **box}
    project.catalogue.add_faces([row], action="made")
    assert sync(project).mended == ["faces/Rei/a_1.jpg"]
    assert project.workspace.path("faces/Rei/a_1.jpg").exists()
    assert not sync(project).vanished


def put(project, path: str, pixels) -> str:
    write_bytes(project.workspace.path(path), encode_jpeg(pixels))
    return path


@pytest.fixture
def cast(project):
    """Two faces of Rei, one of Asuka; a picture of Rei with a face on it."""
    add_faces(project, {"Rei": 2, "Asuka": 1})
    rei = project.catalogue.character("Rei")
    put(project, "pictures/Rei/whole.jpg", noise(9, 160, 160))
    about_it = about(project.workspace.path("pictures/Rei/whole.jpg"))
    project.catalogue.add_picture(rei.id, path="pictures/Rei/whole.jpg", **about_it)
    return project


def move(project, source: str, target: str) -> None:
    at = project.workspace.path(target)
    at.parent.mkdir(parents=True, exist_ok=True)
    project.workspace.path(source).rename(at)


def test_a_face_moved_to_another_characters_folder_is_relabelled_not_doubled(cast):
    face = cast.catalogue.faces()[0]
    move(cast, face.path, "faces/Asuka/moved.jpg")
    report = sync(cast)
    assert (report.relabelled, report.faces_taken_in, report.vanished) == (["faces/Asuka/moved.jpg"], [], [])
    now = cast.catalogue.face(face.id)
    assert (now.character_id, now.path) == (cast.catalogue.character("Asuka").id, "faces/Asuka/moved.jpg")
    assert cast.catalogue.picture(now.picture_id).review == "new"  # nobody has looked at it
    assert len(cast.catalogue.faces()) == 3
    undo(cast)
    assert cast.workspace.path(face.path).exists()
    assert cast.catalogue.face(face.id).path == face.path


def test_a_second_file_of_the_same_content_is_a_duplicate_that_is_reported(cast):
    face = cast.catalogue.faces()[0]
    shutil.copyfile(cast.workspace.path(face.path), cast.workspace.path("faces/Asuka/again.jpg"))
    for _ in range(2):
        report = sync(cast)
        assert report.duplicates == [f"faces/Asuka/again.jpg = {face.path}"]
    assert len(cast.catalogue.faces()) == 3


@pytest.mark.parametrize("name", ["Rei_Ayanami", "Rei Ayanami"])
@pytest.mark.parametrize("tops", [("faces", "pictures"), ("faces",)])
def test_a_renamed_folder_is_a_renamed_character(cast, name, tops):
    for top in tops:
        cast.workspace.path(f"{top}/Rei").rename(cast.workspace.path(f"{top}/{name}"))
    before = {f.id: (f.path, f.character_id) for f in cast.catalogue.faces()}
    for _ in range(2):
        asked = sync(cast)
        assert asked == SyncReport(asked=[f"Rei -> {name}"])
        assert {f.id: (f.path, f.character_id) for f in cast.catalogue.faces()} == before
    report = sync(cast, Renames.RENAME)
    assert report.renamed == [f"Rei -> {name}"]
    assert [c.name for c in cast.catalogue.characters()] == ["Asuka", name]
    assert sorted(f.path for f in cast.catalogue.faces()) == [
        *("faces/Asuka/000_1.jpg", "faces/Rei_Ayanami/000_1.jpg", "faces/Rei_Ayanami/001_1.jpg")
    ]
    assert cast.catalogue.pictures(kind="picture")[0].path == "pictures/Rei_Ayanami/whole.jpg"
    assert all(cast.workspace.path(f.path).exists() for f in cast.catalogue.faces())
    assert sync(cast) == SyncReport()


def test_a_folder_that_bears_another_name_may_be_somebody_new_and_undo_takes_that_back(cast):
    rei = [f.id for f in cast.catalogue.faces(character_id=cast.catalogue.character("Rei").id)]
    cast.workspace.path("faces/Rei").rename(cast.workspace.path("faces/Misato"))
    report = sync(cast, Renames.NEW)
    assert len(report.relabelled) == 2
    assert (report.renamed, report.asked) == ([], [])
    misato = cast.catalogue.character("Misato").id
    assert {f.character_id for f in cast.catalogue.faces(ids=rei)} == {misato}
    undo(cast)
    assert {f.character_id for f in cast.catalogue.faces(ids=rei)} == {cast.catalogue.character("Rei").id}


def test_what_lies_in_a_folder_that_is_asked_about_is_neither_taken_in_nor_called_gone(cast):
    cast.workspace.path("faces/Rei").rename(cast.workspace.path("faces/Misato"))
    write_bytes(cast.workspace.path("faces/Misato/new.jpg"), encode_jpeg(noise(77)))
    assert sync(cast) == SyncReport(asked=["Rei -> Misato"])
    assert len(cast.catalogue.faces()) == 3
    assert sync(cast, Renames.RENAME).faces_taken_in == ["faces/Misato/new.jpg"]
    assert len(cast.catalogue.faces()) == 4


def test_a_folder_for_one_of_two_faces_is_a_new_character(cast):
    face = cast.catalogue.faces()[0]
    move(cast, face.path, "faces/Misato/a.jpg")
    assert sync(cast).renamed == []
    assert cast.catalogue.face(face.id).character_id == cast.catalogue.character("Misato").id


def test_a_replaced_picture_is_reported_and_a_replaced_face_gets_its_new_hash(cast):
    face = cast.catalogue.faces()[0]
    put(cast, "pictures/Rei/whole.jpg", noise(33, 160, 160))
    put(cast, face.path, noise(34))
    assert sync(cast).replaced == ["pictures/Rei/whole.jpg", face.path]
    assert cast.catalogue.face(face.id).sha256 == about(cast.workspace.path(face.path))["sha256"]
    assert sync(cast).replaced == ["pictures/Rei/whole.jpg"]


def test_a_deleted_face_stays_deleted_and_is_reported(cast):
    (face_id,) = [f.id for f in cast.catalogue.faces(path="faces/Asuka/000_1.jpg")]
    path = cast.workspace.path(cast.catalogue.face(face_id).path)
    path.unlink()
    assert sync(cast).vanished == ["faces/Asuka/000_1.jpg"]
    assert not path.exists()


def test_a_file_named_like_a_copy_is_never_taken_in_as_a_face(cast):
    put(cast, "faces/Rei/000_1_balancing.jpg", noise(55))
    put(cast, "faces/Rei/000_1_balancing_2.jpg", noise(56))
    report = sync(cast)
    assert report.faces_taken_in == []
    assert report.stray_copies == ["faces/Rei/000_1_balancing.jpg", "faces/Rei/000_1_balancing_2.jpg"]


def test_a_kept_face_without_a_hash_gets_it(cast):
    face = cast.catalogue.faces()[0]
    cast.catalogue.set_values("faces", {face.id: {"sha256": "", "phash": ""}})
    assert sync(cast).mended == [face.path]
    assert cast.catalogue.face(face.id).sha256 == face.sha256


def test_a_folder_named_like_a_deleted_character_is_that_character_again(cast):
    """The folder's name is a safe one; the character comes back under its true name."""
    characters.add(cast, "Rei II")
    characters.delete(cast, cast.catalogue.character("Rei II"))
    cast.workspace.path("faces/Rei").rename(cast.workspace.path("faces/Rei_II"))
    report = sync(cast)
    assert (report.asked, len(report.relabelled)) == ([], 2)
    again = cast.catalogue.character("Rei II")
    assert len(cast.catalogue.faces(character_id=again.id)) == 2
    assert [c.name for c in cast.catalogue.characters()] == ["Asuka", "Rei", "Rei II"]


def test_a_character_is_not_renamed_while_a_picture_lies_in_its_folder(cast):
    put(cast, "pictures/Rei/stays.jpg", noise(91, 160, 160))
    sync(cast)
    cast.workspace.path("faces/Rei").rename(cast.workspace.path("faces/Misato"))
    move(cast, "pictures/Rei/whole.jpg", "pictures/Misato/whole.jpg")
    report = sync(cast)
    assert (report.asked, len(report.relabelled)) == ([], 3)


def test_a_picture_moved_by_hand_is_still_to_be_looked_at(cast):
    move(cast, "pictures/Rei/whole.jpg", "pictures/Asuka/whole.jpg")
    assert sync(cast).relabelled == ["pictures/Asuka/whole.jpg"]
    (picture,) = cast.catalogue.pictures(kind="picture")
    assert (picture.review, picture.character_id) == ("new", cast.catalogue.character("Asuka").id)
    move(cast, "pictures/Asuka/whole.jpg", "pictures/unnamed/whole.jpg")
    assert sync(cast).relabelled == ["pictures/unnamed/whole.jpg"]
    assert cast.catalogue.picture(picture.id).character_id is None


def test_a_vanished_picture_is_reported_and_a_crop_that_needs_it_too(cast):
    (whole,) = cast.catalogue.pictures(kind="picture")
    row = {"picture_id": whole.id, "character_id": whole.character_id, "path": "faces/Rei/never.jpg", "state": "kept"}
    cast.catalogue.add_faces([row | {"w": 50.0, "h": 50.0}], action="made")
    cast.workspace.path(whole.path).unlink()
    assert sync(cast) == SyncReport(vanished=[whole.path, "faces/Rei/never.jpg"])


def test_a_face_that_was_replaced_by_something_unreadable_is_told(cast):
    face = cast.catalogue.faces()[0]
    write_bytes(cast.workspace.path(face.path), b"no picture")
    report = sync(cast)
    assert [words.split(":")[0] for words in report.unreadable] == [face.path]
    assert cast.catalogue.face(face.id).sha256 == face.sha256


def test_each_file_that_is_taken_in_is_a_change_of_its_own(project):
    for n in (1, 2):
        put(project, f"faces/Asuka/{n}.jpg", noise(n))
    put(project, "pictures/unnamed/3.jpg", noise(3))
    sync(project)
    actions = [c.action for c in project.catalogue.changes()]
    files = ("faces/Asuka/1.jpg", "faces/Asuka/2.jpg", "pictures/unnamed/3.jpg")
    assert sorted(actions) == ["added Asuka", *(f"{path} taken in" for path in files)]
    assert {f.score for f in project.catalogue.faces()} == {1.0}
    assert [p.character_id for p in project.catalogue.pictures(kind="picture")] == [None]


def test_a_link_out_of_the_workspace_is_told_and_the_others_are_taken_in(project, tmp_path):
    write_bytes(tmp_path / "elsewhere/b.jpg", encode_jpeg(noise(2)))
    rei = project.workspace.pictures / "Rei"
    write_bytes(rei / "a.jpg", encode_jpeg(noise(1)))
    (rei / "link.jpg").symlink_to(tmp_path / "elsewhere/b.jpg")
    (rei / "own.jpg").symlink_to(rei / "a.jpg")
    (project.workspace.pictures / "Linked").symlink_to(tmp_path / "elsewhere")
    report = sync(project)
    assert report.pictures_taken_in == ["pictures/Rei/a.jpg"]
    assert [line.split(":")[0] for line in report.unreadable] == ["pictures/Linked/b.jpg", "pictures/Rei/link.jpg"]
    assert "leads out of the workspace" in report.unreadable[0]


def test_a_name_that_is_no_text_is_told_and_left_alone(project):
    folder = project.workspace.pictures / "Rei"
    write_bytes(folder / "a.jpg", encode_jpeg(noise(1)))
    (folder / "a.jpg").rename(folder / os.fsdecode(b"\x83\x8c.jpg"))
    report = sync(project)
    assert report.unreadable == ["pictures/Rei/レ.jpg: the bytes of its name are no text in UTF-8. Rename it."]
    assert project.catalogue.pictures() == []
