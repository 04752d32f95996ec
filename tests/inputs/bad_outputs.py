"""Results that would be written over something, and edits of what is not there."""

from __future__ import annotations

from tests.inputs.bad_commands import CAST, IMPORT, READY, W, command
from tests.inputs.bad_places import prepared
from tests.inputs.case import Case, Exits, write

WRITTEN = [
    (
        "sorted into what is asked about",
        command("recognise", "{}/in", *W, "--sort-into", "{}/in", "--copy", **READY),
        Exits(1, "lies in .* Name another folder"),
    ),
    (
        "sorted into the workspace",
        command("recognise", "{}/in", *W, "--sort-into", "{}/data/w/faces", "--copy", **READY),
        Exits(1, "belongs to the workspace w"),
    ),
    (
        "annotated into the workspace",
        command("recognise", "{}/in", *W, "--annotate", "{}/data/w/pictures", **READY),
        Exits(1, "belongs to the workspace w"),
    ),
    (
        "a table over the catalogue",
        command("recognise", "{}/in", *W, "--csv", "{}/data/w/catalogue.db", **READY),
        Exits(1, "belongs to the workspace w"),
    ),
    (
        "a table over a picture that is asked about",
        command("recognise", "{}/in/Rei/1.png", *W, "--csv", "{}/in/Rei/1.png", **READY),
        Exits(1, "is asked about"),
    ),
    (
        "a map over the catalogue",
        command("map", *W, "--out", "{}/data/w/catalogue.db", **READY),
        Exits(1, "belongs to the workspace w"),
    ),
    (
        "boxes over the catalogue",
        command("crop", *W, "--export-boxes", "{}/data/w/catalogue.db", **READY),
        Exits(1, "belongs to the workspace w"),
    ),
    (
        "an export over files",
        command("export", *W, "--format", "imagefolder", "--out", "{}/in", **READY),
        Exits(1, "holds something already"),
    ),
    (
        "an export over a file",
        command("export", *W, "--format", "coco", "--out", "{}/in/Rei/1.png", **READY),
        Exits(1, "holds something already|folder"),
    ),
    (
        "an export below a file",
        command("export", *W, "--format", "coco", "--out", "{}/in/Rei/1.png/x", **READY),
        Exits(1, "is a file"),
    ),
    (
        "an export into the workspace",
        command("export", *W, "--format", "imagefolder", "--out", "{}/data/w/x", **READY),
        Exits(1, "where workspaces lie"),
    ),
    (
        "an export with a wrong ending",
        command("export", *W, "--format", "csv", "--out", "{}/x.txt", **READY),
        Exits(1, "does not end in"),
    ),
    ("a report at a folder", command("evaluate", *W, "--report", "{}/in", **READY), Exits(1, "is a folder")),
    (
        "faces that are a file",
        command("evaluate", "--faces", "{}/in/Rei/1.png", "--encoder", "random", files=CAST),
        Exits(1, "no folder for each"),
    ),
    ("a backup onto a folder", command("backup", *W, "--out", "{}/in", **READY), Exits(1, "is a folder")),
    (
        "a backup into a pipe",
        prepared("backup", *W, "--out", "{}/p.zip", change=lambda f: write(f, {"pipe:p.zip": b""})),
        Exits(1, "no ordinary file"),
    ),
    ("a map into a device", command("map", *W, "--out", "/dev/null", **READY), Exits(1, "no ordinary file")),
    (
        "a restore of text",
        command("restore", "{}/a.zip", "--workspace", "v", files={"a.zip": "hello"}),
        Exits(1, "zip"),
    ),
    (
        "a timeline of a picture",
        command("timeline", "{}/in/Rei/1.png", *W, "--out", "{}/t.json", **READY),
        Exits(1, ""),
    ),
    (
        "a timeline with a wrong ending",
        command("timeline", "{}/in/Rei/1.png", *W, "--out", "{}/t.txt", **READY),
        Exits(1, "json"),
    ),
    (
        "tokens in a pipe",
        command(
            "serve",
            *W,
            "--token-file",
            "{}/tokens",
            "--host",
            "0.0.0.0",
            files={**CAST, "pipe:tokens": b""},
            first=IMPORT,
        ),
        Exits(1, "pipe"),
    ),
    (
        "tokens in a picture",
        command("serve", *W, "--token-file", "{}/in/Rei/1.png", "--host", "0.0.0.0", **READY),
        Exits(1, "token file"),
    ),
    ("no tokens", command("serve", *W, "--host", "0.0.0.0", **READY), Exits(1, "token")),
]
NAMED = [
    ("a group that is not there", command("characters", *W, "--name-group", "g99", "Rei", **READY), Exits(1, "groups")),
    ("a group of nothing", command("characters", *W, "--name-group", " ", "Rei", **READY), Exits(2, "")),
    ("a group that leaves", command("characters", *W, "--name-group", "../../x", "Rei", **READY), Exits(1, "groups")),
    ("a rename to nothing", command("characters", *W, "--rename", "Rei", " ", **READY), Exits(2, "")),
    ("a rename to another", command("characters", *W, "--rename", "Rei", "Asuka", **READY), Exits(1, "Merge the two")),
    ("a merge with itself", command("characters", *W, "--merge", "Rei", "Rei", **READY), Exits(1, "")),
    (
        "a split of nobody's face",
        command("characters", *W, "--split", "Rei", "999", "--into", "B", **READY),
        Exits(1, "999"),
    ),
    (
        "a split of another's face",
        command("characters", *W, "--split", "Rei", "1", "2", "3", "--into", "B", **READY),
        Exits(1, ""),
    ),
    ("an id without end", command("characters", *W, "--split", "Rei", "9" * 40, "--into", "B", **READY), Exits(1, "")),
    (
        "a name in another case",
        command("characters", *W, "--delete", "REI", **READY),
        Exits(1, "no character 'REI'.*Rei"),
    ),
    ("a demo of nobody", command("demo", *W, "--characters", "0"), Exits(2, "characters")),
    ("a demo of a million", command("demo", *W, "--characters", "1000000"), Exits(2, "characters")),
]

CASES = [
    *(Case(f"written: {name}", act, wanted) for name, act, wanted in WRITTEN),
    *(Case(f"named: {name}", act, wanted) for name, act, wanted in NAMED),
]
