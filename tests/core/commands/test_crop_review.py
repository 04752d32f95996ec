"""The review without a screen."""

from __future__ import annotations

import json

import pytest

from core.cli import main
from core.crop.merge_annotations import ImportReport
from core.errors import ConfirmationNeeded
from tests.core.crop.conftest import Made


@pytest.fixture
def crop(workspace, catalogue, capsys):
    """Run `crop` with options; its exit code and JSON document."""

    def run(*options: str):
        code = main(["crop", "--workspace", workspace.name, "--json", *options])
        text = capsys.readouterr().out
        return code, json.loads(text) if text.strip() else None

    return run


@pytest.fixture
def faces(project):
    made = Made(project)
    return [made.picture()[1][0] for _ in range(3)]


def test_the_list_names_pictures_reasons_and_ids(crop, faces):
    code, document = crop("--review-list")
    assert code == 0
    assert [p["reason"] for p in document["pictures"]] == ["unsure"] * 3
    assert [p["faces"][0]["id"] for p in document["pictures"]] == [f.id for f in faces]
    assert document["review"] == {"look": 3}


def test_keep_reject_and_name_by_id(crop, faces, catalogue):
    one, two, three = (f.id for f in faces)
    assert crop("--keep", str(one))[1]["changed"] == [one]
    assert crop("--reject", str(two), "--reason", "logo")[0] == 0
    assert crop("--keep", str(three), "--as", "Asuka")[0] == 0
    assert [catalogue.face(i).state for i in (one, two, three)] == ["kept", "rejected", "kept"]
    assert catalogue.face(two).reason == "logo"
    assert catalogue.character(catalogue.face(three).character_id).name == "Asuka"
    assert crop("--review-list")[1]["pictures"] == []


def test_boxes_go_out_and_come_back(crop, faces, tmp_path):
    for out in (tmp_path / "boxes.json", tmp_path / "yolo"):
        assert crop("--export-boxes", str(out))[1]["faces"] == 3
        assert crop("--import-boxes", str(out))[1]["same"] == 3


@pytest.mark.parametrize("options", [("--keep", "999"), ("--keep", "1", "--as", "Nobody")])
def test_a_mistake_ends_with_1_and_a_sentence(crop, faces, capsys, options):
    assert crop(*options)[0] == 1


def test_the_list_is_told_as_a_table_with_names_and_ids(project, told):
    assert told("crop", "--review-list") == "Nothing is waiting for a look.\n"
    made = Made(project)
    one, two = made.picture(scores=[0.123456])[1][0], made.picture()[1][0]
    project.catalogue.set_values("pictures", {two.picture_id: {"character_id": None}})
    lines = told("crop", "--review-list").splitlines()[2:]
    assert sorted(line.split() for line in lines) == [
        ["recognised", "pictures/Rei_Ayanami/002.jpg", str(two.id)],
        ["unsure", "pictures/Rei_Ayanami/001.jpg", "Rei", "Ayanami", str(one.id)],
    ]


def test_scores_have_four_digits_and_nobodys_picture_no_character(project, crop):
    made = Made(project)
    picture, (face,) = made.picture(scores=[0.123456])
    project.catalogue.set_values("pictures", {picture.id: {"character_id": None}})
    (listed,) = crop("--review-list")[1]["pictures"]
    assert (listed["character"], listed["faces"][0]["character"]) == (None, "Rei Ayanami")
    assert (listed["faces"][0]["id"], listed["faces"][0]["score"]) == (face.id, 0.1235)


def test_what_was_decided_already_is_told(crop, faces, told):
    assert crop("--keep", str(faces[0].id))[1]["changed"] == [faces[0].id]
    assert crop("--keep", str(faces[0].id))[1] == {"changed": [], "faces": [faces[0].id]}
    assert told("crop", "--keep", faces[0].id) == "Nothing to change: that was decided already.\n"


def test_an_import_tells_what_is_new_unknown_and_wrong(told, tmp_path, monkeypatch):
    done = ImportReport(3, 1, 2, 0, 4, 0, ["Yui"], [f"{i}.jpg" for i in range(12)], ["a.txt, line 3: no box."])
    monkeypatch.setattr("core.crop.annotation_files.import_coco", lambda *a, **k: done)
    assert told("crop", "--import-boxes", tmp_path / "boxes.json").splitlines() == [
        "3 pictures: 1 boxes as before, 2 moved, 0 renamed, 4 new, 0 rejected.",
        "New characters: Yui.",
        "Not a picture of this workspace: 0.jpg, 1.jpg, 2.jpg, 3.jpg, 4.jpg, 5.jpg, 6.jpg, 7.jpg, 8.jpg, 9.jpg.",
        "a.txt, line 3: no box.",
    ]


def test_an_import_that_looks_wrong_names_the_option_that_does_it_all_the_same(
    workspace, capsys, tmp_path, monkeypatch
):
    def doubtful(*args, **options):
        raise ConfirmationNeeded("Half of the boxes are gone.")

    monkeypatch.setattr("core.crop.annotation_files.import_coco", doubtful)
    assert main(["crop", "--workspace", "test", "--import-boxes", str(tmp_path / "boxes.json")]) == 1
    assert "Half of the boxes are gone. Add --force" in capsys.readouterr().err
