"""Files that are read, and folders that are walked, without being led astray."""

from __future__ import annotations

import inspect
import os
import sys

import pytest

from core.errors import DataError, PictureError
from core.imaging.files import check_out, files_in, read_head, read_regular


def test_a_file_up_to_the_limit_is_read_and_not_a_byte_more(tmp_path):
    path = tmp_path / "a.txt"
    path.write_bytes(b"12345")
    assert read_regular(path, limit=5) == b"12345"
    with pytest.raises(DataError, match="has 5 bytes; at most 4"):
        read_regular(path, limit=4)


@pytest.mark.parametrize("read", [lambda p: read_regular(p, limit=9), read_head])
def test_a_folder_and_a_missing_file_are_told(tmp_path, read):
    with pytest.raises((DataError, PictureError), match=r"folder|cannot be read"):
        read(tmp_path)
    with pytest.raises((DataError, PictureError), match="cannot be read"):
        read(tmp_path / "missing")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(DataError, match="a pipe"):
        read_regular(tmp_path / "pipe", limit=9)


def test_the_first_bytes(tmp_path):
    (tmp_path / "a").write_bytes(bytes(range(256)) * 4)
    assert len(read_head(tmp_path / "a")) == 512
    assert read_head(tmp_path / "a", 3) == b"\x00\x01\x02"


def test_a_folder_is_walked_by_name_without_system_files_and_linked_folders(tmp_path):
    for name in ("b/2.jpg", "a/1.jpg", "c.jpg", ".DS_Store", "__MACOSX/x.jpg"):
        (tmp_path / "in" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "in" / name).touch()
    (tmp_path / "in" / "round").symlink_to(tmp_path / "in", target_is_directory=True)
    (tmp_path / "in" / "z.jpg").symlink_to(tmp_path / "in" / "c.jpg")
    found = [path.relative_to(tmp_path / "in").as_posix() for path in files_in(tmp_path / "in")]
    assert found == ["a/1.jpg", "b/2.jpg", "c.jpg", "z.jpg"]
    with pytest.raises(DataError, match="cannot be read"):
        list(files_in(tmp_path / "missing"))


def test_a_result_s_place_is_checked_before_the_work(tmp_path):
    out = tmp_path / "new" / "map.html"
    assert check_out(out) == out and out.parent.is_dir()
    with pytest.raises(DataError, match="that is a folder"):
        check_out(tmp_path)
    (tmp_path / "file").touch()
    with pytest.raises(DataError, match="Name another"):
        check_out(tmp_path / "file" / "map.html")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_the_first_bytes_of_a_pipe_are_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(PictureError, match=r"pipe is a pipe, not a file"):
        read_head(tmp_path / "pipe")


def test_folders_are_walked_however_deep(tmp_path):
    deep = tmp_path.joinpath(*["d"] * 60)
    deep.mkdir(parents=True)
    (deep / "1.jpg").touch()
    before, frames = sys.getrecursionlimit(), len(inspect.stack(0))
    sys.setrecursionlimit(frames + 50)
    try:
        found = list(files_in(tmp_path))
    finally:
        sys.setrecursionlimit(before)
    assert found == [deep / "1.jpg"]
