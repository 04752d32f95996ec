"""Folders and archives as people and machines leave them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from core.collect.importing import preview_import
from tests.inputs.case import Case, Says, plain_zip, png, raw_zip, write

PNG = png()


def folder(*paths: str, **more: bytes):
    """Pictures of each character in a folder with these pictures, as an import would take them in."""

    def act(place: Path) -> Any:
        files: dict[str, bytes | str] = dict.fromkeys(paths, PNG)
        return found(write(place / "in", files | more))

    return act


def archive(names: list[str], page: str = "utf-8", *, flags: int = 0, data: bytes = PNG):
    """The same of a zip whose names are in a code page."""
    entries = {name.encode(page): data for name in names}
    return lambda place: found(raw_zip(place / "in.zip", entries, flags=flags))


def file(name: str, data: bytes):
    return lambda place: found(write(place, {name: data}) / name)


def found(path: Path) -> Any:
    preview = preview_import(path)
    return preview.question or preview.characters


def question(*paths: str, words: str) -> Case:
    def act(place: Path) -> bool:
        return words in str(folder(*paths)(place))

    return Case(f"layout: {words}", act, True)


def left_out(name: str, data: bytes):
    """Why a file beside a picture is left out; () where it is passed over."""

    def act(place: Path) -> tuple[str, ...]:
        preview = preview_import(write(place, {"Rei/1.png": PNG, f"Rei/{name}": data}))
        assert preview.characters == {"Rei": 1}
        return tuple(one.reason.split(".")[0] for one in preview.left_out)

    return act


def linked(place: Path) -> Any:
    """A folder with links in a circle, to the whole disk and to a picture."""
    write(place / "in", {"Rei/1.png": PNG, "pipe:Rei/pipe.png": b""})
    (place / "in" / "Rei" / "circle").symlink_to(place / "in")
    (place / "in" / "disk").symlink_to("/")
    (place / "in" / "Rei" / "2.png").symlink_to(place / "in" / "Rei" / "1.png")
    (place / "in" / "Rei" / "3.png").symlink_to("/dev/zero")
    return found(place / "in")


REI, BOTH = {"Rei": 1}, {"Asuka": 1, "Rei": 1}
SYSTEM = [
    *("@eaDir/1.png/SYNOPHOTO_THUMB_M.jpg", ".ipynb_checkpoints/1-checkpoint.png", "Thumbs.db", "._1.png"),
    *("desktop.ini", ".DS_Store", "@Recycle/1.png", "SYNOPHOTO_THUMB_XL.jpg"),
]
TOPS = [
    "#recycle/2.png",
    "$RECYCLE.BIN/x.png",
    "lost+found/y.png",
    "__MACOSX/Rei/1.png",
    "System Volume Information/z.png",
]

CASES = [
    *(Case(f"system file: {name}", folder("Rei/1.png", f"Rei/{name}"), REI) for name in SYSTEM),
    *(Case(f"system folder: {name}", folder("Rei/1.png", name), REI) for name in TOPS),
    Case("system files in a zip", archive(["Rei/1.png", "__MACOSX/Rei/._1.png", "@eaDir/2.png"]), REI),
    Case("links, pipes and devices", linked, {"Rei": 2}),
    Case("split", folder("train/Rei/1.png", "valid/Asuka/1.png"), BOTH),
    Case("split in a folder", folder("set/Train/Rei/1.png", "set/Test/Asuka/1.png"), BOTH),
    Case("wrapped", folder("anime-faces/Rei/1.png", "anime-faces/Asuka/1.png"), BOTH),
    Case("wrapped twice", folder("a/b/Rei/1.png", "a/b/Asuka/1.png"), BOTH),
    Case("loose", folder("Rei/1.png", "2.png"), REI),
    Case("deep", folder("Rei/2020/1.png", "Asuka/x/y/1.png"), BOTH),
    Case("case", folder("Rei/1.png", "rei/1.png"), {"Rei": 1, "rei": 1}),
    Case("signs", folder("♀/1.png", "♂/1.png", "A/1.png", "A!/1.png"), {"A": 1, "A!": 1, "♀": 1, "♂": 1}),
    Case("two forms of Unicode", folder("Zoe\u0308/1.png", "Zo\u00eb/2.png"), {"Zoë": 2}),
    Case("an invisible sign", folder("Rei\u200b/1.png", "Rei/2.png"), {"Rei": 2}),
    question("train/1.png", "test/2.png", words="without a folder for each character"),
    question("images/1.png", words="hardly a character's name"),
    question("train/Rei/1.png", "train/B/1.png", "Misato/1.png", words="either may be the characters"),
    question("1.png", "2.png", words="has no folder for each character"),
    Case(
        "an empty folder",
        folder(
            "x/",
        ),
        Says("holds no picture"),
    ),
    Case("no such folder", lambda place: found(place / "nowhere"), Says("does not exist")),
    Case("a folder of text", file("in/Rei/a.txt", b"hello"), Says("does not exist|cannot be opened|not a zip")),
    Case("captions", left_out("1.txt", b"1girl, solo"), ()),
    Case("metadata", left_out("1.png.json", b"{}"), ()),
    Case("captions in another encoding", left_out("1.caption", "綾波".encode("cp932")), ()),
    Case("a video beside", left_out("a.mp4", b"\0\0\0\x20ftypisom" + bytes(90)), ("It is a video",)),
    Case("JPEG XL beside", left_out("a.jpg", b"\xff\x0a" + bytes(90)), ("It is JPEG XL",)),
    Case("a page called .png", left_out("a.png", b"<!doctype html>"), ("It is a web page",)),
    Case("an empty .png", left_out("a.png", b""), ("It is empty",)),
    Case("a zip beside", left_out("a.zip", b"PK\x03\x04" + bytes(90)), ("It is a zip",)),
    Case("cp932", archive(["綾波レイ/1.png", "ソフィー/1.png"], "cp932"), {"ソフィー": 1, "綾波レイ": 1}),
    Case("GBK", archive(["绫波丽/1.png", "明日香/1.png"], "gbk"), {"明日香": 1, "绫波丽": 1}),
    Case("cp949", archive(["아스카/1.png"], "cp949"), {"아스카": 1}),
    Case("Big5", archive(["綾波零/1.png", "漩渦鳴人/1.png"], "big5"), {"漩渦鳴人": 1, "綾波零": 1}),
    Case("cp437", archive(["Zoë/1.png"], "cp437"), {"Zoë": 1}),
    Case("EUC-JP", archive(["綾波レイ/1.png", "ソフィー/1.png"], "euc_jp"), {"ソフィー": 1, "綾波レイ": 1}),
    Case("cp850", archive(["João/1.png", "Søren/1.png"], "cp850"), {"João": 1, "Søren": 1}),
    Case("decomposed UTF-8", archive(["カ\u3099カ\u3099カ\u3099/1.png"]), {"ガガガ": 1}),
    Case("UTF-8 with its flag", archive(["綾波/1.png"], flags=0x800), {"綾波": 1}),
    Case("backslashes", archive(["Rei\\1.png", "Asuka\\1.png"]), BOTH),
    Case("backslash in cp932", archive(["表\\ソ.png"], "cp932"), {"表": 1}),
    Case("locked", archive(["Rei/1.png"], flags=1), Says("locked with a password. Unpack it")),
    Case("a path that leaves", archive(["../Rei/1.png"]), Says("leads outside")),
    Case("an absolute path", archive(["/etc/1.png"]), Says("leads outside")),
    Case("a drive", archive(["C:\\Rei\\1.png"]), Says("leads outside")),
    Case("7z", file("a.zip", b"7z\xbc\xaf\x27\x1c" + bytes(90)), Says("is a 7z archive.*Unpack it")),
    Case("RAR", file("a.zip", b"Rar!\x1a\x07\x01\0" + bytes(90)), Says("is a RAR archive")),
    Case("tar.gz", file("a.tgz", b"\x1f\x8b\x08" + bytes(90)), Says("is a compressed archive")),
    Case("tar", file("a.tar", bytes(257) + b"ustar\0" + bytes(300)), Says("is a tar archive")),
    Case("a picture as zip", file("a.png", PNG), Says("is PNG, not a zip")),
    Case("half a zip", file("a.zip", b"PK\x03\x04" + bytes(90)), Says("cannot be opened as a zip")),
    Case("an empty file", file("a.zip", b""), Says("cannot be opened as a zip")),
    Case("text as zip", file("a.zip", b"hello"), Says("cannot be opened as a zip")),
    Case("an empty zip", lambda place: found(plain_zip(place / "a.zip", {})), Says("holds no picture")),
    Case(
        "a zip of text", lambda place: found(plain_zip(place / "a.zip", {"Rei/a.txt": b"x"})), Says("holds no picture")
    ),
    Case("a pipe as zip", lambda place: found(write(place, {"pipe:a.zip": b""}) / "a.zip"), Says("is a pipe")),
]
