"""FiftyOne's documented layout: data/, labels.json, shares of the picture."""

from __future__ import annotations

import json
from dataclasses import replace

from core.datasets.fiftyone import plan_fiftyone
from core.datasets.outputs import write_folder


def test_each_part_is_a_data_set_with_the_same_classes(data, tmp_path):
    out = write_folder(tmp_path / "set", plan_fiftyone(data))
    read = {part: json.loads((out / part / "labels.json").read_text()) for part in ("train", "validation", "test")}
    assert {json.dumps(one["classes"]) for one in read.values()} == {'["Asuka", "Kaworu", "Rei A", "face"]'}
    for part, one in read.items():
        files = {path.stem for path in (out / part / "data").iterdir()}
        assert files == set(one["labels"])


def test_boxes_are_shares_and_a_picture_without_a_face_has_null(data, tmp_path):
    out = write_folder(tmp_path / "set", plan_fiftyone(data))
    labels = json.loads((out / "train" / "labels.json").read_text())["labels"]
    rei, nobody = labels["000001_001"]
    assert rei["label"] == 2 and rei["bounding_box"] == [0.25, 0.25, 0.125, 0.16666667]
    assert nobody["label"] == 3 and nobody["bounding_box"] == [0, 0, 0.1, 0.1]
    assert labels["000004_001"] is None


def test_names_and_faces_are_written_as_they_are(data, tmp_path):
    first = data.pictures[0]
    named = replace(first, faces=(replace(first.faces[0], name="綾波", score=0.123456),))
    out = write_folder(tmp_path / "set", plan_fiftyone(replace(data, pictures=(named,))))
    text = (out / "train" / "labels.json").read_text(encoding="utf-8")
    assert '"綾波"' in text
    (found,) = json.loads(text)["labels"]["000001_001"]
    assert (found["confidence"], found["attributes"]["face_id"]) == (0.1235, 11)
