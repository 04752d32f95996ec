"""Boxes out as COCO JSON and back, read by COCO's own tools on the way."""

from __future__ import annotations

import json

import pytest

from core.crop.annotation_files import coco_document, export_coco, import_coco
from core.crop.review import live_faces
from core.errors import Cancelled, DataError
from core.imaging.boxes import Box
from core.imaging.reading import read_picture
from core.workspace import faces as acts_on
from core.workspace.undo import undo


def rows(catalogue):
    return [(f.picture_id, f.character_id, f.box) for f in catalogue.faces(state=("proposed", "kept"))]


def test_cocos_own_reader_sees_the_same_boxes(made, catalogue, tmp_path):
    coco = pytest.importorskip("pycocotools.coco")
    one, _ = made.picture([Box(10.25, 20.5, 30.75, 40)])
    made.picture([], review="nothing")
    made.picture([Box(1, 2, 33, 44), Box(100, 90, 50, 60)], character=made.asuka)
    read = coco.COCO(str(export_coco(catalogue, tmp_path / "boxes.json")))
    assert len(read.getImgIds()) == 3
    assert [a["bbox"] for a in read.loadAnns(read.getAnnIds(imgIds=[one.id]))] == [[10.25, 20.5, 30.75, 40]]
    assert [c["name"] for c in read.loadCats(read.getCatIds())] == ["Asuka", "Rei Ayanami"]
    (image,) = read.loadImgs([one.id])
    assert (image["file_name"], image["width"], image["height"]) == (one.path, 200, 200)


def test_a_round_trip_moves_nothing_and_settles_everything(made, project, tmp_path):
    made.picture([Box(10.25, 20.5, 30.75, 40)])
    made.picture([Box(1, 2, 33, 44), Box(100, 90, 50, 60)], states=["kept", "proposed"])
    before = rows(project.catalogue)
    done = import_coco(project, export_coco(project.catalogue, tmp_path / "boxes.json"))
    assert (done.pictures, done.same, done.moved, done.added, done.rejected) == (2, 3, 0, 0, 0)
    assert rows(project.catalogue) == before
    assert {f.state for f in project.catalogue.faces()} == {"kept"}
    assert {p.review for p in project.catalogue.pictures()} == {"done"}


def test_corrections_come_back_as_one_change(made, project):
    boxes = [Box(10, 10, 50, 50), Box(100, 10, 50, 50), Box(10, 100, 50, 50)]
    picture, (moved, named, gone) = made.picture(boxes)
    document = coco_document(project.catalogue)
    first, second, _ = document["annotations"]
    first["bbox"] = [12, 8, 52, 55]
    second["category_id"] = made.asuka.id
    document["categories"].append({"id": 99, "name": "Misato"})
    new = {"id": 500, "image_id": picture.id, "category_id": 99, "bbox": [120, 120, 40, 60], "iscrowd": 0}
    document["annotations"] = [first, second, new]
    done = import_coco(project, json.dumps(document).encode())
    assert (done.moved, done.renamed, done.added, done.rejected) == (1, 1, 1, 1)
    assert done.new_characters == ["Misato"]
    assert project.catalogue.face(moved.id).box == Box(12, 8, 52, 55)
    assert project.catalogue.face(named.id).character_id == made.asuka.id
    assert project.catalogue.face(gone.id).state == "rejected"
    added = max(live_faces(project.catalogue, picture.id), key=lambda f: f.id)
    assert (added.box, project.catalogue.character(added.character_id).name) == (Box(120, 120, 40, 60), "Misato")
    assert read_picture(project.workspace.path(added.path)).shape == (120, 120, 3)
    undo(project)
    assert {f.state for f in live_faces(project.catalogue, picture.id)} == {"proposed"}
    assert project.catalogue.face(moved.id).box == boxes[0]
    assert not project.workspace.path(added.path).exists()


def test_a_tool_that_worked_on_smaller_copies_is_understood(made, project):
    picture, _ = made.picture([])
    document = {
        "images": [{"id": "a", "file_name": "001.jpg", "width": 100, "height": 50}],
        "annotations": [{"id": 1, "image_id": "a", "category_id": 1, "bbox": [10, 10, 20, 20]}],
        "categories": [{"id": 1, "name": "face"}],
    }
    import_coco(project, json.dumps(document).encode())
    (face,) = live_faces(project.catalogue, picture.id)
    assert face.box == Box(20, 40, 40, 80)
    assert face.character_id == made.rei.id


def test_pictures_that_the_file_does_not_list_are_left_alone(made, project):
    _, (kept,) = made.picture()
    other, _ = made.picture()
    document = coco_document(project.catalogue)
    document["images"] = [i for i in document["images"] if i["id"] == other.id]
    document["images"].append({"id": 77, "file_name": "elsewhere.jpg"})
    done = import_coco(project, json.dumps(document).encode())
    assert done.unknown == ["elsewhere.jpg"]
    assert project.catalogue.face(kept.id).state == "proposed"


def test_rejected_faces_stay_out_of_the_file(made, project):
    _, (face,) = made.picture()
    acts_on.reject(project, [face])
    assert coco_document(project.catalogue)["annotations"] == []


@pytest.mark.parametrize(
    "wrong",
    [
        b"",
        b"[1, 2]",
        b"{}",
        b'{"images": [{"id": 1}], "annotations": [], "categories": []}',
        b'{"images": [], "annotations": [{"image_id": 1, "category_id": 1, "bbox": [1, 2]}], "categories": []}',
        b'{"images": [], "annotations": [], "categories": []}',
        b'{"images": [{"id": 1, "file_name": "nobody.jpg"}], "annotations": [], "categories": []}',
    ],
)
def test_what_is_no_coco_file_is_told_in_words(made, project, wrong):
    made.picture()
    with pytest.raises(DataError):
        import_coco(project, wrong)


def test_an_import_tells_how_far_it_is_and_cancelled_changes_nothing(made, project, tmp_path):
    """Two boxes are read on two pictures, which are compared; two faces and two pictures are written."""
    made.picture([Box(10.25, 20.5, 30.75, 40)])
    made.picture([Box(1, 2, 33, 44)])
    file = export_coco(project.catalogue, tmp_path / "boxes.json")
    before = project.catalogue.faces()

    def stop(now):
        if now.stage == "write" and now.n:
            raise Cancelled("Stopped.")

    with pytest.raises(Cancelled):
        import_coco(project, file, report=stop)
    assert project.catalogue.faces() == before
    told = []
    import_coco(project, file, report=told.append)
    assert {now.stage: now.total for now in told} == {"read": 2, "compare": 2, "write": 4}
