"""COCO and YOLO with train, validation and test, read back by pycocotools and supervision."""

from __future__ import annotations

import contextlib
import io

import pytest
import yaml

from core.datasets.coco import plan_coco, read_coco
from core.datasets.outputs import write_folder
from core.datasets.yolo import plan_yolo, read_yolo


def test_pycocotools_reads_each_part_with_the_same_categories(data, tmp_path):
    from pycocotools.coco import COCO

    plan = plan_coco(data)
    out = write_folder(tmp_path / "set", plan)
    assert plan.items == {"train": 2, "validation": 1, "test": 1}
    with contextlib.redirect_stdout(io.StringIO()):
        read = {p: COCO(str(out / "annotations" / f"instances_{p}.json")) for p in plan.items}
    assert {tuple(c["name"] for c in one.dataset["categories"]) for one in read.values()} == {
        ("Asuka", "Kaworu", "Rei A", "face")
    }
    (stranger,) = read["test"].loadAnns(read["test"].getAnnIds())
    assert stranger["bbox"] == [100.5, 10, 30, 40] and stranger["category_id"] == 2
    for part, one in read.items():
        for image in one.loadImgs(one.getImgIds()):
            assert (out / "images" / part / image["file_name"]).is_file()
    assert read_coco(out / "annotations" / "instances_train.json").boxes == 2


def test_supervision_reads_each_part_of_yolo(data, tmp_path):
    import supervision as sv

    out = write_folder(tmp_path / "set", plan_yolo(data))
    document = yaml.safe_load((out / "data.yaml").read_text())
    assert document["names"] == {0: "Asuka", 1: "Kaworu", 2: "Rei A", 3: "face"}
    assert {key: document[key] for key in ("train", "val", "test")} == {
        "train": "images/train",
        "val": "images/validation",
        "test": "images/test",
    }
    assert "path" not in document
    read = sv.DetectionDataset.from_yolo(
        str(out / document["train"]), str(out / "labels" / "train"), str(out / "data.yaml")
    )
    found = {path.rpartition("/")[2]: detections for path, _, detections in read}
    boxes = found["000001_001.jpg"]
    assert boxes.xyxy.tolist() == [pytest.approx([40, 30, 60, 50], abs=0.01), pytest.approx([0, 0, 16, 12], abs=0.01)]
    assert boxes.class_id.tolist() == [2, 3]
    assert len(found["000004_001.jpg"]) == 0


def test_without_a_validation_part_yolo_validates_on_what_there_is(data, tmp_path):
    from core.datasets.records import DataSet

    out = write_folder(tmp_path / "set", plan_yolo(DataSet("test", data.pictures[:1])))
    assert yaml.safe_load((out / "data.yaml").read_text())["val"] == "images/train"
    assert len(read_yolo(out).pictures) == 1
