"""A file is written whole or stays what it was."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from core.atomic import flush_folder, write_bytes, write_json, write_text, write_with


def test_the_folder_is_made_and_nothing_lies_beside_the_file(tmp_path):
    path = write_text(tmp_path / "new" / "deep" / "a.txt", "綾")
    assert write_text(path, "綾波") == path
    assert path.read_bytes() == "綾波".encode()
    assert [p.name for p in path.parent.iterdir()] == ["a.txt"]


def test_a_writer_that_fails_leaves_the_old_file_and_no_other(tmp_path):
    path = write_bytes(tmp_path / "a.bin", b"old")

    def fail(temporary):
        temporary.write_bytes(b"half of the n")
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space") as error:
        write_with(path, fail)
    assert error.value.filename == str(path), "a person knows this name"
    assert path.read_bytes() == b"old"
    assert [p.name for p in tmp_path.iterdir()] == ["a.bin"]


def test_the_writer_gets_a_file_beside_the_target_with_its_suffix(tmp_path):
    """Renaming is whole only within one file system, and image writers choose the format by the suffix."""
    seen = []
    write_with(tmp_path / "a.jpg", lambda temporary: seen.append((temporary.parent, temporary.suffix)))
    assert seen == [(tmp_path, ".jpg")]


def test_a_drive_without_rights_is_written_to(tmp_path, monkeypatch):
    """FAT refuses any mode but its own."""

    def refuse(*_, **__):
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(Path, "chmod", refuse)
    assert write_text(tmp_path / "a.txt", "a").read_text() == "a"


def test_what_was_written_may_be_read_by_others(tmp_path):
    """A temporary file is private; a picture in a shared folder must not be."""
    assert write_bytes(tmp_path / "a", b"").stat().st_mode & 0o777 == 0o644


def test_json_is_readable_by_a_person(tmp_path):
    path = write_json(tmp_path / "a.json", {"name": "レイ", "faces": [1, 2]})
    assert json.loads(path.read_text(encoding="utf-8")) == {"name": "レイ", "faces": [1, 2]}
    assert '  "name": "レイ",' in path.read_text(encoding="utf-8").splitlines()
    assert path.read_text(encoding="utf-8").endswith("}\n")


def test_a_folder_reaches_the_disk_and_is_given_back_and_one_that_cannot_is_passed_over(tmp_path, monkeypatch):
    flushed = []
    monkeypatch.setattr("core.atomic.os.fsync", flushed.append)
    for _ in range(2):
        flush_folder(tmp_path)
    assert len(flushed) == 2
    assert flushed[0] == flushed[1], "the handle of the first is free again"
    flush_folder(tmp_path / "nothing")
    assert len(flushed) == 2
