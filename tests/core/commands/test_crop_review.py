"""The review without a screen."""

from __future__ import annotations

import json

import pytest

from core.cli import main
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
