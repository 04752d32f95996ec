"""ImageFolder, read back by torchvision."""

from __future__ import annotations

import csv
from dataclasses import replace

import pytest

from core.datasets.imagefolder import plan_imagefolder
from core.datasets.outputs import write_folder
from core.datasets.records import DataSet
from core.errors import DataError
from core.vision.torchvision_shim import load_torchvision


def test_torchvision_reads_each_part(data, tmp_path):
    load_torchvision()
    from torchvision.datasets import ImageFolder

    plan = plan_imagefolder(data)
    out = write_folder(tmp_path / "set", plan)
    read = {part: ImageFolder(out / part) for part in ("train", "validation", "test")}
    assert {part: one.classes for part, one in read.items()} == {
        "train": ["Rei_A"],
        "validation": ["Asuka"],
        "test": ["Kaworu"],
    }
    image, label = read["train"][0]
    assert image.size == (40, 40) and label == 0
    assert plan.items == {"train": 1, "validation": 1, "test": 1}
    assert len(plan.outputs) == 5


def test_names_and_origins_stand_beside_the_faces_and_no_cell_is_a_formula(data, tmp_path):
    out = write_folder(tmp_path / "set", plan_imagefolder(data))
    with (out / "characters.csv").open(newline="") as file:
        assert {row["folder"]: row["character"] for row in csv.DictReader(file)}["Rei_A"] == "Rei A"
    with (out / "provenance.csv").open(newline="") as file:
        first = next(csv.DictReader(file))
    assert first["file"] == "train/Rei_A/001_1.jpg"
    assert (first["author"], first["licence"], first["part"]) == ("'=cmd()", "CC BY 4.0", "train")


def test_two_faces_of_one_file_name_both_come_out(data):
    first = data.pictures[0]
    twice = replace(first, faces=(first.faces[0], replace(first.faces[0], id=99)))
    paths = [output.path for output in plan_imagefolder(DataSet("test", (twice,))).outputs]
    assert paths[:2] == ["train/Rei_A/001_1.jpg", "train/Rei_A/001_1_2.jpg"]


def test_without_faces_it_is_refused():
    with pytest.raises(DataError, match="test has no faces to export"):
        plan_imagefolder(DataSet("test", ()))
