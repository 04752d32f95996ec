"""Data sets are written whole or not at all, and never where something lies already."""

from __future__ import annotations

import errno
import os
import shutil

import pytest

from core.datasets.outputs import Output, Plan, check_folder, copied, filled, text_file, write_folder
from core.datasets.records import DataSet
from core.errors import Cancelled, DataError

PLAN = Plan((text_file("a/b.txt", "Zoë"), text_file("c.txt", "12")), {"train": 2})


def contents(folder) -> dict[str, str]:
    return {p.relative_to(folder).as_posix(): p.read_text() for p in folder.rglob("*") if p.is_file()}


def test_all_files_are_written_and_the_size_is_theirs(tmp_path):
    out = write_folder(tmp_path / "new" / "set", PLAN)
    assert contents(out) == {"a/b.txt": "Zoë", "c.txt": "12"}
    assert PLAN.size == 6 == sum(p.stat().st_size for p in out.rglob("*.txt"))


def test_an_empty_folder_is_filled_and_a_full_one_refused(tmp_path):
    (tmp_path / "set").mkdir()
    write_folder(tmp_path / "set", PLAN)
    with pytest.raises(DataError, match="holds something already"):
        write_folder(tmp_path / "set", PLAN)
    (tmp_path / "file").write_text("x")
    with pytest.raises(DataError, match="holds something already"):
        check_folder(tmp_path / "file")


def test_a_folder_of_workspaces_is_refused(tmp_path):
    with pytest.raises(DataError, match="where workspaces lie"):
        check_folder(tmp_path / "data" / "w" / "faces", (tmp_path / "data",))
    check_folder(tmp_path / "data2", (tmp_path / "data",))


def test_what_is_stopped_leaves_nothing(tmp_path):
    def stop(progress):
        if progress.n == 1:
            raise Cancelled("stop")

    with pytest.raises(Cancelled):
        write_folder(tmp_path / "set", PLAN, stop)
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_export_left_is_removed_by_the_next(tmp_path):
    left = tmp_path / ".set.part-999999999"
    left.mkdir()
    (left / "half.jpg").write_text("x")
    other = tmp_path / ".set.part-notanumber"
    other.mkdir()
    write_folder(tmp_path / "set", PLAN)
    assert not left.exists()
    assert other.exists()


def test_an_empty_plan_is_a_sentence_and_missing_files_are_told():
    with pytest.raises(DataError, match=r"^w has no faces to export. Crop finds faces"):
        filled(Plan((), {}), DataSet("w", ()), "faces")
    (note,) = filled(PLAN, DataSet("w", (), ("a.jpg", "b.jpg", "c.jpg", "d.jpg")), "faces").notes
    assert note.startswith("4 files missing and left out: a.jpg, b.jpg, c.jpg ...")


def test_a_file_that_is_gone_and_a_place_that_cannot_be_written_are_told(tmp_path):
    with pytest.raises(DataError, match=r"gone\.jpg cannot be copied: .*`doctor` says what is missing"):
        copied("a.jpg", tmp_path / "gone.jpg")

    def full(path):
        raise OSError(28, "No space left on device")

    with pytest.raises(DataError, match=r"The disk is full: .*set could not be written"):
        write_folder(tmp_path / "set", Plan((Output("a", 1, full),), {"train": 1}))
    assert list(tmp_path.iterdir()) == [], "nothing of it is left"


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.EFBIG, "set could not be written: no file may be so large here"),
        (errno.ENOSPC, "The disk is full: .*set could not be written"),
        (errno.EIO, r"a\.jpg cannot be read: .*`doctor`"),
    ],
)
def test_a_copy_that_could_not_be_written_does_not_blame_the_file_it_was_read_from(
    tmp_path, monkeypatch, number, words
):
    source = tmp_path / "a.jpg"
    source.write_bytes(b"a")

    def copyfile(source, target):  # copying in the system names both files, the one that is read first
        raise OSError(number, os.strerror(number), str(source), None, str(target))

    monkeypatch.setattr(shutil, "copyfile", copyfile)
    with pytest.raises(DataError, match=words):
        write_folder(tmp_path / "set", Plan((copied("a.jpg", source),), {"train": 1}))
    assert list(tmp_path.iterdir()) == [source]


@pytest.mark.parametrize(
    ("missing", "words"),
    [(1, "1 file missing and left out: 0.jpg. "), (3, ": 0.jpg, 1.jpg, 2.jpg. "), (4, ", 2.jpg .... ")],
)
def test_three_missing_files_are_named(missing, words):
    data = DataSet("test", (), missing=tuple(f"{n}.jpg" for n in range(missing)))
    (note,) = filled(PLAN, data, "faces").notes
    assert words in note and note.endswith("`doctor` says more.")
