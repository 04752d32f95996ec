"""Where uploads lie: by what is in them, under their own names."""

from __future__ import annotations

from itertools import count

import pytest
from streamlit.proto.Common_pb2 import FileURLs
from streamlit.runtime.uploaded_file_manager import UploadedFile, UploadedFileRec

from ui.common.uploads import folder_on_disk, on_disk

NUMBERS = count()


def upload(name: str, data: bytes) -> UploadedFile:
    """A file as Streamlit hands it over; each upload has an id of its own."""
    return UploadedFile(UploadedFileRec(f"id {next(NUMBERS)}", name, "", data), FileURLs())


def test_a_file_that_was_changed_and_kept_its_name_and_size_is_another_one(project):
    first = on_disk(project, upload("Heap.ZIP", b"old"))
    again = on_disk(project, upload("Heap.ZIP", b"new"))
    assert first.name == again.name == "Heap.zip"
    assert (first.read_bytes(), again.read_bytes()) == (b"old", b"new"), "a job may still read the first"
    assert on_disk(project, upload("Heap.ZIP", b"old")) == first


@pytest.mark.parametrize("second", [b"new", b"old"])
def test_a_folder_is_laid_out_once_for_the_same_files(project, second):
    names = ("cast/Rei/1.png", "cast/../../Asuka/2.png")
    first = folder_on_disk(project, [upload(name, b"old") for name in names])
    again = folder_on_disk(project, [upload(name, second) for name in names])
    assert (again == first) == (second == b"old")
    found = sorted(path.relative_to(again).as_posix() for path in again.rglob("*.png"))
    assert found == ["cast/Asuka/2.png", "cast/Rei/1.png"]
    assert {path.read_bytes() for path in again.rglob("*.png")} == {second}
