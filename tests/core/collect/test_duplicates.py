"""Pictures that repeat one another, side by side, and what a person says about them."""

from __future__ import annotations

import pytest

from core.collect.duplicates import keep_this_one, not_a_duplicate, repeats
from core.collect.importing import import_pictures
from core.errors import DataError
from core.workspace.undo import undo
from tests.stand_in.server import picture_bytes


@pytest.fixture
def project(project, tmp_path):
    """Rei: pictures 1 to 3, and a smaller repetition of the first, number 4."""
    for place, data in {"0": picture_bytes(0), "1": picture_bytes(1), "2": picture_bytes(2)}.items():
        path = tmp_path / "in" / "pictures" / "Rei" / f"{place}.jpg"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    (tmp_path / "in/pictures/Rei/3.jpg").write_bytes(picture_bytes(0, 80))
    import_pictures(project, tmp_path / "in" / "pictures")
    return project


def files(workspace):
    return {
        workspace.relative(p): p.read_bytes()
        for top in (workspace.pictures, workspace.faces)
        for p in sorted(top.rglob("*"))
        if p.is_file()
    }


def test_pictures_that_repeat_stand_side_by_side_and_a_person_may_disagree(project):
    (pair,) = repeats(project.catalogue, limit=10).shown
    assert (pair.aside.id, pair.kept.id, pair.exact) == (4, 1, False)
    not_a_duplicate(project, 4)
    assert project.catalogue.picture(4).state == "kept"
    assert project.workspace.path("pictures/Rei/3.jpg").read_bytes() == picture_bytes(0, 80)
    assert repeats(project.catalogue, limit=10).number == 0
    undo(project)
    assert project.catalogue.picture(4).state == "duplicate"
    assert not project.workspace.path("pictures/Rei/3.jpg").exists()


def test_the_two_may_change_places(project):
    keep_this_one(project, 4)
    (pair,) = repeats(project.catalogue, limit=10).shown
    assert (pair.aside.id, pair.kept.id) == (1, 4)
    assert "pictures/Rei/3.jpg" in files(project.workspace)
    assert "pictures/Rei/0.jpg" not in files(project.workspace)
    undo(project)
    assert "pictures/Rei/0.jpg" in files(project.workspace)


def test_what_cannot_be_is_said(project, tmp_path):
    with pytest.raises(DataError, match="Picture 1 is kept, not set aside"):
        not_a_duplicate(project, 1)
    (tmp_path / "in/pictures/Rei/9.jpg").write_bytes(picture_bytes(2))
    import_pictures(project, tmp_path / "in" / "pictures")
    with pytest.raises(DataError, match="Picture 5 is the very same file as picture 3"):
        not_a_duplicate(project, 5)


def test_those_that_are_least_alike_come_first_and_one_character_can_be_asked_for(project):
    rei = project.catalogue.character("Rei")
    asuka = project.catalogue.add_character("Asuka")
    other = int(project.catalogue.picture(2).phash, 16)
    for bits in (1, 3):
        phash = f"{other ^ ((1 << bits) - 1):016x}"
        project.catalogue.add_picture(asuka.id, state="duplicate", duplicate_of=2, path=f"bin/{bits}", phash=phash)
    found = repeats(project.catalogue, asuka.id, limit=10)
    assert [pair.bits for pair in found.shown] == [3, 1]
    assert repeats(project.catalogue, limit=10).number == 3
    assert [pair.aside.id for pair in repeats(project.catalogue, rei.id, limit=10).shown] == [4]


def test_all_repeats_are_counted_and_those_least_alike_are_read_of_equals_the_first(project, tmp_path):
    rei, first = project.catalogue.character("Rei"), int(project.catalogue.picture(2).phash, 16)
    for bits in (2, 5, 3, 5, 1):  # pictures 5 to 9
        phash = f"{first ^ ((1 << bits) - 1):016x}"
        project.catalogue.add_picture(rei.id, state="duplicate", duplicate_of=2, path=f"bin/{bits}", phash=phash)
    (tmp_path / "in/pictures/Rei/9.jpg").write_bytes(picture_bytes(2))
    import_pictures(project, tmp_path / "in" / "pictures")  # the very same file as picture 3: there is nothing to see
    found = repeats(project.catalogue, limit=3)
    assert (found.number, found.exact) == (7, 1)
    assert [(pair.aside.id, pair.bits) for pair in found.shown] == [(6, 5), (8, 5), (7, 3)]
    assert not any(pair.exact for pair in repeats(project.catalogue, limit=10).shown)


def test_what_repeats_the_one_set_aside_repeats_the_new_one_from_then_on(project):
    rei = project.catalogue.character("Rei")
    third = project.catalogue.add_picture(rei.id, state="duplicate", duplicate_of=1, path="bin/pictures/Rei/x.jpg")
    keep_this_one(project, 4)
    assert project.catalogue.picture(third.id).duplicate_of == 4
    assert project.catalogue.picture(1).reason == "looks like picture 4"


@pytest.mark.parametrize("state", ["kept", "rejected", "proposed"])
def test_a_picture_whose_faces_are_decided_keeps_its_place(project, state):
    row = {"picture_id": 1, "path": "faces/Rei/0_1.jpg", "state": state, "w": 5.0, "h": 5.0}
    project.catalogue.add_faces([row], action="made")
    if state == "proposed":
        assert keep_this_one(project, 4)
        return
    with pytest.raises(DataError, match="Faces of picture 1 are decided already"):
        keep_this_one(project, 4)


def test_the_very_same_file_cannot_take_the_place(project, tmp_path):
    (tmp_path / "in/pictures/Rei/9.jpg").write_bytes(picture_bytes(2))
    import_pictures(project, tmp_path / "in" / "pictures")
    with pytest.raises(DataError, match="Picture 5 is the very same file as picture 3"):
        keep_this_one(project, 5)


def test_a_picture_that_is_a_face_keeps_its_place(project):
    project.catalogue.set_values("pictures", {1: {"kind": "face"}})
    with pytest.raises(DataError, match="Faces of picture 1 are decided already"):
        keep_this_one(project, 4)


def test_a_pair_whose_kept_one_is_gone_is_none(project):
    project.catalogue.set_values("pictures", {4: {"duplicate_of": None}})
    assert repeats(project.catalogue, limit=10).number == 0
