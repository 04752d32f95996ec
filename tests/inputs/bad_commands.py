"""What people type: every command line ends in its result or in a sentence, never in a traceback."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.inputs.case import Case, Exits, cli, plain_zip, png, write


def command(*argv: str, files: dict[str, bytes | str] | None = None, first: tuple[str, ...] = ()):
    """A command in a folder with files; `{}` in a word is the folder. `first` is run before it."""

    def act(folder: Path) -> Any:
        write(folder, {"data/": b"", **(files or {})})
        for words in (first, argv):
            if words:
                answer = cli(folder, *(word.replace("{}", str(folder)) for word in words))
        return answer

    return act


CAST: dict[str, bytes | str] = {f"in/{name}/{n}.png": png(hash_) for name, n, hash_ in
                                (("Rei", 1, 1), ("Rei", 2, 2), ("Asuka", 1, 3))}  # fmt: skip
W = ("--workspace", "w")
IMPORT = ("import", "{}/in", "--kind", "faces", *W)
READY: dict[str, Any] = {"files": CAST, "first": IMPORT}

ROWS = [
    ("a dry run", command(*IMPORT, "--dry-run", files=CAST), Exits(0, "3 pictures of 2 characters. Nothing was")),
    ("an empty path", command("import", "", "--kind", "faces", *W), Exits(2, "empty")),
    ("no such folder", command("import", "{}/no", "--kind", "faces", *W), Exits(1, "does not exist")),
    ("no kind", command("import", "{}/in", *W, files=CAST), Exits(2, "--kind")),
    ("a wrong kind", command("import", "{}/in", "--kind", "x", *W, files=CAST), Exits(2, "choice")),
    ("a workspace that leaves", command("import", "{}/in", "--kind", "faces", "--workspace", "../x", files=CAST),
     Exits(1, "cannot be a workspace's name")),
    ("no workspace", command("status", "--workspace", "nobody"), Exits(1, "no workspace 'nobody'")),
    ("limit 0", command(*IMPORT, "--limit", "0", files=CAST), Exits(2, "1")),
    ("limit of text", command(*IMPORT, "--limit", "many", files=CAST), Exits(2, "many")),
    ("a huge limit", command("balance", *W, "--per-character", "1" + "0" * 9, **READY), Exits(2, "10,?000")),
    ("a share of 2", command("balance", *W, "--validation", "2", **READY), Exits(2, "validation")),
    ("a share of nan", command("balance", *W, "--validation", "nan", **READY), Exits(2, "validation")),
    ("a negative seed", command("balance", *W, "--seed=-1", **READY), Exits(2, "seed")),
    ("strangers of everybody", command("balance", *W, "--strangers=-1", **READY), Exits(2, "strangers")),
    ("a preset that leaves", command("train", *W, "--set", "preset=../../x", **READY), Exits(2, "preset")),
    ("margin nan", command("train", *W, "--set", "margin=nan", **READY), Exits(2, "margin")),
    ("margin inf", command("train", *W, "--set", "margin=inf", **READY), Exits(2, "margin")),
    ("epochs of text", command("train", *W, "--set", "epochs=many", **READY), Exits(2, "epochs")),
    ("a huge size", command("train", *W, "--set", "image_size=1000000", **READY), Exits(2, "image_size")),
    ("no such setting", command("train", *W, "--set", "colour=1", **READY), Exits(2, "colour")),
    ("a setting without value", command("train", *W, "--set", "epochs", **READY), Exits(2, "NAME=VALUE")),
    ("a run that leaves", command("train", *W, "--resume", "../../etc", **READY), Exits(1, "")),
    ("a far of 2", command("recognise", "{}/in", *W, "--far", "2", **READY), Exits(2, "far")),
    ("a far of nan", command("recognise", "{}/in", *W, "--far", "nan", **READY), Exits(2, "far")),
    ("a score of 7", command("detect", "{}/in", "--min-score", "7", files=CAST), Exits(2, "score")),
    ("no such picture", command("detect", "{}/no.png"), Exits(1, "does not exist")),
    ("no such detector", command("detect", "{}/in", "--detector", "best", files=CAST), Exits(1, "no detector 'best'")),
    ("a folder of nothing", command("detect", "{}/data"), Exits(1, "no picture in")),
    ("a table in a file", command("recognise", "{}/in", *W, "--csv", "{}/in/Rei/1.png/x.csv", **READY),
     Exits(1, "cannot be written")),
    ("a table that is a folder", command("recognise", "{}/in", *W, "--csv", "{}/in", **READY),
     Exits(1, "is a folder")),
    ("boxes from nowhere", command("crop", *W, "--import-boxes", "{}/no.json", **READY), Exits(1, "no.json")),
    ("boxes from a picture", command("crop", *W, "--import-boxes", "{}/in/Rei/1.png", **READY),
     Exits(1, "not a COCO file")),
    ("boxes from a folder", command("crop", *W, "--import-boxes", "{}/data/w/faces", **READY),
     Exits(1, "has face regions")),
    ("two review options", command("crop", *W, "--review-list", "--keep", "1", **READY), Exits(2, "together")),
    ("no such face", command("crop", *W, "--keep", "99", **READY), Exits(1, "no face 99")),
    ("face 0", command("crop", *W, "--keep", "0", **READY), Exits(2, "0")),
    ("a list from nowhere", command("collect", *W, "--source", "drawn", "--characters-from", "{}/no.csv"),
     Exits(1, "no.csv cannot be read")),
    ("a list that is a folder", command("collect", *W, "--source", "drawn", "--characters-from", "{}/data"),
     Exits(1, "data")),
    ("no such source", command("collect", *W, "--source", "gogle", "--character", "Rei"),
     Exits(1, "no source 'gogle'")),
    ("a name of nothing", command("collect", *W, "--source", "drawn", "--character", " "),
     Exits(2, "name is needed")),
    ("a name without an end", command("collect", *W, "--source", "drawn", "--character", "x" * 5000),
     Exits(1, "at most 200")),
    ("an encoder of nothing", command("evaluate", "--faces", "{}/in", "--encoder", "{}/no.safetensors", files=CAST),
     Exits(1, "does not exist")),
    ("an encoder that is none", command("evaluate", "--faces", "{}/in", "--encoder", "{}/in/Rei/1.png", files=CAST),
     Exits(1, "not an encoder's file")),
    ("an export into a file", command("export", "--encoder", "random", "--out", "{}/in/Rei/1.png/x.onnx", files=CAST),
     Exits(1, "cannot be written")),
    ("a map into a folder", command("map", *W, "--out", "{}/in", **READY), Exits(1, "folder")),
    ("a map of no method", command("map", *W, "--out", "{}/x.html", "--method", "x", **READY), Exits(2, "choice")),
    ("a map of 9 dimensions", command("map", *W, "--out", "{}/x.html", "--dimensions", "9", **READY),
     Exits(2, "dimensions")),
    ("nothing to undo", command("undo", *W, **READY), Exits(0, "")),
    ("an unknown command", command("conquer"), Exits(2, "conquer")),
    ("an option as command", command("--help-me"), Exits(2, "usage")),
]  # fmt: skip


CASES = [Case(f"command: {name}", act, wanted) for name, act, wanted in ROWS]


def _zip(folder: Path) -> Any:
    plain_zip(folder / "in.zip", {"Rei/1.png": png(), "Rei/a.txt": b"x"})
    return cli(folder, "import", str(folder / "in.zip"), "--kind", "faces", *W, "--json")


CASES.append(Case("command: a zip as JSON", _zip, Exits(0, '"kept": 1')))
