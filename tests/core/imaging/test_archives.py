"""A zip gives the same pictures, or the same sentence, at every door: imported, asked about, or dropped on a page."""

from __future__ import annotations

import io
import struct
import zipfile
from pathlib import Path

import pytest

from core.collect.importing import preview_import
from core.errors import PictureError, SourceError
from core.imaging.archives import is_zip, open_zip
from core.recognise.queries import find_queries, unpacked
from tests.inputs.case import png

PNG = png()


def zipped(files: dict[str, bytes], comment: bytes = b"", **how: bool) -> bytes:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.comment = comment
        for name, data in files.items():
            with archive.open(name, "w", **how) as file:
                file.write(data)
    return sink.getvalue()


def locked(data: bytes, entry: int) -> bytes:
    """The same with the flag of a password on an entry."""
    raw, local, central = bytearray(data), -1, -1
    for _ in range(entry):
        local, central = raw.index(b"PK\x03\x04", local + 1), raw.index(b"PK\x01\x02", central + 1)
    raw[local + 6] |= 1
    raw[central + 8] |= 1
    return bytes(raw)


def overlapping() -> bytes:
    data = zipped({"Rei/1.png": bytes(range(256)) * 40})
    at, stop = data.index(b"PK\x01\x02"), data.index(b"PK\x05\x06")
    end = data[stop : stop + 8] + struct.pack("<HHII", 9, 9, 9 * (stop - at), at) + data[stop + 20 :]
    return data[:at] + data[at:stop] * 9 + end


TWO = {"Rei/1.png": PNG, "Asuka/2.png": png(1)}
BOTH = ["Asuka/2.png", "Rei/1.png"]
READ = {
    "plain": (zipped(TWO), BOTH),
    "behind a program": (b"MZ" + bytes(5000) + zipped(TWO), BOTH),
    "behind a script": (b"#!/bin/sh\nexit\n" + zipped(TWO), BOTH),
    "with bytes behind it": (zipped(TWO) + bytes(3000), BOTH),
    "with a comment": (zipped(TWO, b"PK\x03\x04 made by somebody"), BOTH),
    "zip64": (zipped(TWO, force_zip64=True), BOTH),
    "one entry locked": (locked(zipped(TWO), 1), BOTH),
    "a name twice": (
        zipped({"Rei/1.png": PNG, "Rei/2.png": png(1)}).replace(b"Rei/2", b"Rei/1"),
        ["Rei/1.png", "Rei/1.png"],
    ),
    "system files": (zipped({**TWO, "__MACOSX/Rei/._1.png": PNG, "Rei/Thumbs.db": b"x"}), BOTH),
}
REFUSED = {
    "a path that leaves": (zipped({"../Rei/1.png": PNG}), "holds the path '../Rei/1.png', which leads outside"),
    "an absolute path": (zipped({"/Rei/1.png": PNG}), "leads outside"),
    "locked": (locked(zipped({"Rei/1.png": PNG}), 1), "locked with a password. Unpack it"),
    "overlapping": (overlapping(), "overlap, as in a zip bomb"),
    "torn": (zipped(TWO)[:-30], "cannot be opened as a zip"),
    "empty": (zipped({}), "no picture"),
    "text": (zipped({"Rei/a.txt": b"hello"}), "no picture"),
}


@pytest.fixture
def doors(tmp_path):
    """What comes of a zip at each door: sorted pictures, or why there are none."""

    def through(data: bytes) -> list[list[str] | str]:
        path = tmp_path / "given.zip"
        path.write_bytes(data)
        assert is_zip(path) and is_zip(data)

        def imported() -> list[str]:
            found = preview_import(path)
            told = [one.path for one in found.left_out]
            return [f"{name}/{n}" for name, n in found.characters.items()] + told

        def asked() -> list[str]:
            return [query.name.removeprefix(f"{path}/") for query in find_queries([path])]

        def dropped() -> list[str]:
            return [name for name, _ in unpacked("given.zip", data)]

        results: list[list[str] | str] = []
        for door in (imported, asked, dropped):
            try:
                results.append(sorted(door()))
            except (PictureError, SourceError) as error:
                results.append(str(error))
        return results

    return through


@pytest.mark.parametrize("kind", READ)
def test_what_can_be_read_is_read_at_every_door(kind, doors):
    data, paths = READ[kind]
    assert [file.path for file in open_zip(data) if file.path.endswith("png")] == paths
    imported, asked, dropped = doors(data)
    assert len(asked) == len(dropped) == len(paths)
    assert [name.removesuffix(" (2)") for name in asked] == paths
    assert dropped == sorted(Path(path).name for path in paths)
    assert not isinstance(imported, str) and {name.split("/")[0] for name in imported} == {
        p.split("/")[0] for p in paths
    }


@pytest.mark.parametrize("kind", REFUSED)
def test_what_is_refused_is_refused_in_the_same_words_at_every_door(kind, doors):
    data, words = REFUSED[kind]
    for said in doors(data):
        assert words in said


def test_two_files_of_one_name_are_both_read(tmp_path):
    path = tmp_path / "a.zip"
    path.write_bytes(READ["a name twice"][0])
    one, two = find_queries([path])
    assert (one.data(), two.data()) == (PNG, png(1))


def test_why_a_picture_in_a_dropped_zip_cannot_be_had_is_said_of_each(tmp_path):
    found = dict(unpacked("a.zip", locked(zipped({"1.png": PNG, "2.png": PNG, "3.png": b""}), 1)))
    assert "1.png is locked with a password" in str(found["1.png"])
    assert found["2.png"] == PNG
    assert "3.png is empty" in str(found["3.png"])


def test_what_is_no_zip_is_given_as_it_is():
    for data in (PNG, PNG + zipped(TWO), b"", b"hello", b"7z\xbc\xaf\x27\x1c" + bytes(90)):
        assert not is_zip(data)
        assert list(unpacked("x", data)) == [("x", data)]
