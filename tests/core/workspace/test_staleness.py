"""What makes a result stale: each of the columns that its fingerprint stands on, and nothing else."""

from __future__ import annotations

import hashlib
import sqlite3
from contextlib import closing

import pytest

from core.workspace import staleness
from core.workspace.catalogue import Catalogue
from core.workspace.history import Edit
from core.workspace.staleness import faces_fingerprint, freshness, split_fingerprint
from core.workspace.undo import undo
from tests.edits import change as write
from tests.faces import add_faces


@pytest.fixture
def face(project):
    """The id of Rei's only face; Asuka is there too."""
    made = add_faces(project, {"Rei": 1, "Asuka": 1})
    return made["Rei"][0]


def change(project, face_id, **new):
    write(project, "test", Edit("faces", face_id, new))


def test_a_relabel_a_rejection_and_a_new_crop_change_the_fingerprint_of_the_faces(project, catalogue, face):
    seen = [faces_fingerprint(catalogue)]
    asuka = catalogue.character("Asuka").id
    for new in ({"character_id": asuka}, {"sha256": "0" * 64}, {"state": "rejected"}):
        change(project, face, **new)
        seen.append(faces_fingerprint(catalogue))
    assert len(set(seen)) == 4


def test_the_split_counts_for_a_training_only(project, catalogue, face):
    faces, split = faces_fingerprint(catalogue), split_fingerprint(catalogue)
    change(project, face, split="validation")
    assert faces_fingerprint(catalogue) == faces
    assert split_fingerprint(catalogue) != split


def test_a_balancing_copy_counts_for_a_training_only(project, catalogue, face):
    faces, split = faces_fingerprint(catalogue), split_fingerprint(catalogue)
    original = catalogue.face(face)
    row = {"picture_id": original.picture_id, "character_id": original.character_id, "path": "faces/Rei/copy.jpg"}
    box = {"x": 0, "y": 0, "w": 80, "h": 80}
    catalogue.add_faces([row | box | {"state": "kept", "copy_of": face}], action="balance")
    assert split_fingerprint(catalogue) != split
    assert faces_fingerprint(catalogue) == faces


def test_a_result_is_fresh_until_its_faces_change(project, catalogue, face):
    assert freshness(catalogue, "map").missing
    catalogue.record_result("map", "pca", faces_fingerprint(catalogue))
    catalogue.record_result("run", "first", split_fingerprint(catalogue))
    assert not freshness(catalogue, "map").stale
    assert not freshness(catalogue, "run", "first").stale
    assert freshness(catalogue, "run", "second").missing
    change(project, face, split="validation")
    assert (freshness(catalogue, "map").stale, freshness(catalogue, "run").stale) == (False, True)


@pytest.fixture
def divided(project, catalogue):
    """Eight faces, one rejected, one of them a copy; what an earlier version printed of the kept ones."""
    made = add_faces(project, {"Rei": 4, "Asuka": 3})
    change(project, made["Rei"][1], split="train")
    change(project, made["Asuka"][0], state="rejected")
    copy = {"picture_id": catalogue.face(made["Rei"][0]).picture_id, "character_id": 1, "path": "faces/Rei/c.jpg"}
    catalogue.add_faces([copy | {"state": "kept", "copy_of": made["Rei"][1], "split": "train"}], action="made")
    rows = [f for f in catalogue.faces(state="kept") if f.character_id is not None]
    assert len(rows) == 7
    faces = "".join(repr((f.id, f.character_id, f.sha256)) for f in rows if f.copy_of is None)
    split = "".join(repr((f.id, f.character_id, f.sha256, f.split, f.copy_of)) for f in rows)
    return made, faces, split


def test_results_of_earlier_versions_stay_fresh_until_the_faces_change(project, catalogue, divided):
    made, faces, split = divided
    catalogue.record_result("map", "pca", hashlib.sha256(faces.encode()).hexdigest()[:16])
    catalogue.record_result("run", "first", hashlib.sha256(split.encode()).hexdigest()[:16])
    assert not freshness(catalogue, "map").stale
    assert not freshness(catalogue, "run").stale
    change(project, made["Rei"][0], sha256="other")
    assert freshness(catalogue, "map").stale
    assert freshness(catalogue, "run").stale


@pytest.fixture
def blocks_of_three(catalogue, monkeypatch):
    """Faces of ids 0 to 2, 3 to 5 and so on are one block each; digests are kept from two blocks on."""
    monkeypatch.setattr("core.workspace.staleness.BLOCK", 3)
    monkeypatch.setattr("core.workspace.staleness.KEPT_FROM", 2)
    with closing(sqlite3.connect(catalogue.path)) as db, db:
        for name in ("inserted", "updated", "deleted"):
            (sql,) = db.execute("SELECT sql FROM sqlite_master WHERE name = ?", (f"face_{name}",)).fetchone()
            db.execute(f"DROP TRIGGER face_{name}")
            db.execute(sql.replace("16384", "3"))


def test_only_blocks_that_have_changed_are_read_again_and_undo_brings_the_fingerprint_back(
    blocks_of_three, project, catalogue, divided, monkeypatch
):
    made, *_ = divided
    before = faces_fingerprint(catalogue)
    read = []
    text = staleness._text
    monkeypatch.setattr(staleness, "_text", lambda db, columns, block: read.append(block) or text(db, columns, block))
    change(project, made["Rei"][3], sha256="other")
    now = faces_fingerprint(catalogue)
    assert now != before
    assert read == [made["Rei"][3] // 3]
    with Catalogue(catalogue.path) as again:  # another program finds what this one has kept on the disk
        assert faces_fingerprint(again) == now
    assert len(read) == 1
    undo(project)
    assert faces_fingerprint(catalogue) == before
    place = catalogue.path.parent / "cache" / "fingerprints.json"
    place.write_text('{"id character_id sha256": {"0": 7}}')
    with Catalogue(catalogue.path) as again:
        assert faces_fingerprint(again) == before


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TEMP TABLE one AS SELECT * FROM faces WHERE id = 1; UPDATE one SET id = 99; "
        "INSERT OR IGNORE INTO faces SELECT * FROM one",
        "UPDATE OR IGNORE faces SET sha256 = 'other' WHERE id = 1",
        "UPDATE faces SET character_id = 2 WHERE id = 1",
        "DELETE FROM faces WHERE id = 1",
    ],
)
def test_whoever_writes_changes_the_fingerprint(blocks_of_three, catalogue, divided, statement):
    before = faces_fingerprint(catalogue)
    with closing(sqlite3.connect(catalogue.path)) as db, db:
        db.executescript(statement)
    with Catalogue(catalogue.path) as again:
        assert faces_fingerprint(again) != before


def test_blocks_without_a_kept_face_change_nothing(blocks_of_three, project, catalogue, divided):
    before = faces_fingerprint(catalogue), split_fingerprint(catalogue)
    catalogue.add_faces([{"picture_id": 1, "character_id": 1}] * 6, action="found")
    assert (faces_fingerprint(catalogue), split_fingerprint(catalogue)) == before
