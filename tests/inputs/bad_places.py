"""What surrounds the work: settings, models, jobs and catalogues in every state in which they are found."""

from __future__ import annotations

import json
import os
import sqlite3
import struct
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
from safetensors.numpy import save

from core import jobs
from core.recognise.answer_table import COLUMNS, CSV, JSON_LINES, AnswerTable
from core.vision.encoder import load_encoder
from core.workspace.folders import Workspace
from tests.inputs.bad_commands import CAST, IMPORT, W, command
from tests.inputs.case import Case, Exits, Says, cli, png, said_by, write


def told(*argv: str, value: str, name: str):
    """A command with a WHOAMI_* variable set."""

    def act(folder: Path) -> Any:
        before = os.environ.get(name)
        os.environ[name] = value.replace("{}", str(folder))
        try:
            return command(*argv, files=CAST)(folder)
        finally:
            os.environ.pop(name) if before is None else os.environ.__setitem__(name, before)

    return act


def prepared(*argv: str, change: Callable[[Path], object]):
    """A command on a workspace that something was done to; `change` gets the folder."""

    def act(folder: Path) -> Any:
        command(*IMPORT, files=CAST)(folder)
        change(folder)
        return cli(folder, *(word.replace("{}", str(folder)) for word in argv))

    return act


def catalogue(sql: str):
    def change(folder: Path) -> None:
        with closing(sqlite3.connect(folder / "data/w/catalogue.db")) as db:
            db.executescript(sql)

    return change


def replaced(path: str, data: bytes | str):
    """A file of the workspace replaced by bytes, a folder (path ends in /) or a pipe."""

    def change(folder: Path) -> None:
        place = folder / path.removeprefix("pipe:").rstrip("/")
        if place.is_file():
            place.unlink()
        write(folder, {path: data})

    return change


def weights(spec: dict[str, Any] | str, **tensors: np.ndarray) -> bytes:
    return save(tensors, {"spec": spec if isinstance(spec, str) else json.dumps(spec)})


def encoder(data: bytes):
    def act(folder: Path) -> Any:
        write(folder, {"e.safetensors": data})
        return load_encoder(folder / "e.safetensors").embed([np.zeros((64, 64, 3), np.uint8)]).shape

    return act


def job(**files: bytes | str):
    """The states and sentences of a job with these files, and that they are told quickly."""

    def act(folder: Path) -> Any:
        about = {"step": "train", "arguments": [], "started": "2026", "pid": 0}
        names = {name.replace("_", "."): data for name, data in files.items()}
        write(folder / "w" / "jobs" / "1", {"job.json": json.dumps(about), **names})
        found = jobs.jobs(Workspace("w", folder / "w", folder / "m"))
        for one in found:
            str(one.progress and one.progress.as_text() if hasattr(one.progress, "as_text") else one.progress)
        return [one.state for one in found]

    return act


def pid(value: str) -> str:
    return f'{{"step": "train", "arguments": [], "started": "x", "born": "1", "pid": {value}}}'


def resumed(kind: str, data: bytes):
    """What was done already, by a table that another run left."""

    def act(folder: Path) -> Any:
        write(folder, {"a": data})
        with AnswerTable(folder / "a", kind, resume=True) as table:
            return sorted(table.done)

    return act


HEAD = ",".join(COLUMNS).encode()
ROW = b"a.jpg,unknown,,0.10,why,,,1,2,3,4,0.01,run-1,1,1\n"
GOOD = {"architecture": "small", "size": 32, "dim": 2, "width": 4}

SETTINGS = [
    (
        "a limit that is no number",
        told("status", *W, name="WHOAMI_MAX_PICTURE_PIXELS", value="many"),
        Exits(1, "max_picture_pixels.*Correct it"),
    ),
    ("a limit below 0", told(*IMPORT, name="WHOAMI_MAX_PICTURE_PIXELS", value="-5"), Exits(1, "max_picture_pixels")),
    ("bytes of 0", told(*IMPORT, name="WHOAMI_MAX_PICTURE_BYTES", value="0"), Exits(1, "max_picture_bytes")),
    ("a pause that never ends", told(*IMPORT, name="WHOAMI_REQUEST_PAUSE", value="inf"), Exits(1, "request_pause")),
    ("a pause that is no number", told(*IMPORT, name="WHOAMI_REQUEST_PAUSE", value="nan"), Exits(1, "request_pause")),
    (
        "a plugin that is not there",
        told("status", *W, name="WHOAMI_PLUGINS", value="no.such.module"),
        Exits(1, "no.such.module"),
    ),
    ("models in a file", told("train", *W, name="WHOAMI_MODELS_DIR", value="{}/in/Rei/1.png"), Exits(1, "")),
    ("data in a file", lambda folder: _data_in_a_file(folder), Exits(1, "1.png")),
]


def _data_in_a_file(folder: Path) -> Any:
    write(folder, CAST)
    return said_by("import", str(folder / "in"), "--kind", "faces", *W, "--data-dir", str(folder / "in/Rei/1.png"))


CATALOGUES = [
    (
        "of a newer version",
        prepared("status", *W, change=catalogue("PRAGMA user_version = 99")),
        Exits(1, "newer version .*Update the app"),
    ),
    ("of version -1", prepared("status", *W, change=catalogue("PRAGMA user_version = -1")), Exits(1, "catalogue")),
    ("without its tables", prepared("status", *W, change=catalogue("DROP TABLE faces")), Exits(1, "[Rr]estore")),
    (
        "of another program",
        prepared(
            "status",
            *W,
            change=lambda f: (replaced("data/w/catalogue.db", b"")(f), catalogue("CREATE TABLE notes (id)")(f)),
        ),
        Exits(1, "catalogue|another program"),
    ),
    (
        "a folder",
        prepared("status", *W, change=replaced("data/w/catalogue.db/", b"")),
        Exits(1, "catalogue.db is damaged or no catalogue"),
    ),
    (
        "a pipe",
        prepared("status", *W, change=replaced("pipe:data/w/catalogue.db", b"")),
        Exits(1, "catalogue is damaged"),
    ),
    ("text", prepared("doctor", *W, change=replaced("data/w/catalogue.db", "hello " * 300)), Exits(1, "[Rr]estore")),
    (
        "with paths that leave",
        prepared(
            "balance", *W, "--per-character", "4", change=catalogue("UPDATE faces SET path = '../../in/Rei/1.png'")
        ),
        Exits(1, "outside|doctor|sync"),
    ),
]
MODELS = [
    ("of junk", encoder(b"junk"), Says("not an encoder's file")),
    ("cut short", encoder(weights(GOOD, a=np.zeros(99, np.float32))[:-20]), Says("not an encoder's file")),
    ("without its layers", encoder(weights(GOOD, a=np.zeros(9, np.float32))), Says("not an encoder's file")),
    ("with a spec of text", encoder(weights("hello", a=np.zeros(9, np.float32))), Says("not an encoder's file")),
    ("with a spec that is a list", encoder(weights("[1]", a=np.zeros(9, np.float32))), Says("not an encoder's file")),
    (
        "with a size of text",
        encoder(weights(GOOD | {"size": "96"}, a=np.zeros(9, np.float32))),
        Says("not an encoder's file"),
    ),
    (
        "with a width of NaN",
        encoder(weights(GOOD | {"margin": float("nan")}, a=np.zeros(9, np.float32))),
        Says("margin|not an encoder's file"),
    ),
    (
        "with a mean of two",
        encoder(weights(GOOD | {"mean": [0.5, 0.5]}, a=np.zeros(9, np.float32))),
        Says("mean|not an encoder's file"),
    ),
    ("with a header that promises too much", encoder(struct.pack("<Q", 2**60) + b"{}"), Says("not an encoder's file")),
]
JOBS = [
    ("no JSON", job(job_json="{"), ["died"]),
    ("a list", job(job_json="[]"), ["died"]),
    ("an endless number", job(job_json=pid("1e999")), ["died"]),
    ("a number too large", job(job_json=pid("9" * 30)), ["died"]),
    ("bytes that are no text", job(job_json=b"\xff\xfe\x00{"), ["died"]),
    ("deep", job(job_json="[" * 100_000), ["died"]),
    (
        "progress of junk",
        job(job_json=pid("99999999"), progress_jsonl='null\n[1]\n{"stage": 1}\n{"n": "x"}\n'),
        ["died"],
    ),
    ("an end of junk", job(job_json=pid("1"), exit="[1]"), ["failed"]),
    ("an end that is deep", job(job_json=pid("1"), exit="[" * 100_000), ["failed"]),
    (
        "output that is deep",
        lambda folder: (
            job(job_json=pid("1"), exit='{"code": 0}', output_json="[" * 100_000)(folder),
            [j.output() for j in jobs.jobs(Workspace("w", folder / "w", folder / "m"))],
        )[1],
        [None],
    ),
]
TABLES = [
    ("a row of our own", resumed(CSV, HEAD + b"\n" + ROW), ["a.jpg"]),
    (
        "saved by a spreadsheet",
        resumed(CSV, b"\xef\xbb\xbf" + HEAD + b"\r\n" + ROW.replace(b"\n", b"\r\n")),
        Says("not written by"),
    ),
    ("semicolons", resumed(CSV, (HEAD + b"\n" + ROW).replace(b",", b";")), Says("not written by")),
    ("somebody's list", resumed(CSV, b"name,age\nRei,14\n"), Says("not written by")),
    ("somebody's picture", resumed(CSV, png()), Says("not written by")),
    ("somebody's text without a line end", resumed(CSV, b"my diary"), Says("not written by")),
    ("JSON that is a list", resumed(JSON_LINES, b"[1, 2]\n"), Says("does not hold answers")),
    ("JSON of another program", resumed(JSON_LINES, b'{"id": 1}\n'), Says("does not hold answers")),
    ("JSON whose picture is a number", resumed(JSON_LINES, b'{"picture": 5}\n'), Says("does not hold answers")),
    ("JSON in UTF-16", resumed(JSON_LINES, '{"picture": "a"}\n'.encode("utf-16")), Says("does not hold answers")),
    ("JSON without a line end", resumed(JSON_LINES, b'{"my": "notes"}'), Says("does not hold answers")),
    ("JSON that is deep", resumed(JSON_LINES, b"[" * 100_000 + b"\n"), Says("does not hold answers")),
    (
        "a list of pictures",
        resumed(JSON_LINES, json.dumps([{"picture": "a"}]).encode() + b"\n"),
        Says("does not hold answers"),
    ),
    ("rows with NUL", resumed(CSV, HEAD + b"\n" + ROW + b"\0\0\0\n"), ["a.jpg"]),
]
CASES = [
    *(Case(f"setting: {name}", act, wanted) for name, act, wanted in SETTINGS),
    *(Case(f"catalogue: {name}", act, wanted) for name, act, wanted in CATALOGUES),
    *(Case(f"model: {name}", act, wanted) for name, act, wanted in MODELS),
    *(Case(f"job: {name}", act, wanted) for name, act, wanted in JOBS),
    *(Case(f"table: {name}", act, wanted) for name, act, wanted in TABLES),
]
