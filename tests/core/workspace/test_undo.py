"""Undo and redo of what is more than one row: characters that are in use by then, files that are gone, other tabs."""

from __future__ import annotations

import pytest

from core.atomic import write_bytes
from core.errors import Cancelled, CatalogueError
from core.imaging.boxes import Box
from core.imaging.reading import encode_jpeg, read_picture
from core.workspace import faces, history
from core.workspace import undo as module
from core.workspace.history import Edit
from core.workspace.undo import redo, undo
from tests.conftest import noise
from tests.edits import change


@pytest.fixture
def face(project):
    rei = project.catalogue.add_character("Rei")
    write_bytes(project.workspace.path("pictures/Rei/a.jpg"), encode_jpeg(noise(1, 160, 120)))
    picture = project.catalogue.add_picture(rei.id, path="pictures/Rei/a.jpg", width=120, height=160)
    row = {"picture_id": picture.id, "character_id": rei.id, "path": "faces/Rei/a_1.jpg"}
    (made,) = project.catalogue.add_faces([row | {"x": 40, "y": 50, "w": 30, "h": 40}], action="found")
    return made


def now(project, face):
    return project.catalogue.face(face.id)


def test_undo_returns_the_change_marked_as_undone_and_redo_unmarked(project, face):
    change(project, "split", Edit("faces", face.id, {"split": "train"}))
    assert undo(project).undone_at != ""
    assert redo(project).undone_at == ""
    assert now(project, face).split == "train"


def test_what_was_undone_before_a_new_decision_is_not_made_again_once_that_is_undone_too(project, face):
    change(project, "to train", Edit("faces", face.id, {"split": "train"}))
    undo(project)
    change(project, "to validation", Edit("faces", face.id, {"split": "validation"}))
    undo(project)
    assert redo(project).action == "to validation"
    assert redo(project) is None
    assert now(project, face).split == "validation"


def test_several_decisions_are_made_again_in_their_order(project, face):
    for part in ("train", "validation", "spare"):
        change(project, part, Edit("faces", face.id, {"split": part}))
    for _ in range(3):
        undo(project)
    assert [redo(project).action for _ in range(3)] == ["train", "validation", "spare"]


def test_edits_of_one_change_are_taken_back_in_reverse(project, face):
    """The second edit of a row began where the first had ended."""
    change(project, "twice", Edit("faces", face.id, {"score": 0.1}), Edit("faces", face.id, {"score": 0.2}))
    undo(project)
    assert now(project, face).score == 0
    redo(project)
    assert now(project, face).score == 0.2


def test_a_character_that_is_in_use_by_then_stays(project, face):
    faces.relabel(project, [face], "Asuka")
    asuka = project.catalogue.character("Asuka")
    project.catalogue.add_picture(asuka.id, path="pictures/Asuka/b.jpg")
    assert undo(project).action
    assert now(project, face).character_id != asuka.id
    assert [c.name for c in project.catalogue.characters()] == ["Asuka", "Rei"]


def test_a_character_whose_pictures_were_all_removed_goes(project, face):
    faces.relabel(project, [face], "Asuka")
    asuka = project.catalogue.character("Asuka")
    project.catalogue.add_picture(asuka.id, path="pictures/Asuka/b.jpg", state="removed")
    undo(project)
    assert [c.name for c in project.catalogue.characters()] == ["Rei"]
    redo(project)
    assert [c.name for c in project.catalogue.characters()] == ["Asuka", "Rei"]


def test_a_crop_that_cannot_be_cut_again_does_not_stop_undo(project, face):
    faces.keep(project, [face])
    faces.move(project, now(project, face), Box(20, 20, 60, 50))
    project.workspace.path("pictures/Rei/a.jpg").unlink()
    undo(project)
    assert now(project, face).w == 30


def test_the_crop_is_cut_anew_where_the_box_goes_back(project, face):
    faces.keep(project, [face])
    faces.move(project, now(project, face), Box(20, 20, 60, 50))
    undo(project)
    assert read_picture(project.workspace.path(face.path)).shape == (80, 80, 3)


def test_a_decision_made_elsewhere_meanwhile_is_seen_at_the_next_try_and_three_times_is_told(
    project, face, monkeypatch
):
    change(project, "first", Edit("faces", face.id, {"split": "train"}))
    stage, left = module.stage_crops, [0]

    def interrupted(*args, **kwargs):
        if left[0]:
            left[0] -= 1
            change(project, f"other {left[0]}", Edit("faces", face.id, {"score": left[0] + 1.0}))
        return stage(*args, **kwargs)

    monkeypatch.setattr(module, "stage_crops", interrupted)
    left[0] = 2
    assert undo(project).action == "other 0"  # the newest by then
    left[0] = 3
    with pytest.raises(CatalogueError, match="Something else was decided"):
        undo(project)


def test_when_the_newest_change_cannot_be_read_any_more_nothing_is_taken_back(project):
    assert undo(project) is None
    assert redo(project) is None


def test_a_long_undo_tells_how_far_it_is_and_cancelled_leaves_everything_as_it_was(project, face, monkeypatch):
    monkeypatch.setattr(history, "AT_ONCE", 2)
    rows = [{"picture_id": face.picture_id, "state": "kept"} for _ in range(3)]
    ids = [one.id for one in project.catalogue.add_faces(rows, action="found")]
    acts = faces.Acts()
    acts.divide_all(ids, "train")
    faces.decide(project, "divided", acts, settle=False)

    def stop(progress):
        if progress.n:
            raise Cancelled("Stopped.")

    with pytest.raises(Cancelled, match="Everything is as it was before"):
        undo(project, report=stop)
    assert [one.split for one in project.catalogue.faces(ids=ids)] == ["train"] * 3
    told = []
    assert undo(project, report=told.append).edits[0]["ids"] == ids
    assert [(one.stage, one.n, one.total) for one in told] == [("undo", 0, 3), ("undo", 2, 3), ("undo", 3, 3)]
    assert [one.split for one in project.catalogue.faces(ids=ids)] == [""] * 3


def test_a_change_of_many_rows_is_long(project, face, monkeypatch):
    change(project, "split", Edit("faces", face.id, {"split": "train"}))
    (made,) = project.catalogue.changes(limit=1)
    assert not module.is_long(project.catalogue, made)
    project.catalogue.set_note("committed", 1)
    monkeypatch.setattr(module, "LONG", 50)
    assert module.is_long(project.catalogue, made)
