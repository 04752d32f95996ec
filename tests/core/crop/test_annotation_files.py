"""Annotation files of other tools over a workspace: nothing is rejected or renamed that nobody meant."""

from __future__ import annotations

import json
import shutil

import pytest

from core.cli import main
from core.crop.annotation_files import _some, coco_document, export_yolo, import_coco, import_yolo
from core.crop.review import live_faces
from core.errors import ConfirmationNeeded, DataError
from core.imaging.boxes import Box
from core.settings import Settings
from core.workspace.project import open_project
from tests.conftest import CASES


@pytest.fixture
def two(made):
    """Two characters, two pictures each, a kept face on each."""
    for character in (made.rei, made.asuka):
        for _ in range(2):
            made.picture([Box(60, 40, 50, 60)], character=character, states=["kept"])
    return made


def state(project):
    return [(f.id, f.state, f.character_id, f.box) for f in project.catalogue.faces()]


def renamed(document: dict, names: dict[str, object]) -> bytes:
    for category in document["categories"]:
        category["name"] = names.get(category["name"], category["name"])
    return json.dumps(document).encode()


@pytest.mark.parametrize(
    "names",
    [
        {"Rei Ayanami": "rei_ayanami", "Asuka": " Asuka "},
        {"Rei Ayanami": "Rei  Ayanami", "Asuka": "ASUKA"},
        {"Rei Ayanami": "anime-face", "Asuka": "anime-face"},
        {"Rei Ayanami": 7, "Asuka": None},
    ],
)
def test_names_that_tools_change_rename_nobody(two, project, names):
    before = state(project)
    done = import_coco(project, renamed(coco_document(project.catalogue), names))
    assert (done.same, done.renamed, done.new_characters) == (4, 0, [])
    assert state(project) == before


def test_a_box_that_stands_twice_is_one_face(two, project):
    before, document = state(project), coco_document(project.catalogue)
    done = import_coco(project, json.dumps(document | {"annotations": document["annotations"] * 3}).encode())
    assert (done.same, done.added, done.rejected) == (4, 0, 0)
    assert done.problems == ["8 boxes stand where another one does; the first counts."]
    assert state(project) == before


def test_a_face_whose_box_lies_outside_stays_as_one_whose_box_cannot_be_read(two, project):
    document = coco_document(project.catalogue)
    document["annotations"][0]["bbox"] = [5000, 5000, 20, 20]
    done = import_coco(project, json.dumps(document).encode())
    assert (done.same, done.rejected) == (3, 0)
    assert "1 of 1 boxes lie outside" in done.problems[0]


def test_a_file_without_boxes_asks_before_it_rejects_all(two, project):
    before = state(project)
    document = json.dumps(coco_document(project.catalogue) | {"annotations": []}).encode()
    with pytest.raises(ConfirmationNeeded, match="would reject 4 of the 4 faces on its 4 pictures"):
        import_coco(project, document)
    assert state(project) == before
    assert import_coco(project, document, force=True).rejected == 4


def test_boxes_of_another_size_ask_first(two, project):
    document = coco_document(project.catalogue)
    for annotation in document["annotations"]:
        annotation["bbox"] = [v / 3 for v in annotation["bbox"]]
    with pytest.raises(ConfirmationNeeded):
        import_coco(project, json.dumps(document).encode())
    assert {f.state for f in project.catalogue.faces()} == {"kept"}


def test_one_new_name_for_everybody_asks_first(two, project):
    document = renamed(coco_document(project.catalogue), dict.fromkeys(("Rei Ayanami", "Asuka"), "Misato"))
    with pytest.raises(ConfirmationNeeded, match="All 4 boxes are called 'Misato'"):
        import_coco(project, document)
    assert [c.name for c in project.catalogue.characters()] == ["Asuka", "Rei Ayanami"]
    assert import_coco(project, document, force=True).renamed == 4


def test_most_boxes_unreadable_ask_first(two, project):
    document = coco_document(project.catalogue)
    for annotation in document["annotations"][:3]:
        annotation["bbox"] = [None] * 4
    with pytest.raises(ConfirmationNeeded, match="3 of the 4 boxes cannot be read: Annotation 1"):
        import_coco(project, json.dumps(document).encode())


def test_a_box_that_cannot_be_read_rejects_no_face(two, project):
    document = coco_document(project.catalogue)
    document["annotations"][0]["bbox"][2] = float("nan")
    done = import_coco(project, json.dumps(document).encode())
    assert (done.same, done.rejected, len(done.problems)) == (3, 0, 1)
    assert {f.state for f in project.catalogue.faces()} == {"kept"}


def test_pixels_in_yolo_labels_change_nothing(two, project, tmp_path):
    before = state(project)
    out = export_yolo(project, tmp_path / "yolo", pictures=False)
    for path in (out / "labels").iterdir():
        path.write_text("0 85 70 50 60\n")
    with pytest.raises(DataError, match="pixels or percent"):
        import_yolo(project, out)
    assert state(project) == before


def test_swapped_sizes_move_nothing(made, project):
    picture, (face,) = made.picture([Box(60, 40, 50, 60)], states=["kept"])
    project.catalogue.set_values("pictures", {picture.id: {"width": 300, "height": 200}})
    document = coco_document(project.catalogue)
    document["images"][0] |= {"width": 200, "height": 300}
    done = import_coco(project, json.dumps(document).encode())
    assert (done.same, done.moved) == (1, 0)
    assert "wrong way round" in done.problems[0]
    assert live_faces(project.catalogue, picture.id)[0].box == face.box


SAME = [*(f"c{n}" for n in (0, 1, 2, 3, 4, 8, 9, 10, 11, 14, 15, 16, 17, 18, 19, 20, 22))]
SAME += [*(f"y{n}" for n in (1, 5, 6, 10, 11, 13, 15, 16))]
NEW_NAMES = ["y7", "y8", "y9", "y14"]
ASKED = ["c13", "c21", "y3", "y12"]


@pytest.fixture(scope="module")
def drawn(tmp_path_factory):
    """The workspace of the cases: 4 drawn characters, 6 pictures each, the boxes of base/ as its faces."""
    if not CASES.is_dir():
        pytest.skip(f"the cases are not at {CASES}")
    folder = tmp_path_factory.mktemp("drawn")
    numbers = ("--characters", "4", "--pictures", "6", "--seed", "0")
    assert main(["demo", *numbers, "--workspace", "w", "--data-dir", str(folder)]) == 0
    with open_project("w", Settings(data_dir=folder)) as project:
        assert import_coco(project, CASES / "base" / "annotations.json").added == 34
    return folder


@pytest.mark.parametrize("case", [*SAME, *NEW_NAMES, *ASKED, "c5", "c6", "c7", "c18b"])
def test_what_other_tools_wrote(drawn, tmp_path, case):
    shutil.copytree(drawn, tmp_path / "data")
    (path,) = (CASES / "boxes").glob(f"{case}_*")
    with open_project("w", Settings(data_dir=tmp_path / "data")) as project:
        before = state(project)
        read = import_yolo if path.is_dir() else import_coco
        if case in ASKED:
            with pytest.raises(DataError):
                read(project, path)
            assert state(project) == before
            return
        done = read(project, path)
        same = 26 if case == "c18b" else 0 if case in NEW_NAMES else 33 if case in ("c5", "c6", "c7") else 34
        assert (done.pictures, done.same, done.moved, done.added, done.rejected) == (24, same, 0, 0, 0)
        if case in NEW_NAMES:
            first = "綾波レイ" if case == "y7" else "Rei"
            assert done.renamed == 34 and first in done.new_characters and len(done.new_characters) == 4


@pytest.mark.parametrize(("left_out", "asks"), [(1, False), (2, False), (3, True)])
def test_more_than_half_of_the_faces_have_to_be_missing(two, project, left_out, asks):
    document = coco_document(project.catalogue)
    document["annotations"] = document["annotations"][left_out:]
    data = json.dumps(document).encode()
    if asks:
        with pytest.raises(ConfirmationNeeded, match=f"would reject {left_out} of the 4"):
            import_coco(project, data)
    else:
        assert import_coco(project, data).rejected == left_out


def test_faces_without_a_name_are_written_as_faces(two, project, tmp_path):
    first = project.catalogue.faces()[0]
    project.catalogue.set_values("faces", {first.id: {"character_id": None}})
    document = coco_document(project.catalogue)
    named = {category["id"]: category["name"] for category in document["categories"]}
    assert [named[one["category_id"]] for one in document["annotations"] if one["id"] == first.id] == ["face"]
    out = export_yolo(project, tmp_path / "out", pictures=False)
    assert (out / "classes.txt").read_text().splitlines() == ["Rei Ayanami", "Asuka", "face"]
    assert sum(path.read_text().startswith("2 ") for path in (out / "labels").iterdir()) == 1
    assert "face" not in {c["name"] for c in coco_document(project.catalogue, states=["rejected"])["categories"]}


def test_five_names_are_told_and_how_many_more():
    assert [_some(list(names)) for names in ("abcde", "abcdef")] == ["a, b, c, d, e", "a, b, c, d, e and 1 more"]
