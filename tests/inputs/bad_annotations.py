"""COCO and YOLO files of other tools, lists and tables."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from core.collect.characters import parse_list, read_list
from core.collect.source import SourceOptions
from core.collect.urls import open_source as open_urls
from core.datasets.coco import read_coco
from core.datasets.tables import guarded
from core.datasets.yolo import read_yolo
from tests.inputs.case import Case, Says, png, write

BOX = {"id": 1, "image_id": 1, "category_id": 1, "bbox": [10, 20, 30, 40]}
NAN = float("nan")


def coco(change: dict[str, Any] | None = None, *, encoding: str = "utf-8", **top: Any):
    """(names of the boxes read, number of problems) of a good annotation and a changed one."""
    document = {
        "images": [{"id": 1, "file_name": "a.jpg", "width": 100, "height": 80}],
        "annotations": [BOX, BOX | {"id": 2} | (change or {})],
        "categories": [{"id": 1, "name": "Rei"}],
    } | top

    def act(folder: Path) -> Any:
        found = read_coco(json.dumps(document).encode(encoding))
        return [named.name for one in found.pictures for named in one.boxes], len(found.problems)

    return act


def raw(data: bytes):
    return lambda folder: read_coco(data)


def yolo(lines: str, *, names: bytes | str = "names: [Rei, Asuka]", file: str = "data.yaml", at: str = "labels/a.txt"):
    """(names of the boxes read, number of problems) of a folder of labels."""

    def act(folder: Path) -> Any:
        found = read_yolo(write(folder, {at: lines, file: names}))
        return [named.name for one in found.pictures for named in one.boxes], len(found.problems)

    return act


def listed(data: bytes | str):
    """(name, series) of each character of a list."""
    return lambda folder: [(entry.name, entry.series) for entry in parse_list(data)]


def list_file(name: str, data: bytes):
    return lambda folder: read_list(write(folder, {name: data}) / name.removeprefix("pipe:"))


def addresses(data: bytes):
    def act(folder: Path) -> Any:
        return open_urls("urls", SourceOptions(path=write(folder, {"a.txt": data}) / "a.txt")).characters()

    return act


GOOD = "0 0.5 0.5 0.2 0.2"
TWO, ONE, UNNAMED = (["Rei", "Rei"], 0), (["Rei"], 1), (["Rei", ""], 1)
REI = (["Rei"], 0)

COCO = [
    ("UTF-16", coco(encoding="utf-16"), TWO),
    ("BOM", coco(encoding="utf-8-sig"), TWO),
    ("numbers as text", coco({"bbox": ["10", "20", "30", "40"]}), TWO),
    ("NaN", coco({"bbox": [NAN] * 4}), ONE),
    ("infinite", coco({"bbox": [0, 0, float("inf"), 1]}), ONE),
    ("no bbox", coco({"bbox": None}), ONE),
    ("three numbers", coco({"bbox": [1, 2, 3]}), ONE),
    ("negative size", coco({"bbox": [1, 2, -3, 4]}), ONE),
    ("words", coco({"bbox": ["a", "b", "c", "d"]}), ONE),
    ("a polygon", coco({"bbox": None, "segmentation": [[0, 0, 9, 0, 9, 9]]}), TWO),
    ("a flat polygon", coco({"bbox": None, "segmentation": [[0, 0, 9, 0, 5, 0]]}), ONE),
    ("no such image", coco({"image_id": 99}), ONE),
    ("image as text", coco({"image_id": "1"}), TWO),
    ("no such category", coco({"category_id": 99}), UNNAMED),
    ("category null", coco({"category_id": None}), UNNAMED),
    ("a list in place of an id", coco({"category_id": [1]}), UNNAMED),
    ("category without name", coco(categories=[{"id": 1, "name": None}]), (["", ""], 1)),
    ("category number", coco(categories=[{"id": 1, "name": 7}]), (["", ""], 1)),
    ("no categories", coco(categories=None), (["", ""], 2)),
    ("no annotations", coco(annotations=None), ([], 0)),
    ("images no list", coco(images={}), Says("images is no list")),
    ("no images", coco(images=[]), Says("lists no image")),
    ("no file names", coco(images=[{"id": 1}]), Says("Image 1 has no id or no file_name")),
    ("annotations of junk", coco(annotations=[1, "x", None, []]), Says("None of the 4 boxes")),
]
COCO += [
    ("empty", raw(b""), Says("it is no JSON")),
    ("a list", raw(b"[]"), Says("it is a list")),
    ("deep", raw(b"[" * 50_000), Says("it is no JSON")),
    ("a picture", raw(png()), Says("it is no JSON")),
    ("another format", raw(b'{"data": []}'), Says("without images")),
]
YOLO = [
    ("a score behind", yolo(f"{GOOD} 0.9"), REI),
    ("class as fraction", yolo("0.0 0.5 0.5 0.2 0.2"), REI),
    ("class by name", yolo("rei 0.5 0.5 0.2 0.2"), REI),
    ("commas", yolo("0,0.5,0.5,0.2,0.2"), REI),
    ("decimal commas", yolo("0 0,5 0,5 0,2 0,2"), REI),
    ("BOM and CRLF", yolo(f"\ufeff{GOOD}\r\n\r\n"), REI),
    ("polygon", yolo("0 0.1 0.1 0.3 0.1 0.3 0.3 0.1 0.3"), REI),
    ("no such class", yolo("99 0.5 0.5 0.2 0.2"), ([""], 1)),
    ("one bad line", yolo(f"{GOOD}\n0 0.5 nan 0.1 0.1"), ONE),
    ("a line too short", yolo(f"{GOOD}\n0 0.5 0.5 0.1"), ONE),
    ("a box outside", yolo(f"{GOOD}\n0 1.4 0.5 0.1 0.1"), ONE),
    ("pixels", yolo("0 344 212 108 110\n0 20 30 40 50"), Says(r"2 of 2 boxes are no shares.*pixels or percent\?")),
    ("four columns", yolo("0 0.5 0.5 0.1"), Says("None of the 1 boxes can be read. Line 1 of a.txt")),
    ("YAML with comments", yolo(GOOD, names="# set\nnames:\n  0: Rei  # blue\n  1: Asuka\n"), REI),
    ("YAML with BOM", yolo(GOOD, names="\ufeffnames: [Rei]"), REI),
    ("YAML without names", yolo(GOOD, names="nc: 1"), ([""], 1)),
    ("YAML of a bomb", yolo(GOOD, names="a: &a [x]\nb: &b [*a, *a]\nnames: [*b, *b]"), ([""], 0)),
    ("YAML broken", yolo(GOOD, names="names: [Rei"), Says("data.yaml cannot be read as YAML")),
    ("YAML with an object", yolo(GOOD, names="names: !!python/object/apply:os.system ['true']"), (["true"], 0)),
    ("classes in cp932", yolo(GOOD, names="綾波レイ\r\nアスカ".encode("cp932"), file="classes.txt"), (["綾波レイ"], 0)),
    ("train/labels", yolo(GOOD, at="train/labels/a.txt"), REI),
    ("no labels", yolo(GOOD, at="labels/a.md"), Says("holds no label files")),
]
LISTS = [
    ("semicolons", listed("name;series\nRei;Eva"), [("Rei", "Eva")]),
    ("tabs in UTF-16", listed("Rei\tEva\n".encode("utf-16")), [("Rei", "Eva")]),
    ("cp932", listed("綾波レイ,エヴァ\n".encode("cp932")), [("綾波レイ", "エヴァ")]),
    ("another header", listed("character,series\nRei,Eva"), [("Rei", "Eva")]),
    ("BOM", listed("\ufeffname\nRei"), [("Rei", "")]),
    ("quotes", listed('name,series\n"Ayanami, Rei",Eva'), [("Ayanami, Rei", "Eva")]),
    ("an open quote", listed('Rei "blue'), [('Rei "blue', "")]),
    ("sep=", listed("sep=;\nname;series\nRei;Eva"), [("Rei", "Eva")]),
    ("NUL", listed(b"Re\0i\n"), [("Rei", "")]),
    ("control signs", listed("Re\x07i\u200b\n"), [("Re i", "")]),
    ("empty", listed(""), Says("The list is empty")),
    ("only a header", listed("name,series\n"), Says("The list is empty")),
    ("an unknown column", listed("name,age\nRei,14"), Says("columns age are not known")),
    ("no name", listed("name,series\n,Eva"), Says("Line 2 of the list has no name")),
    ("too many wanted", listed("name,wanted\nRei,1000000000"), Says("up to 100,000")),
    ("less than none", listed("name,wanted\nRei,-1"), Says("write a whole number")),
    ("a name too long", listed("x" * 300), Says("a name of 300 characters")),
    ("too many lines", listed("x\n" * 10_001), Says("at most 10,000 are read")),
    ("a picture", list_file("a.csv", png()), Says("a.csv is PNG, not a list")),
    ("a spreadsheet", list_file("a.xlsx", b"PK\x03\x04" + bytes(90)), Says("is a zip, not a list.*Save it as CSV")),
    ("a pipe", list_file("pipe:a.csv", b""), Says("is a pipe")),
    ("addresses in cp932", addresses("[綾波レイ]\nhttp://a/1.jpg".encode("cp932")), ["綾波レイ"]),
    ("addresses in a picture", addresses(png()), Says("is PNG, not a list of addresses")),
    ("a formula", lambda folder: guarded("=HYPERLINK(1)"), "'=HYPERLINK(1)"),
    ("a formula after a tab", lambda folder: guarded("\t=1"), "'\t=1"),
]

CASES = [
    *(Case(f"COCO: {name}", act, wanted) for name, act, wanted in COCO),
    *(Case(f"YOLO: {name}", act, wanted) for name, act, wanted in YOLO),
    *(Case(f"list: {name}", act, wanted) for name, act, wanted in LISTS),
]
