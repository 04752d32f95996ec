"""Names in zips that do not say how they are encoded, archives that are none, and bombs."""

from __future__ import annotations

import struct
import zipfile
import zlib

import pytest

from core.collect.source import Query, SourceOptions, open_source
from core.errors import SourceError
from core.settings import Settings
from tests.stand_in.server import picture_bytes

GIF = b"GIF89a" + bytes(60)


def packed(path, names: list[bytes], *, extra: bytes = b"", flags: int = 0):
    """A zip with names as they are, byte by byte: as old archivers write it."""
    body, directory = b"", b""
    for name in names:
        head = struct.pack("<HHHHHIIIHH", 20, flags, 0, 0, 0x21, zlib.crc32(GIF), len(GIF), len(GIF), len(name), 0)
        central = struct.pack("<HHHHHHIIIHHHHHII", 20, 20, flags, 0, 0, 0x21, zlib.crc32(GIF), len(GIF), len(GIF),
                              len(name), len(extra), 0, 0, 0, 0, len(body))  # fmt: skip
        directory += b"PK\x01\x02" + central + name + extra
        body += b"PK\x03\x04" + head + name + GIF
    end = struct.pack("<HHHHIIH", 0, 0, len(names), len(names), len(directory), len(body), 0)
    path.write_bytes(body + directory + b"PK\x05\x06" + end)
    return open_source("zip", SourceOptions(path=path))


@pytest.mark.parametrize(
    ("names", "page", "wanted"),
    [
        (["綾波レイ/0.png", "ソフィー/0.png", "初音ミク/0.png"], "cp932", ["ソフィー", "初音ミク", "綾波レイ"]),
        (["绫波丽/0.png", "初音未来/0.png"], "gbk", ["初音未来", "绫波丽"]),
        (["아스카/0.png"], "cp949", ["아스카"]),
        (["Zoë/0.png"], "cp437", ["Zoë"]),
        (["Zoë/0.png"], "cp1252", ["Zoë"]),
        (["カ\u3099カ\u3099/0.png", "Zoe\u0308/0.png"], "utf-8", ["Zoë", "ガガ"]),
        (["Rei\\0.png", "Asuka\\0.png"], "ascii", ["Asuka", "Rei"]),
        (["綾波\\表\\0.png", "綾波\\ソ\\0.png"], "cp932", ["ソ", "表"]),
        (["./Rei/0.png"], "ascii", ["Rei"]),
        (["Re:Zero/0.png", "12:30/0.png"], "ascii", ["12:30", "Re:Zero"]),
    ],
)
def test_names_come_out_right(tmp_path, names, page, wanted):
    source = packed(tmp_path / "a.zip", [name.encode(page) for name in names])
    assert source.characters() == wanted
    for name in wanted:
        (hit,) = source.search(Query(name))
        assert hit.load() == GIF


def test_a_name_that_the_zip_repeats_in_utf8_is_taken(tmp_path):
    raw = b"????/0.png"
    body = b"\x01" + struct.pack("<I", zlib.crc32(raw)) + "綾波レイ/0.png".encode()
    extra = struct.pack("<HH", 0x7075, len(body)) + body
    assert packed(tmp_path / "a.zip", [raw], extra=extra).characters() == ["綾波レイ"]


def test_the_systems_own_files_are_left_out(tmp_path):
    names = ["Rei/1.png", "Rei/@eaDir/1.png", "__MACOSX/Rei/._1.png", "#recycle/2.png", "Rei/Thumbs.db", ".git/x.png"]
    source = packed(tmp_path / "a.zip", [name.encode() for name in names])
    assert source.characters() == ["Rei"]
    assert [entry.path for entry in source.listing.entries] == ["Rei/1.png"]


@pytest.mark.parametrize(
    ("head", "words"),
    [
        (b"7z\xbc\xaf\x27\x1c\x00\x04", r"a\.zip is a 7z archive, not a zip\. Unpack it"),
        (b"Rar!\x1a\x07\x01\x00", r"is a RAR archive"),
        (b"\x1f\x8b\x08\x00", r"is a compressed archive"),
        (bytes(257) + b"ustar\x0000", r"is a tar archive"),
        (b"\x89PNG\r\n\x1a\n", r"is PNG, not a zip\. Give it as a picture"),
        (b"PK\x03\x04" + bytes(50), "cannot be opened as a zip"),
        (b"", "cannot be opened as a zip"),
    ],
)
def test_what_only_is_called_a_zip_is_named_with_what_to_do(tmp_path, head, words):
    (tmp_path / "a.zip").write_bytes(head)
    with pytest.raises(SourceError, match=words):
        open_source("zip", SourceOptions(path=tmp_path / "a.zip"))


def test_a_locked_zip_is_named(tmp_path):
    with pytest.raises(SourceError, match=r"locked with a password\. Unpack it with its password"):
        packed(tmp_path / "a.zip", [b"Rei/1.png"], flags=1)


def test_entries_that_lie_on_each_other_are_a_bomb(tmp_path):
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("Rei/1.png", GIF * 50)
    data = path.read_bytes()
    at = data.index(b"PK\x01\x02")
    entry, end = data[at : data.index(b"PK\x05\x06")], data[data.index(b"PK\x05\x06") :]
    end = end[:8] + struct.pack("<HHII", 3, 3, 3 * len(entry), at) + end[20:]
    path.write_bytes(data[:at] + entry * 3 + end)
    with pytest.raises(SourceError, match="overlap, as in a zip bomb"):
        open_source("zip", SourceOptions(path=path))


def zipped(path, entries):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    return path


def test_a_zip_gives_the_folder_in_it_even_with_one_around_all(tmp_path):
    plain = zipped(
        tmp_path / "a.zip", {"Rei/1.jpg": GIF, "Rei/2.jpg": GIF, "__MACOSX/Rei/1.jpg": GIF, "Asuka/3.jpg": GIF}
    )
    around = zipped(tmp_path / "b.zip", {"cast/Rei/1.jpg": GIF, "cast/Asuka/3.jpg": GIF})
    for path, names in ((plain, ["1.jpg", "2.jpg"]), (around, ["1.jpg"])):
        source = open_source("zip", SourceOptions(path=path))
        assert source.characters() == ["Asuka", "Rei"]
        assert [f.name for f in source.search(Query("Rei"))] == names
    assert next(iter(open_source("zip", SourceOptions(path=plain)).search(Query("Rei")))).load() == GIF


@pytest.mark.parametrize("name", ["../evil.jpg", "/etc/evil.jpg", "a/../../evil.jpg", "C:/evil.jpg", "..\\evil.jpg"])
def test_a_zip_with_a_path_that_leads_outside_is_refused(tmp_path, name):
    with pytest.raises(SourceError, match="which leads outside"):
        open_source("zip", SourceOptions(path=zipped(tmp_path / "a.zip", {name: GIF})))


def test_a_zip_bomb_and_a_damaged_entry_are_not_read(tmp_path):
    path = zipped(tmp_path / "a.zip", {"Rei/bomb.jpg": GIF + bytes(5_000_000), "Rei/fine.jpg": picture_bytes(1)})
    source = open_source("zip", SourceOptions(path=path))
    assert [(one.path, one.reason) for one in source.listing.left_out] == [
        ("Rei/bomb.jpg", "bomb.jpg is packed more than 200-fold, as no picture is.")
    ]
    (fine,) = source.search(Query("Rei"))
    assert fine.load() == picture_bytes(1)
    damaged = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as archive:
        entry = archive.getinfo("Rei/fine.jpg")
    end = entry.header_offset + entry.compress_size
    damaged[end - 500 : end - 400] = bytes(100)
    path.write_bytes(damaged)
    _, damage = open_source("zip", SourceOptions(path=path)).listing.left_out
    assert damage.reason.startswith("fine.jpg is damaged")


def test_what_is_no_zip_says_so(tmp_path):
    path = tmp_path / "a.zip"
    path.write_bytes(b"hello")
    with pytest.raises(SourceError, match=r"zip: a.zip is not a zip that can be opened|cannot be opened"):
        open_source("zip", SourceOptions(path=path))


def opened(path, most=100_000_000):
    """The hits of a zip by their names, in an app that reads pictures of so many bytes, and why others are left out."""
    source = open_source("zip", SourceOptions(path=path, settings=Settings(max_picture_bytes=most)))
    left_out = {one.path: one.reason for one in source.listing.left_out}
    return {hit.name: hit for hit in source.search(Query(""))}, left_out


def test_a_picture_may_have_as_many_bytes_as_the_settings_say(tmp_path):
    path = zipped(tmp_path / "a.zip", {"Rei/1.gif": GIF + bytes(34), "Rei/2.gif": GIF + bytes(35)})
    hits, left_out = opened(path, most=100)
    assert len(hits["1.gif"].load()) == 100
    assert left_out == {"Rei/2.gif": "2.gif unpacks to 101 bytes; at most 100 are read."}


def test_two_hundredfold_is_too_hard_only_above_a_megabyte(tmp_path):
    path = zipped(tmp_path / "a.zip", {f"Rei/{n}.gif": GIF + bytes(n - 66) for n in (1_000_000, 1_000_001)})
    hits, left_out = opened(path)
    assert len(hits["1000000.gif"].load()) == 1_000_000
    assert left_out == {"Rei/1000001.gif": "1000001.gif is packed more than 200-fold, as no picture is."}


def test_one_locked_entry_and_one_packed_by_an_unknown_method_are_named_and_the_others_read(tmp_path):
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name in ("1", "2", "3"):
            archive.writestr(f"Rei/{name}.gif", GIF)
    data = bytearray(path.read_bytes())
    for name, place, value in ((b"1", 0, 1), (b"2", 2, 99)):  # the flags, and behind them the method
        local, central = (data.index(b"Rei/" + name) - 30, data.rindex(b"Rei/" + name) - 46)
        data[local + 6 + place] = data[central + 8 + place] = value
    path.write_bytes(data)
    hits, _ = opened(path)
    assert [hit.load() for hit in hits.values() if hit.name == "3.gif"] == [GIF]
    told = {left.path: left.reason for left in open_source("zip", SourceOptions(path=path)).listing.left_out}
    assert "locked with a password" in told["Rei/1.gif"]
    assert "packed by a method that is not known" in told["Rei/2.gif"]


def test_too_many_entries_are_told_and_a_folder_that_is_not_there_with_those_that_are(tmp_path, monkeypatch):
    path = zipped(tmp_path / "a.zip", {"Rei/1.gif": GIF, "Asuka/1.gif": GIF})
    with pytest.raises(SourceError, match=r"zip: a\.zip has no folder for 'Misato'\. It has: Asuka, Rei"):
        list(open_source("zip", SourceOptions(path=path)).search(Query("Misato")))
    monkeypatch.setattr("core.imaging.archives.MOST_ENTRIES", 2)
    assert open_source("zip", SourceOptions(path=path)).characters() == ["Asuka", "Rei"]
    monkeypatch.setattr("core.imaging.archives.MOST_ENTRIES", 1)
    with pytest.raises(SourceError, match="holds 2 entries; at most 1 are read"):
        open_source("zip", SourceOptions(path=path))
