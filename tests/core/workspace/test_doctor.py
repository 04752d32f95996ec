"""What is wrong is named, and repaired without losing anything that could be had back."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

from core.atomic import write_bytes
from core.cli import main
from core.imaging.reading import encode_jpeg
from core.workspace import doctor
from core.workspace.moves import STAGING, Move, record_moves
from core.workspace.staleness import faces_fingerprint
from core.workspace.sync import about
from core.workspace.undo import undo
from tests.conftest import noise
from tests.edits import write_crop
from tests.faces import add_faces


@pytest.fixture
def cast(project):
    """Two lone faces of Rei, and one cut from a picture."""
    add_faces(project, {"Rei": 2})
    rei = project.catalogue.character("Rei")
    write_bytes(project.workspace.path("pictures/Rei/a.jpg"), encode_jpeg(noise(9, 160, 160)))
    values = about(project.workspace.path("pictures/Rei/a.jpg"))
    picture = project.catalogue.add_picture(rei.id, path="pictures/Rei/a.jpg", **values)
    row = {"picture_id": picture.id, "character_id": rei.id, "path": "faces/Rei/a_1.jpg", "state": "kept"}
    (face,) = project.catalogue.add_faces([row | {"x": 40.0, "y": 40.0, "w": 60.0, "h": 60.0}], action="found")
    write_crop(project, face)
    return project


def kinds(project) -> dict[str, int]:
    return doctor.summary(doctor.inspect(project))


def test_a_healthy_workspace_has_nothing(cast):
    assert doctor.inspect(cast) == []


def test_what_can_be_completed_is(cast):
    cast.workspace.path("faces/Rei/a_1.jpg").unlink()
    cast.catalogue.set_values("faces", {1: {"sha256": ""}})
    with cast.catalogue.writing() as db:
        record_moves(db, [Move("faces/Rei/gone.jpg", "bin/faces/Rei/gone.jpg")])
    write_bytes(cast.workspace.root / STAGING / "0123" / "000001.jpg", b"left behind")
    assert kinds(cast) == {
        doctor.UNFINISHED: 1,
        doctor.LEFTOVER: 1,
        doctor.FACE_GONE: 1,
        doctor.NO_HASH: 1,
    }
    assert doctor.repair(cast) == []
    assert cast.workspace.path("faces/Rei/a_1.jpg").exists()
    assert all(f.sha256 for f in cast.catalogue.faces())


def test_what_is_gone_for_good_is_taken_out_and_comes_back_by_undo(cast):
    cast.workspace.path("faces/Rei/000_1.jpg").unlink()
    cast.workspace.path("pictures/Rei/a.jpg").unlink()
    assert kinds(cast) == {doctor.FACE_GONE: 1, doctor.PICTURE_GONE: 1}
    assert doctor.repair(cast) == []
    assert cast.catalogue.face(1).state == "removed"
    assert cast.catalogue.pictures(path="pictures/Rei/a.jpg")[0].state == "removed"
    assert cast.catalogue.face(3).state == "kept"  # its own file is there
    undo(cast)
    assert cast.catalogue.face(1).state == "kept"


def test_replaced_files_count_and_stray_copies_are_put_aside(cast):
    write_bytes(cast.workspace.path("pictures/Rei/a.jpg"), encode_jpeg(noise(70, 100, 90)))
    write_bytes(cast.workspace.path("faces/Rei/000_1.jpg"), encode_jpeg(noise(71)))
    write_bytes(cast.workspace.path("faces/Rei/000_1_balancing.jpg"), encode_jpeg(noise(72)))
    assert kinds(cast) == {doctor.REPLACED_PICTURE: 1, doctor.REPLACED_FACE: 1, doctor.STRAY_COPY: 1}
    assert doctor.repair(cast) == []
    picture = cast.catalogue.pictures(path="pictures/Rei/a.jpg")[0]
    assert (picture.review, picture.width, picture.height) == ("new", 90, 100)
    assert cast.workspace.path("bin/replaced/faces/Rei/000_1_balancing.jpg").exists()


def test_rows_that_point_to_nothing_are_named(cast):
    with closing(sqlite3.connect(cast.workspace.catalogue_path)) as db:
        db.execute("UPDATE faces SET copy_of = 99 WHERE id = 1")
        db.commit()
    assert "faces row 1 points to a row of faces" in doctor.inspect(cast)[-1].about


UNTRUE = {
    "a face too many": "UPDATE face_counts SET n = n + 1 WHERE state = 'kept'",
    "pictures of nobody": "INSERT INTO picture_counts (state, kind, review, n) VALUES ('kept', 'picture', 'new', 3)",
    "a worse face": "UPDATE picture_faces SET score = score - 0.5",
    "rows written past the triggers": "DROP TRIGGER face_counts_other; UPDATE faces SET ignored = 1 WHERE id = 2",
}


@pytest.mark.parametrize("sql", UNTRUE.values(), ids=UNTRUE)
def test_counts_are_compared_with_the_rows_and_counted_anew(cast, sql):
    true = cast.catalogue.counts("faces", "state")
    with closing(sqlite3.connect(cast.workspace.catalogue_path)) as db:
        db.executescript(sql)
    assert doctor.UNTRUE_COUNT in kinds(cast)
    assert doctor.repair(cast) == []
    with cast.catalogue.writing() as db:
        db.exec_driver_sql("UPDATE faces SET state = 'removed' WHERE id = 1")
    assert cast.catalogue.counts("faces", "state")["kept"] == true["kept"] - 1
    assert doctor.UNTRUE_COUNT not in kinds(cast)


OTHER = "CREATE TRIGGER face_updated AFTER UPDATE ON faces BEGIN DELETE FROM results; END"
LOST = {
    "one that counts": ("DROP TRIGGER face_counts_other", [doctor.LOST_TRIGGER]),
    "one that marks": ("DROP TRIGGER face_updated", [doctor.LOST_TRIGGER]),
    "one that does something else": (f"DROP TRIGGER face_updated; {OTHER}", [doctor.LOST_TRIGGER]),
    "a mark": ("DELETE FROM face_blocks", [doctor.UNMARKED_BLOCK]),
}


@pytest.mark.parametrize(("sql", "told"), LOST.values(), ids=LOST)
def test_what_notices_changes_is_made_anew_and_what_changed_meanwhile_is_noticed(cast, sql, told):
    before = faces_fingerprint(cast.catalogue)
    with closing(sqlite3.connect(cast.workspace.catalogue_path)) as db:
        db.executescript(sql)
    assert list(kinds(cast)) == told
    with closing(sqlite3.connect(cast.workspace.catalogue_path)) as db:
        db.execute("UPDATE faces SET character_id = NULL WHERE id = 1")
        db.commit()
    assert doctor.repair(cast) == []
    between = faces_fingerprint(cast.catalogue)
    assert between != before
    cast.catalogue.set_values("faces", {2: {"character_id": None}})
    assert faces_fingerprint(cast.catalogue) != between


def test_the_command_lists_and_repairs(cast, settings, capsys):
    cast.workspace.path("faces/Rei/a_1.jpg").unlink()
    arguments = ["doctor", "--workspace", "test", "--data-dir", str(settings.data_dir)]
    assert main(arguments) == 0
    told = capsys.readouterr().out
    assert "face without its file" in told and "faces/Rei/a_1.jpg" in told
    assert main([*arguments, "--repair"]) == 0
    assert capsys.readouterr().out == "test: nothing is wrong. 1 repaired.\n"
    assert cast.workspace.path("faces/Rei/a_1.jpg").exists()


def test_proposals_of_a_picture_that_is_gone_are_taken_back_and_nothing_else_is_settled(cast):
    (picture,) = cast.catalogue.pictures(path="pictures/Rei/a.jpg")
    row = {"picture_id": picture.id, "character_id": picture.character_id, "path": "faces/Rei/a_2.jpg"}
    (proposal,) = cast.catalogue.add_faces([row], action="found")
    cast.workspace.path("pictures/Rei/a.jpg").unlink()
    cast.workspace.path("faces/Rei/000_1.jpg").unlink()
    assert doctor.repair(cast) == []
    taken_back = cast.catalogue.face(proposal.id)
    assert (taken_back.state, taken_back.reason) == ("removed", "the picture's file is gone")
    assert cast.catalogue.picture(picture.id).reason == "its file is gone"
    assert cast.catalogue.face(1).reason == "its file is gone"
    assert cast.catalogue.picture(cast.catalogue.face(1).picture_id).review == "new"
