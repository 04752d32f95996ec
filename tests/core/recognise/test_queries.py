"""What is asked about: folders with all below them, zips, files; damaged ones are told, other files are not asked."""

from __future__ import annotations

import zipfile

import numpy as np
import pytest

from core.errors import PictureError
from core.imaging.reading import encode_jpeg
from core.recognise.queries import find_queries
from tests.conftest import noise


def test_a_folder_is_walked_and_only_pictures_are_asked_about(tmp_path):
    (tmp_path / "b").mkdir()
    for name in ("a.jpg", "b/c.jpg", "no ending"):
        (tmp_path / name).write_bytes(encode_jpeg(noise(1)))
    (tmp_path / "notes.txt").write_text("no picture")
    (tmp_path / "torn.png").write_bytes(b"")
    found = find_queries([tmp_path, tmp_path / "a.jpg"])
    assert [q.path.relative_to(tmp_path).as_posix() for q in found] == ["a.jpg", "b/c.jpg", "no ending", "torn.png"]
    with pytest.raises(PictureError, match="empty"):
        found[-1].read()
    assert [q.file_name for q in find_queries([tmp_path], outside=[tmp_path / "b"])] == [
        "a.jpg",
        "no ending",
        "torn.png",
    ]


def test_the_pictures_in_a_zip_are_read_without_unpacking(tmp_path):
    path = tmp_path / "some.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("below/b.jpg", encode_jpeg(np.full((16, 16, 3), 200, np.uint8)))
        archive.writestr("a.png", b"no picture")
        archive.writestr("__MACOSX/a.jpg", b"")
        archive.writestr("notes.txt", b"")
        archive.writestr("more.zip", b"PK\x03\x04")
    found = {q.file_name: q for q in find_queries([path])}
    assert list(found) == ["a.png", "b.jpg", "more.zip"]
    with pytest.raises(PictureError, match=r"is a zip, not a picture that can be read\. Import it by itself"):
        found["more.zip"].read()
    assert found["b.jpg"].name == f"{path}/below/b.jpg"
    assert found["b.jpg"].read().mean() == pytest.approx(200, abs=2)
    with pytest.raises(PictureError, match="not a picture"):
        found["a.png"].read()
    assert sorted(p.name for p in tmp_path.iterdir()) == ["some.zip"]


def test_what_is_not_read_is_told_in_a_folder_too(tmp_path):
    for name, head in (("a.jxl", b"\xff\x0a"), ("b.png", b"8BPS"), ("c", b"7z\xbc\xaf\x27\x1c"), ("d.txt", b"hello")):
        (tmp_path / name).write_bytes(head + bytes(90))
    told = {}
    for query in find_queries([tmp_path]):
        with pytest.raises(PictureError) as refused:
            query.read()
        told[query.file_name] = str(refused.value)
    assert list(told) == ["a.jxl", "b.png", "c"]
    assert "djxl" in told["a.jxl"] and "Export it as PNG" in told["b.png"] and "Unpack it" in told["c"]


def test_nothing_to_ask_about_is_said(tmp_path):
    with pytest.raises(PictureError, match="no picture"):
        find_queries([tmp_path])
    with pytest.raises(PictureError, match="does not exist"):
        find_queries([tmp_path / "gone"])
    (tmp_path / "a.zip").write_bytes(b"PK\x03\x04 torn")
    with pytest.raises(PictureError, match="zip"):
        find_queries([tmp_path / "a.zip"])


@pytest.fixture
def packed(tmp_path):
    """Make a zip of one picture's bytes; reading it as a query."""

    def pack(data, how=zipfile.ZIP_STORED, locked=False):
        path = tmp_path / "a.zip"
        with zipfile.ZipFile(path, "w", how) as archive:
            archive.writestr("a.png", data)
        raw = bytearray(path.read_bytes())
        raw[6] |= locked  # the flag of a password, beside the bytes and in the directory
        raw[raw.index(b"PK\x01\x02") + 8] |= locked
        path.write_bytes(raw)
        (query,) = find_queries([path])
        return query.data()

    return pack


@pytest.mark.parametrize(
    ("data", "how", "locked", "words"),
    [
        (b"abc", zipfile.ZIP_STORED, True, "a.zip is a zip that is locked with a password"),
        (b"", zipfile.ZIP_STORED, False, "a.png is empty"),
        (b"x" * 3001, zipfile.ZIP_STORED, False, "a.png unpacks to 3,001 bytes; at most 3,000 are read"),
    ],
)
def test_what_cannot_be_read_from_a_zip_is_told(packed, monkeypatch, data, how, locked, words):
    monkeypatch.setenv("WHOAMI_MAX_PICTURE_BYTES", "3000")
    with pytest.raises(PictureError, match=words):
        packed(data, how, locked)
    assert packed(b"x" * 3000) == b"x" * 3000


def test_a_file_that_was_packed_two_hundredfold_is_a_bomb_only_above_a_megabyte(packed):
    assert len(packed(b"x" * 1_000_000, zipfile.ZIP_DEFLATED)) == 1_000_000
    with pytest.raises(PictureError, match=r"a\.png is packed more than 200-fold"):
        packed(b"x" * 1_000_001, zipfile.ZIP_DEFLATED)
    assert len(packed(b"x" * 1_000_001)) == 1_000_001


def test_a_zip_of_a_japanese_system_is_asked_about_by_its_names_and_by_what_its_files_are(tmp_path):
    path = tmp_path / "some.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("xxxxxxxx.jpg", encode_jpeg(noise(1)))
        archive.writestr("yyyyyyyy", encode_jpeg(noise(2)))
        archive.writestr("notes", b"no picture")
    data = path.read_bytes()
    for stand_in, name in ((b"xxxxxxxx", "綾波レイ"), (b"yyyyyyyy", "初音ミク")):
        data = data.replace(stand_in, name.encode("cp932"))
    path.write_bytes(data)
    found = find_queries([path])
    assert [q.name for q in found] == [f"{path}/初音ミク", f"{path}/綾波レイ.jpg"]
    assert [q.file_name for q in found] == ["初音ミク", "綾波レイ.jpg"]
    assert found[0].read().shape == noise(2).shape
