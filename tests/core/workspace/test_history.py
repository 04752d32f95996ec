"""The history on one connection: an edit says what it changed, and which change comes next is read from the rows."""

from __future__ import annotations

import pytest

from core.errors import CatalogueError
from core.workspace import history
from core.workspace.history import Edit, apply, apply_alike, edited, mark, record, restore, to_redo, to_undo


@pytest.fixture
def face(catalogue):
    rei = catalogue.add_character("Rei")
    picture = catalogue.add_picture(rei.id)
    (made,) = catalogue.add_faces([{"picture_id": picture.id, "character_id": rei.id, "x": 1}], action="found")
    return made


@pytest.fixture
def db(catalogue, face):
    with catalogue.writing() as open_:
        yield open_


def test_an_edit_returns_what_changed_and_nothing_else(db, face):
    done = apply(db, Edit("faces", face.id, {"x": 1.0, "split": "train"}), "person", "now")
    assert done == {"table": "faces", "id": face.id, "before": {"split": ""}, "after": {"split": "train"}}
    assert apply(db, Edit("faces", face.id, {"x": 1.0}), "person", "now") is None


def test_what_an_edit_tells_stands_beside_what_it_changed(db, face):
    done = apply(db, Edit("faces", face.id, {"split": "train"}, told={"into": 7}), "person", "now")
    assert done["into"] == 7
    assert done["after"] == {"split": "train"}
    assert apply(db, Edit("faces", face.id, {"split": "train"}, told={"into": 7}), "person", "now") is None


def test_a_row_that_is_not_there_and_old_news_are_refused(db, face):
    with pytest.raises(CatalogueError, match="no row 99 in faces"):
        apply(db, Edit("faces", 99, {"x": 2}), "person", "now")
    apply(db, Edit("faces", face.id, {"x": 2.0}, face.revision), "person", "now")
    with pytest.raises(CatalogueError, match="changed elsewhere"):
        apply(db, Edit("faces", face.id, {"x": 3.0}, face.revision), "person", "now")


@pytest.mark.parametrize("key", ["state", "character_id", "x", "y", "w", "h", "reason", "negatives", "ignored"])
def test_a_decision_about_a_face_names_who_and_when(db, face, key):
    new = {"state": "kept", "character_id": None, "reason": "logo", "negatives": [2], "ignored": True}.get(key, 9.0)
    done = apply(db, Edit("faces", face.id, {key: new}), "import", "noon")
    assert done["after"] == {key: new, "decided_by": "import", "decided_at": "noon"}
    assert done["before"]["decided_by"] == "detector"


@pytest.mark.parametrize("values", [{"path": "faces/Rei/2.jpg"}, {"split": "train"}, {"enrolled": True}])
def test_what_is_no_decision_leaves_who_decided(db, face, values):
    assert apply(db, Edit("faces", face.id, values), "person", "noon")["after"] == values


def test_every_edit_and_every_restore_counts_as_a_revision(catalogue, face):
    with catalogue.writing() as db:
        apply(db, Edit("faces", face.id, {"split": "train"}), "person", "now")
    assert catalogue.face(face.id).revision == face.revision + 1
    with catalogue.writing() as db:
        restore(db, "faces", face.id, {"split": ""})
    assert (catalogue.face(face.id).revision, catalogue.face(face.id).split) == (face.revision + 2, "")


def test_many_rows_are_given_one_value_as_an_edit_for_each_value_that_they_had(catalogue, face, monkeypatch):
    monkeypatch.setattr(history, "AT_ONCE", 2)
    row = {"picture_id": face.picture_id, "character_id": face.character_id}
    ids = [face.id, *(f.id for f in catalogue.add_faces([row | {"split": s} for s in ("", "spare", "")], action="x"))]
    with catalogue.writing() as db:
        first, second = apply_alike(db, "faces", ids, "split", "spare"), apply_alike(db, "faces", ids, "split", "spare")
    spare = {"split": "spare"}
    assert first == [{"table": "faces", "ids": [ids[0], ids[1], ids[3]], "before": {"split": ""}, "after": spare}]
    assert second == [], "a second time changes nothing"
    assert [(f.split, f.revision) for f in catalogue.faces(ids=ids)] == [("spare", n) for n in (1, 1, 0, 1)]
    assert list(edited([*first, {"table": "faces", "id": 9}, {"table": "pictures", "id": 8}], "faces")) == [
        ids[0],
        ids[1],
        ids[3],
        9,
    ]
    with catalogue.writing() as db, pytest.raises(ValueError, match="path cannot be given to many"):
        apply_alike(db, "faces", ids, "path", "x")


def test_undo_takes_a_persons_newest_and_redo_the_oldest_undone_after_it(db):
    one, two, three = (record(db, name, "person", []) for name in ("one", "two", "three"))
    for machine in ("detector", "import", "sync"):
        record(db, machine, machine, [])
    assert to_undo(db)["id"] == three
    assert to_redo(db) is None
    mark(db, three, undone_at="now")
    mark(db, two, undone_at="now")
    assert to_undo(db)["id"] == one
    assert to_redo(db)["id"] == two
    mark(db, two, undone_at="")
    assert to_redo(db)["id"] == three
    record(db, "a new decision", "person", [])
    assert to_redo(db) is None


def test_the_very_first_change_can_be_made_again(catalogue):
    """Nothing stands before it: the first id is 1."""
    with catalogue.writing() as db:
        first = record(db, "first", "person", [])
        mark(db, first, undone_at="now")
        assert first == 1
        assert to_undo(db) is None
        assert to_redo(db)["id"] == first


def test_times_sort_as_text_and_are_utc():
    a, b = history.now(), history.now()
    assert a <= b
    assert a.endswith("+00:00")
    assert len(a) == len("2026-01-31T12:00:00.000+00:00")
