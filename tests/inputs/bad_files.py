"""More of what people and machines leave: links, archives in archives, and pictures with odd metadata."""

from __future__ import annotations

import io
import os
import socket
import stat
import zipfile
from pathlib import Path
from typing import Any

from PIL import Image

from core.collect.importing import preview_import
from core.imaging.reading import read_picture
from tests.inputs.bad_commands import CAST, IMPORT, W, command
from tests.inputs.bad_pictures import exif, in_folder, middle, read
from tests.inputs.case import Case, Exits, Says, chunk, encoded, picture, png, write

PNG = png()
REI = {"Rei": 1}


def told(*names: str, make=lambda place: None, **files: bytes):
    """Characters that an import finds, and the paths of what it says that it left out."""

    def act(place: Path) -> Any:
        write(place / "in", {"Rei/1.png": PNG, **dict.fromkeys(names, PNG), **files})
        make(place)
        preview = preview_import(place / "in")
        return preview.characters, [one.path for one in preview.left_out]

    return act


def zipped(files: dict[str, bytes], **modes: int):
    def act(place: Path) -> Any:
        with zipfile.ZipFile(place / "a.zip", "w") as archive:
            for name, data in files.items():
                info = zipfile.ZipInfo(name)
                info.external_attr = ((stat.S_IFLNK | 0o777) if data.startswith((b"/", b"..")) else 0o644) << 16
                archive.writestr(info, data)
        preview = preview_import(place / "a.zip")
        return preview.characters, [one.path for one in preview.left_out]

    return act


def inner() -> bytes:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w") as archive:
        archive.writestr("Asuka/1.png", png(2))
    return sink.getvalue()


def outside(place: Path, *, folder: bool) -> None:
    write(place, {"elsewhere/Asuka/9.png": png(9)})
    if folder:
        (place / "in" / "Asuka").symlink_to(place / "elsewhere" / "Asuka")
    else:
        (place / "in" / "Rei" / "9.png").symlink_to(place / "elsewhere" / "Asuka" / "9.png")


def plugged(place: Path) -> None:
    with socket.socket(socket.AF_UNIX) as one:
        before = Path.cwd()
        os.chdir(place / "in" / "Rei")
        try:
            one.bind("s.png")
        finally:
            os.chdir(before)


def frames(form: str, *colours: str, **more: Any) -> bytes:
    made = [Image.new("RGB", (48, 48), colour) for colour in colours]
    made.append(Image.linear_gradient("L").resize((48, 48)).convert("RGB"))
    return encoded(made[0], form, save_all=True, append_images=made[1:], **more)


def tiff_exif(tag: int, kind: int, count: int, value: bytes) -> bytes:
    entry = tag.to_bytes(2, "big") + kind.to_bytes(2, "big") + count.to_bytes(4, "big") + value
    return exif(b"MM\0*\0\0\0\x08\0\x01" + entry + bytes(4))


IMPORTS = [
    ("a zip in a zip", zipped({"Rei/1.png": PNG, "more.zip": inner()}), (REI, ["more.zip"])),
    ("only a zip in a zip", zipped({"more.zip": inner()}), Says("more.zip|zip in")),
    (
        "links in a zip",
        zipped({"Rei/1.png": PNG, "Rei/2.png": b"/etc/passwd", "Rei/3.png": b"../../x.png"}),
        (REI, ["Rei/2.png", "Rei/3.png"]),
    ),
    ("a link to a picture elsewhere", told(make=lambda p: outside(p, folder=False)), ({"Rei": 2}, [])),
    ("a character's folder that is a link", told(make=lambda p: outside(p, folder=True)), (REI, ["Asuka"])),
    ("a folder called 1.png", told("Rei/2.png/3.png"), ({"Rei": 2}, [])),
    ("a socket", told(make=plugged), (REI, ["Rei/s.png"])),
    ("a pipe beside", lambda place: told(**{"pipe:Rei/p.png": b""})(place), (REI, ["Rei/p.png"])),
    ("a name of 250 bytes", told("Rei/" + "x" * 246 + ".png"), ({"Rei": 2}, [])),
    ("a folder's name with a line break", told("Re\ni/2.png"), ({"Re i": 1, "Rei": 1}, [])),
    (
        "unnamed: a picture",
        command("import", "{}/in/Rei/1.png", "--kind", "faces", "--unnamed", *W, files=CAST),
        Exits(1, "not a zip|a folder or a zip"),
    ),
    (
        "unnamed: text",
        command("import", "{}/a.txt", "--kind", "faces", "--unnamed", *W, files={"a.txt": "hello"}),
        Exits(1, "zip"),
    ),
    (
        "unnamed: a folder of text",
        command("import", "{}/in", "--kind", "faces", "--unnamed", *W, files={"in/a.txt": "hello"}),
        Exits(1, "no picture"),
    ),
    (
        "unnamed: characters' folders",
        command("import", "{}/in", "--kind", "faces", "--unnamed", *W, files=CAST),
        Exits(0, "nobody|without a character|unnamed"),
    ),
    (
        "faces of one pixel",
        command(*IMPORT, files={"in/Rei/1.png": encoded(Image.new("RGB", (1, 1)))}),
        Exits(1, "too small"),
    ),
    (
        "the workspace into itself",
        command("import", "{}/data/w/faces", "--kind", "faces", *W, files=CAST, first=IMPORT),
        Exits(1, "workspace"),
    ),
]


SQUARE = (48, 48, 3)
PICTURES = [
    ("WebP that moves", middle(frames("WEBP", "white", lossless=True)), (2, 2, 2)),
    ("PNG that moves", middle(frames("PNG", "white")), (2, 2, 2)),
    ("PNG that moves, cut", read(frames("PNG", "white", "red")[:-90]), SQUARE),
    ("WebP cut", read(encoded(picture(3, 200, 200), "WEBP")[:300]), Says("damaged")),
    ("PNG cut", read(encoded(picture(3, 200, 200))[:-2000]), Says("damaged")),
    ("30,000 x 1", read(encoded(Image.new("RGB", (30_000, 1)))), (1, 30_000, 3)),
    ("16 bits a colour", lambda folder: read_picture(_rgb16()).tolist()[0][0], [255, 128, 0]),
    ("EXIF turn as text", read(tiff_exif(0x0112, 2, 4, b"six\0")), (30, 48, 3)),
    ("EXIF turn as a fraction of 0", read(tiff_exif(0x0112, 5, 1, b"\0\0\0\x1a")), (30, 48, 3)),
    ("EXIF of two billion numbers", read(tiff_exif(0x0112, 3, 2**31, b"\0\0\0\x08")), (30, 48, 3)),
    ("EXIF that leads to itself", read(tiff_exif(0x8769, 4, 1, b"\0\0\0\x08")), (30, 48, 3)),
    ("an empty name", in_folder(lambda path: (path.parent / " .png").write_bytes(PNG)), Says("cannot be read")),
]


def _rgb16() -> bytes:
    import struct
    import zlib

    head = struct.pack(">IIBBBBB", 2, 1, 16, 2, 0, 0, 0)
    row = b"\0" + struct.pack(">HHH", 65_535, 32_896, 0) * 2
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(row)) + chunk(b"IEND", b"")


CASES = [
    *(Case(f"found: {name}", act, wanted) for name, act, wanted in IMPORTS),
    *(Case(f"picture: {name}", act, wanted) for name, act, wanted in PICTURES),
]
