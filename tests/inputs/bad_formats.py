"""More of what other tools write: COCO, YOLO, lists, face regions in XMP, and files beside pictures."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from core.datasets.coco import read_coco
from core.datasets.matching import Target, match_pictures
from core.datasets.sidecars import read_sidecars
from core.datasets.yolo import read_yolo
from core.imaging.metadata import picture_regions
from core.imaging.regions import Region, read_regions, regions_xmp
from tests.inputs.bad_annotations import BOX, GOOD, coco, listed, yolo
from tests.inputs.case import Case, Says, png, write

PNG = png()


def matched(file_name: str):
    """The place of the picture that a name means among pictures/Rei/a.jpg and pictures/B/b.jpg."""

    def act(folder: Path) -> Any:
        images = [{"id": 1, "file_name": file_name, "width": 100, "height": 80}]
        document = {"images": images, "annotations": [BOX], "categories": [{"id": 1, "name": "Rei"}]}
        pictures = read_coco(json.dumps(document).encode()).pictures
        targets = [Target(1, "pictures/Rei/a.jpg", 100, 80), Target(2, "pictures/B/b.jpg", 100, 80)]
        return [target.path for target in match_pictures(pictures, targets).values()]

    return act


TWO, ONE, UNNAMED = (["Rei", "Rei"], 0), (["Rei"], 1), (["Rei", ""], 1)
A = ["pictures/Rei/a.jpg"]
ANNOTATIONS = [
    ("COCO: ids as fractions", coco({"category_id": 1.0, "image_id": 1.0}), TWO),
    (
        "COCO: category 0",
        coco({"category_id": 0}, categories=[{"id": 0, "name": "Rei"}, {"id": 1, "name": "Rei"}]),
        TWO,
    ),
    ("COCO: RLE without a box", coco({"bbox": None, "segmentation": {"counts": [0, 9], "size": [80, 100]}}), ONE),
    ("COCO: boxes without ids", coco(annotations=[{"image_id": 1, "category_id": 1, "bbox": [1, 2, 3, 4]}] * 2), TWO),
    (
        "COCO: shares in place of pixels",
        coco(annotations=[BOX | {"bbox": [0.1, 0.2, 0.3, 0.4]}] * 2),
        (["Rei", "Rei"], 1),
    ),
    (
        "COCO: an image twice",
        coco(images=[{"id": 1, "file_name": "a.jpg"}, {"id": 1, "file_name": "b.jpg"}]),
        Says("twice|two images|same id"),
    ),
    (
        "COCO: a file name twice",
        coco({"image_id": 2}, images=[{"id": 1, "file_name": "a.jpg"}, {"id": 2, "file_name": "a.jpg"}]),
        TWO,
    ),
    ("COCO: categories as names", coco(categories=["Rei"]), (["", ""], 3)),
    ("COCO: a number beyond all", coco({"bbox": [0, 0, 10**400, 1]}), ONE),
    ("COCO: truth in place of numbers", coco({"bbox": [True, True, True, True]}), ONE),
    ("COCO: JSON lines", lambda f: read_coco(b'{"images": []}\n{"images": []}\n'), Says("it is no JSON")),
    ("COCO: a path of another machine", matched("/home/me/set/a.jpg"), A),
    ("COCO: a path of Windows", matched("C:\\Users\\me\\a.jpg"), A),
    ("COCO: an address", matched("https://example.org/p/a.jpg?w=9"), A),
    ("COCO: a name of dots", matched("../../../a.jpg"), A),
    ("YOLO: names in quotes", yolo(GOOD, names="names: ['Rei', \"Asuka\"]"), (["Rei"], 0)),
    ("YOLO: names by quoted numbers", yolo(GOOD, names='names: {"0": "Rei"}'), (["Rei"], 0)),
    ("YOLO: names from 1 on", yolo("1 0.5 0.5 0.2 0.2", names="names: {1: Rei, 2: Asuka}"), (["Rei"], 0)),
    ("YOLO: names in one line", yolo(GOOD, names="names: Rei, Asuka"), ([""], 1)),
    ("YOLO: names that are maps", yolo(GOOD, names="names:\n  0: {name: Rei}\n"), ([""], 0)),
    ("YOLO: names by words", yolo(GOOD, names="names: {Rei: 0}"), Says("not numbered")),
    ("YOLO: a class below 0", yolo("-1 0.5 0.5 0.2 0.2"), ([""], 1)),
    ("YOLO: a turned box", yolo("0 0.4 0.4 0.6 0.4 0.6 0.6 0.4 0.6"), (["Rei"], 0)),
    ("YOLO: percent", yolo("0 50 50 20 20\n0 10 10 5 5"), Says("pixels or percent")),
    ("YOLO: UTF-16", lambda f: _yolo_bytes(f, GOOD.encode("utf-16")), (["Rei"], 0)),
    ("YOLO: NUL", lambda f: _yolo_bytes(f, GOOD.encode() + b"\0\0"), Says("None of the 1 boxes")),
    ("YOLO: a picture in labels", lambda f: _yolo_bytes(f, PNG), Says("None of the|no label|cannot be read")),
    ("YOLO: data.yaml with tabs", yolo(GOOD, names="names:\n\t0: Rei\n"), Says("data.yaml cannot be read as YAML")),
    ("YOLO: data.yaml is a folder", lambda f: _yolo_folder(f), Says("data.yaml cannot be read: Is a directory")),
    ("YOLO: data.yaml is a pipe", lambda f: _yolo_folder(f, pipe=True), Says("data.yaml is a pipe")),
    ("YOLO: a million classes", yolo(GOOD, names="names: {1000000: Rei}"), Says("numbered from")),
    (
        "list: Shift-JIS with semicolons",
        listed("名前;作品\n綾波レイ;エヴァ\n".encode("shift_jis")),
        [("綾波レイ", "エヴァ")],
    ),
    (
        "list: UTF-16 without a mark",
        listed("Rei\tEva\nAsuka\tEva\n".encode("utf-16-le")),
        [("Rei", "Eva"), ("Asuka", "Eva")],
    ),
    ("list: lines of an old Mac", listed(b"Rei\rAsuka\r"), [("Rei", ""), ("Asuka", "")]),
    ("list: CRLF and tabs", listed(b"name\tseries\r\nRei\tEva\r\n"), [("Rei", "Eva")]),
    ("list: only NUL", listed(bytes(40)), Says("empty")),
    ("list: Rei and rei", listed("Rei\nrei"), [("Rei", ""), ("rei", "")]),
    ("list: one column, commas in it", listed("name\nAyanami, Rei"), [("Ayanami, Rei", "")]),
    ("list: a name twice", listed("Rei\nRei"), [("Rei", "")]),
    ("list: a name that leaves", listed("../Rei"), [("../Rei", "")]),
    ("list: JSON", listed('[{"name": "Rei"}]'), Says("JSON")),
    ("list: a web page", listed("<!doctype html><html><table><tr><td>Rei</td></tr></table></html>"), Says("web page")),
    ("list: bullets", listed("- Rei\n- Asuka"), [("Rei", ""), ("Asuka", "")]),
    ("list: a column twice", listed("name,name\nRei,Asuka"), Says("twice")),
    ("list: a row with more cells", listed("name,series\nRei,Eva,more,and more"), Says("Line 2")),
]


def _yolo_bytes(folder: Path, data: bytes) -> Any:
    found = read_yolo(write(folder, {"labels/a.txt": data, "data.yaml": "names: [Rei]"}))
    return [named.name for one in found.pictures for named in one.boxes], len(found.problems)


def _yolo_folder(folder: Path, pipe: bool = False) -> Any:
    write(folder, {"labels/a.txt": GOOD, ("pipe:data.yaml" if pipe else "data.yaml/"): b""})
    return read_yolo(folder)


def regions(xmp: bytes | str):
    return lambda folder: [one.name for one in read_regions(xmp.encode() if isinstance(xmp, str) else xmp, 100, 80)]


XMP = regions_xmp([Region(0.5, 0.5, 0.2, 0.2, "Rei")], 100, 80).decode()
DEEP = "<a>" * 200_000
BESIDE = [
    ("XMP: as it should be", regions(XMP), ["Rei"]),
    ("XMP: broken", regions(XMP[:-60]), []),
    ("XMP: a bomb", regions('<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><x>&b;</x>'), []),
    ("XMP: deep", regions(DEEP), []),
    ("XMP: in UTF-16", regions(XMP.replace("\ufeff", "").encode("utf-16")), ["Rei"]),
    ("XMP: NaN", regions(XMP.replace('stArea:x="0.500000"', 'stArea:x="nan"')), []),
    ("XMP: a negative size", regions(XMP.replace('stArea:w="0.200000"', 'stArea:w="-1"')), []),
    ("XMP: numbers with a comma", regions(XMP.replace('stArea:x="0.500000"', 'stArea:x="0,5"')), []),
    ("XMP: a name of control signs", regions(XMP.replace('Name="Rei"', 'Name="R&#x9;ei&#xA;"')), ["R ei"]),
    ("XMP: another namespace", regions(XMP.replace("metadataworkinggroup", "example")), []),
    ("sidecar: deep", lambda f: read_sidecars([("a.json", b"[" * 200_000)]).tags, ()),
    ("sidecar: deep objects", lambda f: read_sidecars([("a.json", b'{"a":' * 100_000)]).tags, ()),
    ("sidecar: null", lambda f: read_sidecars([("a.json", b"null")]).tags, ()),
    (
        "sidecar: NaN and truth",
        lambda f: (
            read_sidecars([("a.json", b'{"tags": NaN, "rating": true, "author": [], "id": -1, "category": 7}')]).tags
        ),
        (),
    ),
    (
        "sidecar: lists of lists",
        lambda f: read_sidecars([("a.json", b'{"tags": [["a"], {"name": ["b"]}, null, 3, "rei"]}')]).tags,
        ("rei",),
    ),
    (
        "sidecar: bytes",
        lambda f: read_sidecars([("a.json", bytes(range(256))), ("a.txt", bytes(range(256)))]).author == "",
        True,
    ),
    ("sidecar: large", lambda f: read_sidecars([("a.json", b'{"tags": "' + b"x " * 20_000_000 + b'"}')]).tags, ()),
    ("regions of a broken picture", lambda f: picture_regions(PNG[:40]), []),
]

CASES = [Case(name, act, wanted) for name, act, wanted in (*ANNOTATIONS, *BESIDE)]
