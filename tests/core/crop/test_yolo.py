"""Boxes out as YOLO labels and back, read by supervision on the way."""

from __future__ import annotations

import warnings

import numpy as np
import pytest

from core.crop.annotation_files import export_yolo, import_yolo, label_stem
from core.crop.review import live_faces
from core.datasets.yolo import class_names
from core.errors import DataError
from core.imaging.boxes import Box
from core.workspace.undo import undo


def test_a_third_party_reader_sees_the_same_boxes(made, project, tmp_path):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        sv = pytest.importorskip("supervision")
    one, _ = made.picture([Box(10, 20, 30, 40)])
    two, _ = made.picture([Box(1, 2, 33, 44), Box(100, 90, 50, 60)], character=made.asuka)
    made.picture([], review="nothing")
    out = export_yolo(project, tmp_path / "yolo")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        dataset = sv.DetectionDataset.from_yolo(str(out / "images"), str(out / "labels"), str(out / "data.yaml"))
        seen = {path: annotations for path, _, annotations in dataset}
    assert dataset.classes == ["Rei Ayanami", "Asuka"]
    assert len(seen) == 3
    boxes = {path.rsplit("/", 1)[-1]: found.xyxy for path, found in seen.items()}
    np.testing.assert_allclose(boxes[f"{label_stem(one)}.jpg"], [[10, 20, 40, 60]], atol=0.01)
    np.testing.assert_allclose(boxes[f"{label_stem(two)}.jpg"], [[1, 2, 34, 46], [100, 90, 150, 150]], atol=0.01)


def test_a_round_trip_moves_nothing(made, project, tmp_path):
    made.picture([Box(10.25, 20.5, 30.75, 40)])
    made.picture([Box(1, 2, 33, 44), Box(100, 90, 50, 60)], character=made.asuka)
    before = [(f.box, f.character_id) for f in project.catalogue.faces()]
    done = import_yolo(project, export_yolo(project, tmp_path / "yolo", pictures=False))
    assert (done.same, done.moved, done.renamed, done.added, done.rejected) == (3, 0, 0, 0, 0)
    assert [(f.box, f.character_id) for f in project.catalogue.faces()] == before


def test_corrections_come_back(made, project, tmp_path):
    picture, (face,) = made.picture([Box(10, 20, 30, 40)])
    out = export_yolo(project, tmp_path / "yolo", pictures=False)
    (out / "labels" / f"{label_stem(picture)}.txt").write_text("0 0.15 0.2 0.2 0.2\n1 0.75 0.75 0.25 0.25\n")
    done = import_yolo(project, out)
    assert (done.moved, done.added) == (1, 1)
    assert project.catalogue.face(face.id).box == Box(10, 20, 40, 40)
    _, new = live_faces(project.catalogue, picture.id)
    assert (new.box, new.character_id) == (Box(125, 125, 50, 50), made.asuka.id)
    undo(project)
    assert [f.box for f in live_faces(project.catalogue, picture.id)] == [Box(10, 20, 30, 40)]


@pytest.mark.parametrize(
    "text",
    [
        "names: [Rei, 'Asuka S.']\n",
        'nc: 2\nnames:\n  - Rei\n  - "Asuka S."\n',
        "names:\n  0: Rei\n  1: 'Asuka S.'\nnc: 2\n",
        'names: ["Rei",\n "Asuka S."]\n',
    ],
)
def test_the_ways_in_which_tools_write_names(tmp_path, text):
    (tmp_path / "data.yaml").write_text(text)
    assert class_names(tmp_path) == ["Rei", "Asuka S."]


def test_labels_of_label_studio_have_their_names_in_a_list(tmp_path):
    (tmp_path / "classes.txt").write_text("Rei\nAsuka\n")
    assert class_names(tmp_path)[:2] == ["Rei", "Asuka"]


@pytest.mark.parametrize("line", ["0 0.5 0.5", "0 0.5 0.5 nan 0.1", "0 9 9 0.1 0.1", "0 0.5 0.5 0 0.1"])
def test_a_broken_line_is_told_with_its_place(made, project, tmp_path, line):
    picture, _ = made.picture()
    out = export_yolo(project, tmp_path / "yolo", pictures=False)
    (out / "labels" / f"{label_stem(picture)}.txt").write_text(f"\n{line}\n")
    with pytest.raises(DataError, match="Line 2 of"):
        import_yolo(project, out)


def test_a_folder_that_holds_something_is_not_written_over(made, project, tmp_path):
    (tmp_path / "mine.txt").write_text("x")
    with pytest.raises(DataError, match="holds something already"):
        export_yolo(project, tmp_path)


def test_labels_of_other_pictures_are_told(made, project, tmp_path):
    made.picture()
    (tmp_path / "stranger.txt").write_text("0 0.5 0.5 0.1 0.1\n")
    with pytest.raises(DataError, match="None of the 1 pictures in this file"):
        import_yolo(project, tmp_path)
