"""What a bad input is: how it is tried in a folder of its own, and what must come of it."""

from __future__ import annotations

import io
import os
import struct
import zipfile
import zlib
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from core.cli import main


@dataclass(frozen=True)
class Says:
    """A WhoAmIError whose sentence matches."""

    words: str


@dataclass(frozen=True)
class Exits:
    """The command line's exit code, and what its words match."""

    code: int
    words: str


@dataclass(frozen=True)
class Case:
    """`act` is given an empty folder; what it returns is compared with `wanted`."""

    name: str
    act: Callable[[Path], Any]
    wanted: Any


def cli(folder: Path, *argv: str) -> tuple[int, str]:
    """Exit code and everything that a command said, its workspaces in the folder."""
    return said_by(argv[0], "--data-dir", str(folder / "data"), *argv[1:])


def said_by(*argv: str) -> tuple[int, str]:
    """Exit code and everything that a command line said."""
    said = io.StringIO()
    with redirect_stdout(said), redirect_stderr(said):
        try:
            code = main(list(argv))
        except SystemExit as stop:
            code = int(stop.code or 0)
    return code, said.getvalue()


def picture(seed: int, width: int = 48, height: int = 48) -> Image.Image:
    """A picture unlike those of other seeds."""
    small = np.random.default_rng(seed).integers(0, 256, (6, 6, 3), dtype=np.uint8)
    return Image.fromarray(small).resize((width, height), Image.Resampling.BICUBIC)


def encoded(image: Image.Image, form: str = "PNG", **options: Any) -> bytes:
    sink = io.BytesIO()
    image.save(sink, form, **options)
    return sink.getvalue()


def png(seed: int = 0) -> bytes:
    return encoded(picture(seed))


def chunk(kind: bytes, data: bytes) -> bytes:
    """A chunk of a PNG."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


@cache
def huge(size: int = 80_000_000) -> bytes:
    """So many zeros, compressed: a third of a megabyte for 80, quickly rather than well."""
    return zlib.compress(bytes(size), 1)


def write(folder: Path, files: dict[str, bytes | str]) -> Path:
    """Files below a folder; a name that ends in / is an empty folder, `pipe:` in front makes a named pipe."""
    for name, data in files.items():
        path = folder / name.removeprefix("pipe:")
        path.parent.mkdir(parents=True, exist_ok=True)
        if name.startswith("pipe:"):
            os.mkfifo(path)
        elif name.endswith("/"):
            path.mkdir(exist_ok=True)
        else:
            path.write_bytes(data.encode() if isinstance(data, str) else data)
    return folder


def raw_zip(path: Path, names: dict[bytes, bytes], *, flags: int = 0) -> Path:
    """A zip with names byte by byte, stored."""
    body, directory = b"", b""
    for name, data in names.items():
        about = struct.pack("<IIIHH", zlib.crc32(data), len(data), len(data), len(name), 0)
        head = struct.pack("<HHHHH", 20, flags, 0, 0, 0x21)
        place = struct.pack("<HHHII", 0, 0, 0, 0, len(body))
        directory += b"PK\x01\x02" + struct.pack("<H", 20) + head + about + place + name
        body += b"PK\x03\x04" + head + about + name + data
    end = struct.pack("<HHHHIIH", 0, 0, len(names), len(names), len(directory), len(body), 0)
    path.write_bytes(body + directory + b"PK\x05\x06" + end)
    return path


def plain_zip(path: Path, files: dict[str, bytes]) -> Path:
    """An ordinary zip."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return path
