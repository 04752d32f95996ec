"""The catalogue keeps every decision, gives it back, and refuses what is based on old news."""

from __future__ import annotations

import pytest

from core.errors import CatalogueError
from core.workspace.catalogue import Catalogue
from core.workspace.history import Edit
from core.workspace.undo import redo, undo
from tests.edits import change


@pytest.fixture
def face(catalogue):
    rei = catalogue.add_character("Rei")
    picture = catalogue.add_picture(rei.id, path="pictures/Rei/001.jpg")
    row = {"picture_id": picture.id, "character_id": rei.id, "x": 1, "y": 2, "w": 3, "h": 4}
    return catalogue.add_faces([row], action="found")[0]


def test_the_same_name_is_the_same_character_and_case_gets_its_own_folder(catalogue):
    assert catalogue.add_character("Rei").id == catalogue.add_character("  Rei ").id
    assert catalogue.add_character("REI").slug == "REI_2"


def test_undo_and_redo_go_through_decisions_in_order(project, catalogue, face):
    change(project, "keep", Edit("faces", face.id, {"state": "kept"}))
    change(project, "reject", Edit("faces", face.id, {"state": "rejected", "reason": "logo"}))
    assert (catalogue.next_undo().action, catalogue.next_redo()) == ("reject", None)
    assert undo(project).action == "reject"
    assert (catalogue.next_undo().action, catalogue.next_redo().action) == ("keep", "reject")
    assert catalogue.face(face.id).state == "kept"
    assert catalogue.face(face.id).reason == ""
    assert undo(project).action == "keep"
    assert catalogue.face(face.id).state == "proposed"
    assert undo(project) is None  # what the detector proposed is not a person's to take back
    assert catalogue.next_undo() is None
    assert redo(project).action == "keep"
    assert redo(project).action == "reject"
    assert catalogue.face(face.id).reason == "logo"
    assert redo(project) is None


def test_a_second_tab_cannot_overwrite_silently(project, catalogue, face):
    change(project, "keep", Edit("faces", face.id, {"state": "kept"}, face.revision))
    with pytest.raises(CatalogueError, match="changed elsewhere"):
        change(project, "reject", Edit("faces", face.id, {"state": "rejected"}, face.revision))
    assert catalogue.face(face.id).state == "kept"


def test_a_change_is_all_or_nothing(project, catalogue, face):
    edits = [Edit("faces", face.id, {"state": "kept"}), Edit("faces", 999, {"state": "kept"})]
    with pytest.raises(CatalogueError, match="no row 999"):
        change(project, "keep", *edits)
    assert catalogue.face(face.id).state == "proposed"
    assert catalogue.changes()[0].action == "found"


def test_dividing_or_enrolling_a_face_is_not_a_decision_about_it(project, catalogue, face):
    change(project, "divided", Edit("faces", face.id, {"split": "train", "enrolled": True}))
    assert catalogue.face(face.id).decided_by == "detector"
    assert catalogue.face(face.id).revision == 1


def test_a_newer_file_is_refused_in_words(workspace, catalogue):
    with catalogue.writing() as db:
        db.exec_driver_sql("PRAGMA user_version = 99")
    with pytest.raises(CatalogueError, match="newer version"):
        Catalogue(workspace.catalogue_path)


def test_unknown_names_list_those_there_are(catalogue):
    catalogue.add_character("Rei")
    with pytest.raises(CatalogueError, match="There are: Rei"):
        catalogue.character("Asuka")


def test_a_note_is_kept_replaced_and_has_a_default(catalogue):
    assert catalogue.note("encoder") is None
    assert catalogue.note("encoder", "pretrained") == "pretrained"
    for value in ("run-1", {"name": "run-2", "n": [1, 2]}, None):
        catalogue.set_note("encoder", value)
        assert catalogue.note("encoder", "pretrained") == value


def test_the_newest_outcome_of_an_address_stays_and_each_character_has_its_own(catalogue):
    rei, asuka = catalogue.add_character("Rei"), catalogue.add_character("Asuka")
    for character, outcome in ((rei, "failed"), (rei, "kept"), (asuka, "refused")):
        catalogue.record_fetch(character_id=character.id, url="http://a/1.jpg", outcome=outcome)
    assert [(f.character_id, f.outcome) for f in catalogue.fetches()] == [(rei.id, "kept"), (asuka.id, "refused")]
    assert [f.outcome for f in catalogue.fetches(asuka.id)] == ["refused"]
    assert catalogue.fetches(outcome="failed") == []


def test_results_of_a_kind_come_newest_first(catalogue):
    for name in ("one", "two"):
        catalogue.record_result("run", name, "faces", {"n": name})
    catalogue.record_result("map", "pca", "faces")
    assert [(r.name, r.detail) for r in catalogue.results("run")] == [("two", {"n": "two"}), ("one", {"n": "one"})]
    assert catalogue.results("map")[0].detail == {}


def test_rows_are_counted_by_a_column(catalogue, face):
    catalogue.add_faces([{"picture_id": face.picture_id, "state": "kept"}] * 2, action="made")
    assert catalogue.counts(by="state") == {"proposed": 1, "kept": 2}
    assert catalogue.counts(character_id=None) == {None: 2}
    assert catalogue.counts("pictures", by="state", kind=("picture", "face")) == {"kept": 1}


def test_a_name_is_neither_empty_nor_longer_than_allowed(catalogue):
    from core.imaging.names import LONGEST_NAME

    assert len(catalogue.add_character("x" * LONGEST_NAME).name) == LONGEST_NAME
    for name, words in (("x" * (LONGEST_NAME + 1), f"at most {LONGEST_NAME}"), (" \n", "needs a name")):
        with pytest.raises(CatalogueError, match=words):
            catalogue.add_character(name)


def test_a_removed_character_is_hidden_and_comes_back_with_what_it_had(catalogue):
    rei = catalogue.add_character("Rei", series="Eva", wanted=5)
    catalogue.set_values("characters", {rei.id: {"state": "removed"}})
    assert catalogue.characters() == []
    assert [c.id for c in catalogue.characters(removed=True)] == [rei.id]
    again = catalogue.add_character("Rei", wanted=7)
    assert (again.id, again.state, again.series, again.wanted) == (rei.id, "active", "Eva", 7)


def test_what_is_remembered_is_computed_again_after_a_commit_of_anybody(catalogue):
    asked = []

    def compute():
        asked.append(len(catalogue.characters()))
        return asked[-1]

    assert [catalogue.remembered("n", compute) for _ in range(3)] == [0, 0, 0]
    catalogue.add_character("Rei")
    assert [catalogue.remembered("n", compute) for _ in range(3)] == [1, 1, 1]
    with Catalogue(catalogue.path) as other:
        other.add_character("Asuka")
    assert [catalogue.remembered("n", compute) for _ in range(2)] == [2, 2]
    assert asked == [0, 1, 2]
    assert catalogue.remembered("another", lambda: 7) == 7


def test_so_many_answers_are_remembered_and_no_more(catalogue, monkeypatch):
    monkeypatch.setattr("core.workspace.catalogue.REMEMBERED", 2)
    asked = []
    for key in ("a", "b", "a", "c", "a"):
        catalogue.remembered(key, lambda key=key: asked.append(key))
    assert asked == ["a", "b", "c", "a"]


@pytest.mark.parametrize("row_id", [-(2**64), -1, 0, 2**63 - 1, 2**63, 2**70])
def test_a_row_that_is_not_there_is_told_whatever_its_number(catalogue, row_id):
    with pytest.raises(CatalogueError, match=f"There is no row {row_id} in faces"):
        catalogue.face(row_id)


def test_the_largest_id_that_sqlite_has_is_found(catalogue, face):
    catalogue.add_faces([{"id": 2**63 - 1, "picture_id": face.picture_id}], action="made")
    assert catalogue.face(2**63 - 1).picture_id == face.picture_id


def test_the_names_there_are_stop_at_twenty(catalogue):
    with pytest.raises(CatalogueError, match=r"There are: none yet\."):
        catalogue.character("Rei")
    for n in range(21):
        catalogue.add_character(f"name{n:02d}")
    with pytest.raises(CatalogueError, match=r"name18, name19\.$"):
        catalogue.character("Rei")


def test_counts_can_be_changed_by_who_asked(catalogue):
    catalogue.add_picture(catalogue.add_character("Rei").id, path="pictures/Rei/1.jpg")
    first = catalogue.counts("pictures", "state")
    first["kept"] = 99
    assert catalogue.counts("pictures", "state") == {"kept": 1}


def test_pages_of_pictures_hold_each_once(catalogue):
    rei = catalogue.add_character("Rei").id
    catalogue.add_pictures(
        [{"character_id": rei, "path": f"{n}", "state": "kept" if n % 3 else "duplicate"} for n in range(10)]
    )
    pages = list(catalogue.picture_pages(2, state="kept"))
    assert [[p.path for p in page] for page in pages] == [["1", "2"], ["4", "5"], ["7", "8"]]


def test_nothing_is_written_to_a_catalogue_that_is_gone(workspace):
    with Catalogue(workspace.catalogue_path) as catalogue:
        catalogue.add_character("Rei")
        aside = workspace.catalogue_path.rename(workspace.root / "aside.db")
        assert not catalogue.is_there
        with pytest.raises(CatalogueError, match="not there any more: nothing can be written"):
            catalogue.add_character("Asuka")
        aside.rename(workspace.catalogue_path)
        assert catalogue.is_there
        assert [one.name for one in catalogue.characters()] == ["Rei"]
