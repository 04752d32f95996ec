"""What makes a result stale: each of the columns that its fingerprint stands on, and nothing else."""

from __future__ import annotations

import hashlib

import pytest

from core.workspace.catalogue import Catalogue
from core.workspace.history import Edit
from core.workspace.staleness import faces_fingerprint, freshness, split_fingerprint
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


def test_a_fingerprint_is_the_digest_of_the_rows_as_earlier_versions_took_it(project, catalogue, monkeypatch):
    made = add_faces(project, {"Rei": 4, "Asuka": 3})
    change(project, made["Rei"][1], split="train")
    change(project, made["Asuka"][0], state="rejected")
    copy = {"picture_id": catalogue.face(made["Rei"][0]).picture_id, "character_id": 1, "path": "faces/Rei/c.jpg"}
    catalogue.add_faces([copy | {"state": "kept", "copy_of": made["Rei"][1], "split": "train"}], action="made")
    rows = [f for f in catalogue.faces(state="kept") if f.character_id is not None]
    assert len(rows) == 7
    faces = "".join(repr((f.id, f.character_id, f.sha256)) for f in rows if f.copy_of is None)
    split = "".join(repr((f.id, f.character_id, f.sha256, f.split, f.copy_of)) for f in rows)
    for together in (20_000, 3, 7):
        monkeypatch.setattr("core.workspace.staleness.TOGETHER", together)
        with Catalogue(catalogue.path) as again:
            assert faces_fingerprint(again) == hashlib.sha256(faces.encode()).hexdigest()[:16]
            assert split_fingerprint(again) == hashlib.sha256(split.encode()).hexdigest()[:16]
