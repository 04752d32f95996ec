"""YOLO labels as other tools write them, read without a catalogue."""

from __future__ import annotations

import pytest

from core.datasets.annotations import AnnotatedPicture, NamedBox
from core.datasets.yolo import class_names, read_yolo, write_yolo
from core.errors import DataError
from core.imaging.boxes import Box


def folder(tmp_path, line: str, *, yaml: str = "names: [Rei, Asuka]\n", at: str = "labels/a.txt", encoding="utf-8"):
    (tmp_path / at).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / at).write_bytes(line.encode(encoding))
    if yaml:
        (tmp_path / "data.yaml").write_text(yaml)
    return tmp_path


def read(path) -> tuple:
    found = read_yolo(path)
    boxes = [
        ([round(v, 4) for v in (n.box.x, n.box.y, n.box.w, n.box.h)], n.name) for p in found.pictures for n in p.boxes
    ]
    return boxes, found.problems


WHOLE = [0.25, 0.4, 0.5, 0.2]


def test_what_is_written_is_read_back(tmp_path):
    named = (NamedBox(Box(10, 20, 30, 40), "Rei: the first"), NamedBox(Box(5, 6, 7, 8), "綾波"))
    pictures = [AnnotatedPicture("a", named, 100, 80), AnnotatedPicture("b", (), 100, 80)]
    boxes, problems = read(write_yolo(tmp_path / "out", pictures, ["Rei: the first", "綾波", "no"]))
    assert boxes == [([0.1, 0.25, 0.3, 0.5], "Rei: the first"), ([0.05, 0.075, 0.07, 0.1], "綾波")]
    assert problems == ()
    assert class_names(tmp_path / "out") == ["Rei: the first", "綾波", "no"]


@pytest.mark.parametrize(
    "line",
    [
        "0 0.5 0.5 0.5 0.2",
        "0.0 0.5 0.5 0.5 0.2",
        "0,0.5,0.5,0.5,0.2",
        "0; 0.5; 0.5; 0.5; 0.2",
        "0, 0.5, 0.5, 0.5, 0.2",
        "0 0,5 0,5 0,5 0,2",
        "0\t0.5\t0.5\t0.5\t0.2",
        "\ufeff0 0.5 0.5 0.5 0.2\r\n",
        "0 0.5 0.5 0.5 0.2 0.93",
        "Rei 0.5 0.5 0.5 0.2",
        "rei 0.5 0.5 0.5 0.2",
        "0 0.25 0.4 0.75 0.4 0.75 0.6 0.25 0.6",
        "0 0.25 0.4 0.75 0.4 0.75 0.6 0.25 0.6 0.25 0.5",
        "0 5e-1 5e-1 5e-1 2e-1",
    ],
)
def test_the_ways_in_which_tools_write_a_line(tmp_path, line):
    assert read(folder(tmp_path, line)) == ([(WHOLE, "Rei")], ())


def test_a_face_with_keypoints_is_its_box(tmp_path):
    path = folder(tmp_path, "0 0.5 0.5 0.5 0.2 0.1 0.1 0.2 0.2 0.3 0.3", yaml="kpt_shape: [3, 2]\nnames: [Rei]\n")
    assert read(path) == ([(WHOLE, "Rei")], ())


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("0 0.5 0.5", "no four finite numbers"),
        ("0 nan 0.5 0.1 0.1", "no four finite numbers"),
        ("0 inf 0.5 0.1 0.1", "no four finite numbers"),
        ("0 0.5 0.5 0 0.1", "above 0"),
        ("0 0.5 0.5 -0.1 0.1", "above 0"),
        ("0 1.4 0.5 0.1 0.1", "outside of the picture"),
        ("0 344 212 108 110", "shares of the picture"),
        ("hello", "no four finite numbers"),
    ],
)
def test_one_bad_line_is_told_with_its_place_and_the_others_are_read(tmp_path, line, words):
    boxes, problems = read(folder(tmp_path, f"0 0.5 0.5 0.5 0.2\n\n{line}\n1 0.5 0.5 0.5 0.2\n"))
    assert boxes == [(WHOLE, "Rei"), (WHOLE, "Asuka")]
    assert len(problems) == 1 and problems[0].startswith("Line 3 of a.txt") and words in problems[0]


@pytest.mark.parametrize("text", ["99", "-1", "1.5", "Misato"])
def test_a_face_of_an_unknown_class_has_no_name(tmp_path, text):
    boxes, (problem,) = read(folder(tmp_path, f"{text} 0.5 0.5 0.5 0.2"))
    assert boxes == [(WHOLE, "")]
    assert "Line 1 of a.txt: there is no class" in problem


@pytest.mark.parametrize("line", ["0 344 212 108 110", "0 50 50 20 20", "0 0.5 0.5 108 110"])
def test_pixels_and_percent_are_refused(tmp_path, line):
    with pytest.raises(DataError, match=r"3 of 3 boxes are no shares of a picture: pixels or percent\?"):
        read_yolo(folder(tmp_path, f"{line}\n" * 3))


@pytest.mark.parametrize(
    "yaml",
    [
        "names: [Rei, 'Asuka S.']\n",
        'nc: 2\nnames:\n  - Rei\n  - "Asuka S."\n',
        "names:\n  0: Rei\n  1: 'Asuka S.'\nnc: 2\n",
        'names: ["Rei",\n "Asuka S."]\n',
        "# my set\nnames:\n  # people\n  0: Rei  # blue hair\n  1: Asuka S.\n",
        "nc: 2\nnames: ['Rei', 'Asuka S.']  # two, of Eva\n",
        "\ufeffnames: [Rei, Asuka S.]\n",
        "names: {1: Asuka S., 0: Rei}\n",
        "names: &n [Rei, Asuka S.]\nother: *n\n",
        "names:\r\n- Rei\r\n- Asuka S.\r\n",
    ],
)
def test_the_ways_in_which_tools_write_names(tmp_path, yaml):
    (tmp_path / "data.yaml").write_bytes(yaml.encode())
    assert class_names(tmp_path) == ["Rei", "Asuka S."]


def test_names_that_yaml_would_take_for_something_else_stay_names(tmp_path):
    (tmp_path / "data.yaml").write_text("names: [no, yes, 02, null, 1.5, 2020-01-01]\n")
    assert class_names(tmp_path) == ["no", "yes", "02", "null", "1.5", "2020-01-01"]


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("classes.txt", "綾波レイ\r\nアスカ\r\n".encode("cp932")),
        ("classes.txt", "綾波レイ\nアスカ\n\n".encode("utf-16")),
        ("obj.names", "綾波レイ\nアスカ".encode()),
        ("dataset.yml", "names: [綾波レイ, アスカ]".encode("cp932")),
    ],
)
def test_other_files_of_names_in_other_encodings(tmp_path, name, data):
    (tmp_path / name).write_bytes(data)
    assert class_names(tmp_path) == ["綾波レイ", "アスカ"]


def test_names_that_stand_in_another_file(tmp_path):
    (tmp_path / "classes.txt").write_text("Rei\nAsuka\n")
    path = folder(tmp_path, "1 0.5 0.5 0.5 0.2", yaml="nc: 2\nnames: classes.txt\n")
    assert read(path) == ([(WHOLE, "Asuka")], ())


@pytest.mark.parametrize(
    "yaml",
    ["names: [Rei", "names:\n\t- Rei", "names: {a: Rei}", "names: {5000000: Rei}", "a: b: c", "names: !!python/x [a]"],
)
def test_a_broken_yaml_is_a_sentence(tmp_path, yaml):
    path = folder(tmp_path, "0 0.5 0.5 0.5 0.2", yaml=yaml)
    try:
        boxes, _ = read(path)
    except DataError as error:
        assert "data.yaml" in str(error)
    else:
        assert boxes == [(WHOLE, "")] or boxes == [(WHOLE, "a")]


@pytest.mark.parametrize("at", ["train/labels/a.txt", "labels/train/a.txt", "a.txt", "obj_train_data/a.txt"])
def test_where_label_files_lie(tmp_path, at):
    (tmp_path / "README.roboflow.txt").write_text("0 1 2 3 4")
    (tmp_path / "train.txt").write_text("images/a.jpg")
    assert read(folder(tmp_path, "0 0.5 0.5 0.5 0.2", at=at)) == ([(WHOLE, "Rei")], ())


def test_a_folder_without_labels_is_told(tmp_path):
    with pytest.raises(DataError, match="holds no label files"):
        read_yolo(tmp_path)
    with pytest.raises(DataError, match="is not a folder"):
        read_yolo(tmp_path / "nowhere")


def test_what_is_written_line_by_line(tmp_path):
    (tmp_path / "a.png").write_bytes(b"pixels")
    picture = AnnotatedPicture("a", (NamedBox(Box(10, 20, 30, 40), "Rei"),), 100, 80)
    out = write_yolo(tmp_path / "out", [picture], ["Asuka", "Rei"], images={"a": tmp_path / "a.png"})
    assert (out / "labels" / "a.txt").read_text() == "1 0.25000000 0.50000000 0.30000000 0.50000000\n"
    assert (out / "images" / "a.png").read_bytes() == b"pixels"
    assert "nc: 2\n" in (out / "data.yaml").read_text()
    with pytest.raises(DataError, match="holds something already"):
        write_yolo(out, [picture], ["Asuka", "Rei"])
    (tmp_path / "empty").mkdir()
    write_yolo(tmp_path / "empty", [picture], ["Asuka", "Rei"])


def test_half_of_the_lines_may_be_no_shares_and_no_more(tmp_path):
    good, bad = "0 0.5 0.5 0.5 0.2\n", "0 344 212 108 110\n"
    assert len(read(folder(tmp_path, good + bad))[0]) == 1
    with pytest.raises(DataError, match="2 of 3 boxes are no shares"):
        read_yolo(folder(tmp_path, good + bad * 2))


def test_where_no_line_can_be_read_the_first_is_told_and_an_empty_file_is_a_picture_without_faces(tmp_path):
    with pytest.raises(DataError, match=r"None of the 2 boxes can be read\. Line 1 of a\.txt is 'x'"):
        read_yolo(folder(tmp_path, "x\ny\n"))
    found = read_yolo(folder(tmp_path, ""))
    assert [(p.file_name, p.boxes) for p in found.pictures] == [("a", ())]


def test_unreadable_lines_are_counted_for_their_picture(tmp_path):
    folder(tmp_path, "0 0.5 0.5 0.5 0.2\n", at="labels/b.txt")
    found = read_yolo(folder(tmp_path, "0 0.5 0.5 0.5 0.2\nx\n0 9 9 9 9\n"))
    assert [(p.file_name, p.unreadable) for p in found.pictures] == [("a", 2), ("b", 0)]
    assert found.bad_boxes == 2


@pytest.mark.parametrize(
    ("line", "box"),
    [
        ("0 1.5 0.5 2.5 1", None),  # more than one and a half
        ("0 1.0 0.5 1.5 1", [0.25, 0.0, 1.5, 1.0]),
        ("0 0.5 0.5 0.5 0.2 99", [0.25, 0.4, 0.5, 0.2]),  # a score behind
        ("0 0.2 0.2 0.4 0.2 0.3 0.4", [0.2, 0.2, 0.2, 0.2]),  # a triangle
        ("0 0.5 0.5 0.5 0.2 0.1 0.1 9", [0.25, 0.4, 0.5, 0.2]),  # an odd number is no polygon
        ("0 0.5 0.5 0.5 0.2 0.93 17", [0.25, 0.4, 0.5, 0.2]),  # a score and the number of a track
        ("0 0.25 0.4 0.75 0.6 0.5 0.5", [0.25, 0.4, 0.5, 0.2]),  # the corners of a triangle
        ("0 0.2 0.2 0.4 0.2 0.3 1.6", None),
    ],
)
def test_boxes_scores_and_polygons(tmp_path, line, box):
    found = read(folder(tmp_path, "1 0.5 0.5 0.5 0.2\n" * 2 + line))[0]
    assert [b for b, name in found if name == "Rei"] == ([] if box is None else [box])


def test_twenty_problems_are_told_and_how_many_more(tmp_path):
    problems = read(folder(tmp_path, "0 0.5 0.5 0.5 0.2\n" * 30 + "x\n" * 20))[1]
    assert len(problems) == 20
    problems = read(folder(tmp_path, "0 0.5 0.5 0.5 0.2\n" * 30 + "x\n" * 22))[1]
    assert (len(problems), problems[-1]) == (21, "... and 2 more.")


@pytest.mark.parametrize(
    ("numbers", "words"), [("{-1: a, 0: b}", "numbered from -1 to 0"), ("{0: a, 100000: b}", "from 0 to 100000")]
)
def test_names_are_numbered_from_nothing_to_a_hundred_thousand(tmp_path, numbers, words):
    (tmp_path / "data.yaml").write_text(f"names: {numbers}")
    with pytest.raises(DataError, match=words):
        class_names(tmp_path)
    (tmp_path / "data.yaml").write_text("names: {99999: a}")
    assert len(class_names(tmp_path)) == 100_000
    (tmp_path / "data.yaml").write_text("names: {}")
    assert class_names(tmp_path) == []


def test_a_number_that_is_no_class_is_told_only_where_there_are_classes(tmp_path):
    assert read(folder(tmp_path, "1 0.5 0.5 0.5 0.2", yaml="names: [Rei]\n"))[1] == (
        "Line 1 of a.txt: there is no class 1; the face keeps its character.",
    )
    assert read(folder(tmp_path, "1 0.5 0.5 0.5 0.2", yaml="names: []\n")) == ([(WHOLE, "")], ())


def test_a_label_file_that_is_too_large_is_told_and_the_others_are_read(tmp_path, monkeypatch):
    monkeypatch.setattr("core.datasets.yolo.LARGEST", 40)
    folder(tmp_path, "0 0.5 0.5 0.5 0.2\n" * 3, at="labels/b.txt")
    boxes, (problem,) = read(folder(tmp_path, "0 0.5 0.5 0.5 0.2"))
    assert boxes == [(WHOLE, "Rei")]
    assert "b.txt" in problem
